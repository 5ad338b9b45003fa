"""Everything that must be looked up before a plan is read: survivors of merged ids, dates of nodes, roll-ups, and
where to start.

`bind` is a generator: it yields what it asks of the store, a round at a time, and returns the tree of levels to read.
What it replaces stays in `where` as well, so that an answer cannot depend on the choice of a start."""

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from graph.dates import UNDATED, Bounds
from graph.errors import BadFilter, CostExceeded
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, ENDS, FACT, TERM, Relation, is_claim_id
from graph.plan import Answer, Case, Different, Every, Hop, Ids, Level, Of, Plan, Start, Table, Themselves, Under
from graph.predicate import (
    ALWAYS,
    All,
    Any,
    At,
    Cmp,
    During,
    In,
    Match,
    Not,
    Predicate,
    Some,
    Within,
    conjunction,
    disjunction,
    negation,
)
from graph.reading import Reading, forms, is_dated, left_out, lowered
from graph.store import Release
from graph.stores.columns import FACT_COLUMN

MOST_PINNED: Final = 10_000
"""Ids to which a start is narrowed; sorting them costs 87 ms at the limit, and above it the order walk finds rows
soon."""
MOST_WITHIN: Final = 10_000
"""Nodes in one roll-up."""

Reads = list[Level]
Asking = Generator[Reads, Sequence[Answer], "Bound"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A plan made ready: `level` lacks only owners and page (a nested one has no ids yet). `cases`: what is counted,
    totalCount first, then factCount, of the rows that satisfy `counting`. `where` is the meaning, bound; `pins` the ids
    that its top level names; `chains` the roll-ups' ways."""

    plan: Plan
    level: Level
    counting: Predicate
    cases: tuple[Case, ...]
    hops: tuple[tuple[Hop, "Bound"], ...]
    where: Predicate
    reading: Reading
    pins: tuple[str, ...] = ()
    chains: Mapping[str, tuple[str, ...]] | None = None


@dataclass(slots=True)
class _Found:
    """What the look-ups of one question brought: dates of nodes, and for each roll-up its nodes with the claims that
    lead there."""

    dates: dict[str, tuple[Bounds, ...]]
    roll_ups: dict[Within, dict[str, tuple[str, ...]]]


def bind(plan: Plan, reading: Reading, release: Release, *, anchored: bool = True) -> Asking:
    """The plan with everything looked up. Raises BadFilter for a node without a time, CostExceeded for a roll-up too
    wide."""
    if isinstance(plan.start, Ids) and plan.where == ALWAYS and not (plan.hops or reading.as_of or reading.sources):
        return _bound(plan, reading, _Found({}, {}))  # what is asked by id is answered always: nothing is to be known
    survivors = release.redirects
    if survivors:
        reading = replace(
            reading,
            sources=tuple(survivors.get(id, id) for id in reading.sources),
            as_of=_surviving(reading.as_of, survivors) if reading.as_of else None,  # type: ignore[arg-type]
        )
        plan = _mapped(plan, lambda item: _surviving(item, survivors))
    asked = list(_everything(plan)) + ([reading.as_of] if reading.as_of else [])
    found = _Found({}, {})
    nodes = tuple(dict.fromkeys(item.node for item in asked if isinstance(item, During) and item.node))
    if nodes:
        found.dates = yield from _dates(nodes, replace(reading, as_of=None))
    if reading.as_of:
        reading = replace(reading, as_of=_settled(reading.as_of, found))  # type: ignore[arg-type]
    for item in dict.fromkeys(asked):
        if isinstance(item, Within):
            found.roll_ups[item] = yield from _roll_up(item, reading)
    if found.dates or found.roll_ups:
        plan = _mapped(plan, lambda item: _settled(item, found))
    bound = _bound(plan, reading, found)
    return (yield from _anchored(bound)) if anchored and isinstance(plan.start, Every) else bound


def _everything(plan: Plan) -> Iterable[Predicate]:
    yield from forms(plan.where)
    for hop in plan.hops:
        yield from _everything(hop.plan)


def _mapped(plan: Plan, leaf: Callable[[Predicate], Predicate]) -> Plan:
    hops = tuple(replace(hop, plan=_mapped(hop.plan, leaf)) for hop in plan.hops)
    return replace(plan, where=_rebuilt(plan.where, leaf), hops=hops)


def _rebuilt(item: Predicate, leaf: Callable[[Predicate], Predicate]) -> Predicate:
    match item:
        case Not(inner):
            return negation(_rebuilt(inner, leaf))
        case All(items):
            return conjunction(_rebuilt(each, leaf) for each in items)
        case Any(items):
            return disjunction(_rebuilt(each, leaf) for each in items)
        case At() | Some():
            return replace(item, where=_rebuilt(item.where, leaf))
    return leaf(item)


def _surviving(item: Predicate, survivors: Mapping[str, str]) -> Predicate:
    """A merged id means its survivor, wherever a filter names it."""
    match item:
        case Cmp("id", op, value) if isinstance(value, str) and value in survivors:
            return Cmp("id", op, survivors[value])
        case In("id", values):
            return In("id", tuple(survivors.get(str(value), value) for value in values))
        case During(node=str() as node) if node in survivors:
            return replace(item, node=survivors[node])
        case Within(ids=ids):
            return replace(item, ids=tuple(survivors.get(id, id) for id in ids))
    return item


def _settled(item: Predicate, found: _Found) -> Predicate:
    match item:
        case During(asked=(), node=node) if node is not None:
            return replace(item, asked=found.dates[node])
        case Within():
            return In("id", tuple(sorted(found.roll_ups[item])))
    return item


# Dates of nodes


def _dates(
    nodes: tuple[str, ...], reading: Reading
) -> Generator[Reads, Sequence[Answer], dict[str, tuple[Bounds, ...]]]:
    """The time of each claim, and of each entity that of the claims of which it is an end and which take part: all
    different ones."""
    claims = tuple(id for id in nodes if is_claim_id(id))
    entities = tuple(id for id in nodes if not is_claim_id(id))
    part = lowered(ALWAYS, reading, "claim")
    levels = [Level("claim", Ids(claims), skeleton=True, dated=True)] if claims else []
    if entities:
        levels.append(Level("claim", Of(entities, ALL, ENDS), part, limit=MOST_DATES, skeleton=True, dated=True))
    answers = yield levels
    times: dict[str, dict[Bounds, None]] = {id: {} for id in nodes}
    for level, answer in zip(levels, answers, strict=True):
        for owner, page in answer.pages.items():
            for row in page.rows:
                assert row.bounds is not None, "a dated skeleton has bounds"
                if row.bounds != UNDATED:
                    times[row.id if isinstance(level.start, Ids) else str(owner)][row.bounds] = None
    for id, bounds in times.items():
        if not bounds:
            raise BadFilter(
                f"{id} has no time of its own: give the id of a dated claim, of a node with dated claims, or a date"
            )
    return {id: tuple(bounds) for id, bounds in times.items()}


MOST_DATES: Final = 100
"""Claims under a node that are asked for its time."""


# Roll-ups


def _roll_up(item: Within, reading: Reading) -> Generator[Reads, Sequence[Answer], dict[str, tuple[str, ...]]]:
    """The nodes at and below the given ones, each with the claims on the shortest way up: one read a step and
    relation."""
    relations = tuple(ONTOLOGY.relation[name] for name in item.via)
    part = lowered(ALWAYS, reading, "claim")
    chains: dict[str, tuple[str, ...]] = dict.fromkeys(item.ids, ())
    frontier = tuple(chains)
    for _ in range(item.depth):
        if not frontier:
            break
        levels = [
            Level("claim", Of(frontier, r.name, r.ends[1].name), part, skeleton=True, fill=(r.ends[0].name,))
            for r in relations
        ]
        terms = tuple(id for id in frontier if id.partition(":")[0] == TERM)
        if terms:
            levels.append(Level("entity", Every(TERM), In("broader", terms), limit=MOST_WITHIN))
        answers = yield levels
        reached: dict[str, tuple[str, ...]] = {}
        for answer, relation in zip(answers, (*relations, None), strict=False):
            for below, above, claim in _steps(answer, relation):
                if below not in chains:
                    reached.setdefault(below, (*chains[above], claim) if claim else chains[above])
        chains |= reached
        frontier = tuple(reached)
        if len(chains) > MOST_WITHIN:
            raise CostExceeded(
                f"within reaches more than {MOST_WITHIN} nodes from {', '.join(item.ids)}; ask for less depth"
            )
    return chains


def _steps(answer: Answer, relation: Relation | None) -> Iterable[tuple[str, str, str | None]]:
    """(node below, node above, claim between them) of one answer; narrower Terms come by their own column, without a
    claim."""
    for owner, page in answer.pages.items():
        for row in page.rows:
            if relation is None:
                assert row.doc is not None
                yield row.id, row.doc["broader"], None
            else:
                for below in row.slots.get(relation.ends[0].name, ()):
                    yield below, str(owner), row.id


# Levels


def _bound(plan: Plan, reading: Reading, found: _Found) -> Bound:
    where = plan.where
    level = Level(
        plan.of,
        _start(plan),
        lowered(where, reading, plan.of) if _reads(plan) else ALWAYS,
        plan.order,
        fill=plan.fill,
        marks=_marks(where, reading, plan.of) if plan.marked and is_dated(where, reading) else (),
    )
    counting, cases = _counted(plan, level, reading)
    hops = tuple((hop, _bound(hop.plan, reading, found)) for hop in plan.hops)
    chains = (
        {id: chain for roll_up in found.roll_ups.values() for id, chain in roll_up.items()} if plan.traced else None
    )
    return Bound(plan, level, counting, cases, hops, where, reading, _pinned_anywhere(where), chains)


def _counted(plan: Plan, level: Level, reading: Reading) -> tuple[Predicate, tuple[Case, ...]]:
    """What is counted of which rows. What a reading leaves out must be looked for beyond the rows that it lets in."""
    let_in = level.where if plan.left_out else ALWAYS
    cases: list[Case] = [let_in] if plan.counted else []
    if plan.facts_counted:
        cases.append(Different(FACT_COLUMN, let_in))
    if plan.left_out:
        return ALWAYS, (*cases, *left_out(plan.where, reading, plan.of))
    return level.where, tuple(cases)


def _reads(plan: Plan) -> bool:
    """What is asked by id is answered always."""
    return not isinstance(plan.start, Ids | Themselves)


def _marks(where: Predicate, reading: Reading, table: Table) -> tuple[Predicate, ...]:
    """For rows that a wider match lets in: whether they match certainly, and whether possibly."""
    tighter = {Match.CERTAIN: (), Match.POSSIBLE: (Match.CERTAIN,), Match.UNDATED: (Match.CERTAIN, Match.POSSIBLE)}
    return tuple(lowered(where, replace(reading, match=match), table) for match in tighter[reading.match])


def _start(plan: Plan) -> Start:
    match plan.start:
        case Under(relation, slot):
            return Of((), relation, slot)
        case Themselves():
            return Ids(())
        case Every() | Ids() as start:
            return start


def _conjuncts(where: Predicate) -> tuple[Predicate, ...]:
    return where.items if isinstance(where, All) else (where,)


def _ids(item: Predicate) -> tuple[str, ...] | None:
    """The ids that a condition on a node pins it to."""
    for each in _conjuncts(item):
        match each:
            case Cmp("id", "eq", str() as value):
                return (value,)
            case In("id", values):
                return tuple(str(value) for value in values)
    return None


def _pinned_anywhere(where: Predicate) -> tuple[str, ...]:
    """Every id that the top level names, on the row or at its slots: what an absence is about."""
    named = [
        ids
        for each in _conjuncts(where)
        for ids in (_ids(each), _ids(each.where) if isinstance(each, At) else None)
        if ids
    ]
    return tuple(dict.fromkeys(id for ids in named for id in ids))


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A start that a conjunct offers: the pinned nodes' claims, and for entity rows the slot of those claims that
    leads to them."""

    ids: tuple[str, ...]
    relation: str
    slot: str
    back: str | None


def _anchors(where: Predicate, table: Table, label: str) -> Iterable[_Anchor]:
    for item in _conjuncts(where):
        match item:
            case Cmp(column, "eq", str() as id) if column == FACT_COLUMN:
                yield _Anchor((id,), ALL, FACT, None)
            case At(slot, inner, "entity") if table == "claim" and (ids := _ids(inner)):
                if label in ONTOLOGY.relation:
                    yield _Anchor(ids, label, slot, None)
                elif slot in _ROLES:
                    yield _Anchor(ids, ALL, slot, None)
            case Some(relation, slot, inner, n, None) if table == "entity" and n >= 1 and relation != ALL:
                for each in _conjuncts(inner):
                    if isinstance(each, At) and each.of == "entity" and (ids := _ids(each.where)):
                        yield _Anchor(ids, relation, each.slot, slot)


_ROLES: Final = frozenset(role.name for role in ONTOLOGY.roles)


def _anchored(bound: Bound) -> Asking:
    """A top-level conjunct that pins ids becomes the start: the ids themselves, one node's page, or up to MOST_PINNED
    rows found through claims. Without one, the order is walked."""
    level = bound.level
    # As lowered: under a wide match a condition on a slot also lets in claims that leave it unstated. What a reading
    # leaves out is counted from the same start, and must stand there too.
    widest = replace(bound.reading, match=Match.UNDATED)
    where = lowered(bound.where, widest, level.of) if bound.plan.left_out else level.where
    assert isinstance(level.start, Every)
    if ids := _ids(where):
        return _started(bound, Ids(ids)) if len(ids) <= MOST_PINNED else bound
    for anchor in _anchors(where, level.of, level.start.label):
        if anchor.back is None and len(anchor.ids) == 1:
            return _started(bound, Of(anchor.ids, anchor.relation, anchor.slot))
        fill = () if anchor.back is None else (anchor.back,)
        probe = Level(
            "claim", Of(anchor.ids, anchor.relation, anchor.slot), limit=MOST_PINNED + 1, fill=fill, skeleton=True
        )
        (answer,) = yield [probe]
        rows = [row for page in answer.pages.values() for row in page.rows]
        if anchor.back is None:
            found = dict.fromkeys(row.id for row in rows)
        else:
            found = dict.fromkeys(id for row in rows for id in row.slots.get(anchor.back, ()))
        if len(rows) <= MOST_PINNED and len(found) <= MOST_PINNED:
            return _started(bound, Ids(tuple(sorted(found))))
    return bound


def _started(bound: Bound, start: Start) -> Bound:
    """The same level from another start. A start by ids or by a fact forgets the label, so the label's kinds go into
    `where`."""
    assert isinstance(bound.level.start, Every)
    kinds = _kinds(bound.level.start.label, bound.level.of)
    across = not isinstance(start, Of) or start.slot == FACT
    labelled = In("kind", kinds) if kinds and across else ALWAYS
    where, counting = conjunction((bound.level.where, labelled)), conjunction((bound.counting, labelled))
    return replace(bound, level=replace(bound.level, start=start, where=where), counting=counting)


def _kinds(label: str, table: Table) -> tuple[str, ...]:
    if table == "entity":
        return tuple(kind.constant for kind in ONTOLOGY.members((label,)))
    return (ONTOLOGY.relation[label].constant,) if label in ONTOLOGY.relation else ()
