"""The oracle: what a `Level` means, said once more in plain Python over lists of rows.

It shares the forms with the engines and nothing else: no text is printed, no index kept, no page cut short before all
of it was seen. Slow, and meant to be read.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any as Anything

from graph.claim import Claim, Entity, Timed, claim_document, entity_document
from graph.ontology import ONTOLOGY
from graph.ontology.types import FACT
from graph.plan import Answer, Bucket, Case, Different, Every, Ids, Level, Matching, Of, Order, Page, Row, Tally
from graph.plan import Owner as OwnerId
from graph.predicate import All, Any, At, Cmp, Has, In, Not, Owner, Predicate, Present, Some
from graph.stores.columns import claim_row, entity_row

TESTS: dict[str, Callable[[Anything, Anything], bool]] = {
    "eq": lambda has, value: has == value,
    "gt": lambda has, value: has > value,
    "gte": lambda has, value: has >= value,
    "lt": lambda has, value: has < value,
    "lte": lambda has, value: has <= value,
    "contains": lambda has, value: value in has,
    "startsWith": lambda has, value: has.startswith(value),
}


class Oracle:
    """Everything that was loaded. `rows` by id, with the cells of `columns`; `fillers` by claim id."""

    def __init__(self, entities: Iterable[Entity], claims: Iterable[tuple[Claim, Timed]]) -> None:
        self.entities = {entity.id: entity for entity in entities}
        self.claims = {claim.id: (claim, timed) for claim, timed in claims}
        self.rows: dict[str, dict[str, Anything]] = {}
        self.rows |= {id: dict(entity_row(entity)) for id, entity in self.entities.items()}
        self.rows |= {id: dict(claim_row(claim, timed)) for id, (claim, timed) in self.claims.items()}
        self.fillers = {id: claim.fillers() for id, (claim, _) in self.claims.items()}
        self._touching: dict[str, list[str]] = {}
        for id, slots in self.fillers.items():
            for node in {node for ids in slots.values() for node in ids}:
                self._touching.setdefault(node, []).append(id)

    # ---- the four reads ---------------------------------------------------------------------------------------------

    def read(self, level: Level) -> Answer:
        pages = {owner: self._page(level, owner, ids) for owner, ids in self._ranges(level).items()}
        pages = {owner: page for owner, page in pages.items() if page.rows}
        shown = {} if level.skeleton else {row.id for page in pages.values() for row in page.rows}
        filling = {node for id in shown for slot in level.fill for node in self.fillers[id].get(slot, ())}
        return Answer(pages, {node: self.document(node) for node in filling})

    def count(self, level: Level, cases: Sequence[Case]) -> Mapping[OwnerId, tuple[int, ...]]:
        counts = {}
        for owner, ids in self._ranges(level).items():
            found = [id for id in ids if self.holds(level.where, id, owner)]
            if found:
                counts[owner] = tuple(self._number(case, found, owner) for case in cases)
        return counts

    def _number(self, case: Case, ids: list[str], owner: OwnerId) -> int:
        if isinstance(case, Different):
            return len({self.rows[id][case.column] for id in ids if self.holds(case.where, id, owner)})
        return sum(self.holds(case, id, owner) for id in ids)

    def tally(self, level: Level, tally: Tally) -> dict[OwnerId, tuple[Bucket, ...]]:
        found = {}
        for owner, ids in self._ranges(level).items():
            counted: dict[str | None, set[str]] = {}
            for id in ids:
                if self.holds(level.where, id, owner):
                    for value in self._values(id, tally, owner):
                        counted.setdefault(value, set()).update(self._counted(id, tally, owner))
            buckets = [(value, len(things)) for value, things in counted.items()]
            if buckets:
                buckets.sort(key=lambda each: (-each[1], each[0] is None, each[0]))
                found[owner] = tuple(buckets[: tally.first])
        return found

    def _values(self, id: str, tally: Tally, owner: OwnerId) -> list[str | None]:
        if tally.nodes:
            return [*self._nodes(id, tally.by, tally, owner)] or [None]
        value = self.rows[id].get(tally.by)
        return (value or [None]) if isinstance(value, list) else [value]

    def _counted(self, id: str, tally: Tally, owner: OwnerId) -> Iterable[str]:
        if tally.distinct is None:
            return [id]
        return [self.rows[id]["fact"]] if tally.distinct == FACT else self._nodes(id, tally.distinct, tally, owner)

    def _nodes(self, id: str, slot: str, tally: Tally, owner: OwnerId) -> list[str]:
        return [n for n in self.fillers[id].get(slot, ()) if not (slot == tally.but_owner and n == owner)]

    # ---- a level ----------------------------------------------------------------------------------------------------

    def _ranges(self, level: Level) -> dict[OwnerId, list[str]]:
        table = self.claims if level.of == "claim" else self.entities
        match level.start:
            case Every(label):
                return {None: [id for id in table if label in self.labels(id)]}
            case Ids(ids):
                return {None: [id for id in table if id in ids]}
            case Matching(texts, label):
                words = {id: {*self.rows[id]["tokens"].split(" ")} for id in table if label in self.labels(id)}
                held = ([id for id, has in words.items() if all(has & {*group} for group in text)] for text in texts)
                return {str(place): ids for place, ids in enumerate(held)}
            case Of(ids, relation, slot):
                return {owner: self.standing(owner, relation, slot) for owner in ids}

    def _page(self, level: Level, owner: OwnerId, ids: list[str]) -> Page:
        key, down = level.order.key, level.order is Order.NAME_DESC
        falling = down != level.backward
        held = [id for id in ids if self.holds(level.where, id, owner)]
        ordered = sorted(held, key=lambda id: self.rows[id][key], reverse=falling)
        if level.after is not None:
            beyond = TESTS["lt" if falling else "gt"]
            ordered = [id for id in ordered if beyond(self.rows[id][key], level.after)]
        kept = ordered if level.limit is None else ordered[: level.limit]
        more = len(kept) < len(ordered)
        return Page(tuple(self._row(level, owner, id) for id in (reversed(kept) if level.backward else kept)), more)

    def _row(self, level: Level, owner: OwnerId, id: str) -> Row:
        marks = tuple(self.holds(mark, id, owner) for mark in level.marks)
        key = self.rows[id][level.order.key]
        if not level.skeleton:
            return Row(id, key, self.document(id), marks=marks)
        if level.of == "entity":
            return Row(id, key, marks=marks)
        slots = {slot: self.fillers[id][slot] for slot in level.fill if slot in self.fillers[id]}
        return Row(id, key, None, self.claims[id][1].bounds if level.dated else None, slots, marks)

    # ---- the nine forms ---------------------------------------------------------------------------------------------

    def holds(self, item: Predicate, id: str, owner: OwnerId = None) -> bool:
        row = self.rows[id]
        match item:
            case Cmp(column, op, value):
                has, wanted = row.get(column), owner if isinstance(value, Owner) else value
                return has is not None and wanted is not None and TESTS[op](has, wanted)
            case In(column, values):
                return row.get(column) is not None and row[column] in values
            case Has(column, tests):
                return any(all(TESTS[op](has, value) for op, value in tests) for has in row.get(column) or ())
            case Present(column):
                return row.get(column) is not None and row[column] != []
            case All(items):
                return all(self.holds(each, id, owner) for each in items)
            case Any(items):
                return any(self.holds(each, id, owner) for each in items)
            case Not(inner):
                return not self.holds(inner, id, owner)
            case At(slot, where, of):
                table = self.entities if of == "entity" else self.claims
                return any(node in table and self.holds(where, node, owner) for node in self.fillers[id].get(slot, ()))
            case Some(relation, slot, where, n, distinct):
                found = [claim for claim in self.standing(id, relation, slot) if self.holds(where, claim, owner)]
                if distinct is None:
                    return len(found) >= n
                if distinct == FACT:
                    return len({self.rows[claim]["fact"] for claim in found}) >= n
                nodes = {node for claim in found for node in self.fillers[claim].get(distinct, ())}
                return len(nodes - ({id} if distinct == slot else set())) >= n
        raise AssertionError(f"no form that is printed: {item}")

    # ---- what stands where ------------------------------------------------------------------------------------------

    def standing(self, node: str, relation: str, slot: str) -> list[str]:
        """The claims of a relation (`*`: of any) in whose slot (ENDS, ROLES: any end, any role) the node stands;
        those that tell a fact."""
        if slot == FACT:
            return [id for id in self.claims if self.rows[id]["fact"] == node]
        return [
            id
            for id in self._touching.get(node, ())
            if relation in ("*", self.claims[id][0].relation)
            and any(node in self.fillers[id].get(name, ()) for name in self._slots(id, relation, slot))
        ]

    def _slots(self, id: str, relation: str, slot: str) -> tuple[str, ...]:
        if relation == "*" and slot == "ENDS":
            return tuple(end.name for end in ONTOLOGY.relation[self.claims[id][0].relation].ends)
        return tuple(role.name for role in ONTOLOGY.roles) if relation == "*" and slot == "ROLES" else (slot,)

    def labels(self, id: str) -> tuple[str, ...]:
        if id in self.claims:
            return (self.claims[id][0].relation, "Claim")
        kind = ONTOLOGY.kind[self.entities[id].kind]
        return (kind.name, kind.family, "Entity")

    def document(self, id: str) -> dict[str, Anything]:
        """As it is read back from JSON: with lists, not tuples."""
        made = entity_document(self.entities[id]) if id in self.entities else claim_document(*self.claims[id])
        read: dict[str, Anything] = json.loads(json.dumps(made))
        return read
