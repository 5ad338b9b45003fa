"""Predicates → Cypher. What is written is decided by shape alone; every value is a parameter.

Strictly two-valued: a comparison that Cypher would call null (an absent value) is false, so that NOT turns it
round. That guard, a `coalesce`, also keeps the planner from starting in the middle of a filter. One hop per EXISTS:
a Cypher pattern walks no relationship twice, and would call a self-loop false where it holds.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from graph.ontology import ONTOLOGY
from graph.ontology.types import CLAIM, ENTITY, FACT
from graph.predicate import ALWAYS, NEVER, Any, At, Cmp, Has, In, Owner, Predicate, Present, Printer, Some, Value
from graph.stores.columns import FACT_COLUMN
from graph.stores.neo4j.connection import bindable
from graph.stores.neo4j.layout import page_type

OWNER: Final = "owner"
"""The variable that holds the id of the node under which a page is read."""

_OPERATORS: Final = {
    "eq": "=",
    "gt": ">",
    "gte": ">=",
    "lt": "<",
    "lte": "<=",
    "contains": "CONTAINS",
    "startsWith": "STARTS WITH",
}


class CypherPrinter(Printer):
    """Prints conditions on a variable that is a node; `parameters` holds what they refer to."""

    def parameter(self, value: object) -> str:
        return f"${super().parameter(bindable(value))}"

    def text(self, item: Predicate, row: str) -> str:
        if item in (ALWAYS, NEVER):  # a planner that knows the value folds the whole condition, and its index with it
            return self.parameter(item == ALWAYS)
        return super().text(Any(tuple(_merged(item.items))) if isinstance(item, Any) else item, row)

    def leaf(self, item: Predicate, row: str) -> str:
        match item:
            case Cmp(column, op, value):
                return f"coalesce({self._test(f'{row}.{column}', op, value)}, false)"
            case In(column, values):
                return f"coalesce({row}.{column} IN {self.parameter(list(values))}, false)"
            case Has(column, tests):
                element = self.variable()
                found = " AND ".join(self._test(element, op, value) for op, value in tests)
                return f"any({element} IN coalesce({row}.{column}, []) WHERE {found})"
            case Present(column):  # a list without elements is not stored
                return f"{row}.{column} IS NOT NULL"
            case At():
                return self._at(item, row)
            case Some():
                return self._some(item, row)
        raise AssertionError(f"no form that is printed: {item}")

    def _test(self, left: str, op: str, value: Value | Owner) -> str:
        return f"{left} {_OPERATORS[op]} {OWNER if isinstance(value, Owner) else self.parameter(value)}"

    def _at(self, item: At, row: str) -> str:
        filler = self.variable()
        label = CLAIM if item.of == "claim" else ENTITY
        return f"EXISTS {{ MATCH ({row})-[:{item.slot}]->({filler}:{label}){self.where(item.where, filler)} }}"

    def _some(self, item: Some, row: str) -> str:
        claim, way = self.variable(), self.variable()
        found = f"{self.page(item.relation, item.slot, claim, way, f'{row}.id', 'k')} > ''"
        if item.where != ALWAYS:
            found += f" AND {self.text(item.where, claim)}"
        counted = claim
        if item.distinct == FACT:
            counted = self.variable()
            found += f" WITH {claim}.{FACT_COLUMN} AS {counted}"
        elif item.distinct is not None:
            counted = self.variable()
            other = f" WHERE {counted} <> {row}" if _symmetric(item) else ""
            found += f" MATCH ({claim})-[:{item.distinct}]->({counted}){other}"
        if item.n > 1:
            distinct = "DISTINCT " if item.distinct is not None else ""
            found += f" WITH {distinct}{counted} SKIP {self.parameter(item.n - 1)} RETURN {counted}"
        return f"EXISTS {{ {found} }}"

    def page(self, relation: str, slot: str, claim: str, way: str, node: str, key: str) -> str:
        """The claims on a page of the node whose id is `node`, by index, ending in the key: what follows must bound
        it, or the index does not serve. In order when ordered by all three: n, relation, key."""
        kind = page_type(relation, slot)
        return (
            f"MATCH ({claim})-[{way}:{kind}]->() USING INDEX SEEK {way}:{kind}(n, relation, {key}) "
            f"WHERE {way}.n = {node} AND {way}.relation = {self.parameter(relation)} AND {way}.{key}"
        )

    def where(self, item: Predicate, row: str) -> str:
        """A WHERE clause, empty where everything is let in."""
        return "" if item == ALWAYS else f" WHERE {self.text(item, row)}"


def _merged(items: Iterable[Predicate]) -> Iterator[Predicate]:
    """The same disjunction, with one list for each column that is compared with values: planning takes time by the
    condition."""
    values: dict[str, list[Value]] = {}
    for item in items:
        match item:
            case Cmp(column, "eq", value) if not isinstance(value, Owner):
                values.setdefault(column, []).append(value)
            case In(column, several):
                values.setdefault(column, []).extend(several)
            case _:
                yield item
    yield from (In(column, tuple(several)) for column, several in values.items())


def _symmetric(item: Some) -> bool:
    """Whether what is counted is the other end of a symmetric relation, where the node does not count itself."""
    relation = ONTOLOGY.relation.get(item.relation)
    return item.distinct == item.slot and relation is not None and relation.symmetric
