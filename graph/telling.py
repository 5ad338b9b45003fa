"""Claims → facts: which claims tell one and the same thing, decided at load over everything that is loaded.

Claims can tell one fact if they are of one relation, have the same ends (unordered where the relation is symmetric),
agree in what the relation declares as its `identity`, and in polarity and modality: what is denied, planned or called
for is another fact than what was. A property that a source leaves open is a value of its own, since silence is not
filled; one that is UNASSIGNED is what its wording says. A claim without ends tells nothing that another could tell.

Of such claims, some can all hold at once if a day is left on which all of them may start, and a day on which all may
end. A claim is *settled* if all claims with which it can hold at once can also hold with each other. Settled claims
that can hold at once then have the same claims beside them: they are one fact. A claim that is not settled would fit
two facts that exclude each other, and stands alone. So does every claim of a fact that would hold two which an anchor
(BEFORE, AFTER, MEETS) or a curator (`apart_from`) parts. At last a curator's `same_fact_as` joins facts, whatever
their dates.

All of it is free of the order in which claims come, and takes n log n for n claims of one key."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from graph.claim import Claim, Timed
from graph.dates import Bounds
from graph.names import fold
from graph.ontology import ONTOLOGY
from graph.ontology.types import Relation, fact_id

Pair = tuple[str, str]
Key = tuple[object, ...]

_PARTING: Final = ("BEFORE", "AFTER", "MEETS")
_UNASSIGNED: Final = "UNASSIGNED"


def facts(claims: Sequence[tuple[Claim, Timed]]) -> dict[str, str]:
    """Claim id → id of its fact, which is named after the first of its claims: stable as long as that one tells it."""
    bounds: dict[Key, dict[str, Bounds]] = {}
    keys: dict[str, Key] = {}
    for claim, timed in claims:
        keys[claim.id] = key(claim, ONTOLOGY.relation[claim.relation])
        bounds.setdefault(keys[claim.id], {})[claim.id] = timed.bounds
    parted: dict[Key, list[Pair]] = {}
    for one, other in parting(claim for claim, _ in claims):
        if keys[one] == keys.get(other):
            parted.setdefault(keys[one], []).append((one, other))
    sets = _Sets(keys)
    for of, members in bounds.items():
        for group in _groups(members, parted.get(of, ())):
            sets.join(group)
    for claim, _ in claims:
        sets.join([claim.id, *(other for other in claim.same_fact_as if other in keys)])
    return {id: fact_id(first) for id, first in sets.firsts().items()}


def key(claim: Claim, relation: Relation) -> Key:
    """What claims of one fact have in common, dates apart."""
    standing, fillers = claim.standing, claim.fillers()
    ends = tuple(tuple(sorted(claim.slots.get(slot.name, ()))) for slot in relation.ends)
    alone = None if any(ends) else claim.id
    identity: list[object] = []
    for name in relation.identity:
        slot = ONTOLOGY.slot(relation, name)
        value = claim.props.get(name) if slot is None else tuple(sorted(fillers.get(slot.name, ())))
        told = tuple(sorted(value)) if isinstance(value, tuple) else value
        worded = tuple(sorted(fold(text) for field, text in claim.wording if field == name))
        identity.append((told, worded) if _UNASSIGNED in (told if isinstance(told, tuple) else (told,)) else (told,))
    return relation.name, ends, standing.polarity, standing.modality, *identity, alone


def parting(claims: Iterable[Claim]) -> Iterable[Pair]:
    """The pairs of claims that cannot be one fact whatever their bounds: an anchor says that one is over when the
    other begins, or a curator parts them."""
    for claim in claims:
        yield from ((claim.id, anchor.node) for anchor in claim.during.anchors if anchor.how in _PARTING)
        yield from ((claim.id, other) for other in claim.apart_from)


class _Sets:
    """Disjoint sets of ids, each known by its first: least paper, then least number."""

    def __init__(self, ids: Iterable[str]) -> None:
        self._above = {id: id for id in ids}

    def join(self, ids: Sequence[str]) -> None:
        for id in ids[1:]:
            one, other = sorted((self._top(ids[0]), self._top(id)), key=place)
            self._above[other] = one

    def firsts(self) -> dict[str, str]:
        return {id: self._top(id) for id in self._above}

    def _top(self, id: str) -> str:
        while self._above[id] != id:
            self._above[id] = id = self._above[self._above[id]]
        return id


def place(id: str) -> tuple[str, int, str]:
    """The order of claims by paper and number."""
    paper, _, number = id.partition("/")
    return paper, int(number) if number.isdecimal() else 0, number


# ---- claims of one key ----


def _groups(members: Mapping[str, Bounds], parted: Sequence[Pair]) -> Iterable[Sequence[str]]:
    """The claims of each fact; each that stands alone is left out."""
    if len(members) < 2:
        return
    boxes = list(dict.fromkeys(members.values()))
    whole = _common(boxes)
    cores = [whole] * len(boxes) if whole else _cores(boxes)
    core_of = dict(zip(boxes, cores, strict=True))
    found: dict[Bounds, list[str]] = {}
    for id, box in members.items():
        core = core_of[box]
        if core is not None:
            found.setdefault(core, []).append(id)
    starts = sorted(found, key=lambda core: (core.s0, core.s1, core.e0, core.e1))
    for one, other in parted:
        both = _common((members[one], members[other]))
        if both:
            first = bisect_left(starts, both.s0, key=lambda core: core.s0)
            last = bisect_right(starts, both.s1, key=lambda core: core.s0)
            for core in starts[first:last]:
                if _common((core, both)) == core:
                    found.pop(core, None)
    yield from found.values()


def _common(boxes: Iterable[Bounds]) -> Bounds | None:
    """The bounds within all of these; None where no day is left to one of the ends."""
    s0, s1, e0, e1 = zip(*((b.s0, b.s1, b.e0, b.e1) for b in boxes), strict=True)
    common = Bounds(max(s0), min(s1), max(e0), min(e1))
    return common if common.s0 <= common.s1 and common.e0 <= common.e1 else None


def _cores(boxes: Sequence[Bounds]) -> list[Bounds | None]:
    """For each box what it has in common with all boxes that meet it; None where two of these miss each other. Boxes
    of which any two meet have a point in common, so that it is enough to look at the outermost sides. Those that meet
    and have a core each have the same."""
    starts = [(box.s0, box.s1) for box in boxes]
    ends = [(box.e0, box.e1) for box in boxes]
    s0, s1 = _innermost(starts, ends)
    e0, e1 = _innermost(ends, starts)
    cores = map(Bounds, s0, s1, e0, e1)
    return [core if core.s0 <= core.s1 and core.e0 <= core.e1 else None for core in cores]


Span = tuple[int, int]


def _innermost(spans: Sequence[Span], others: Sequence[Span]) -> tuple[list[int], list[int]]:
    """For each box (a span, and one on the other axis) the greatest lower side and the least upper side among all boxes
    that meet it."""
    mirrored = [(-last, -first) for first, last in spans]
    return [-least for least in _least_above(mirrored, others)], _least_above(spans, others)


def _least_above(spans: Sequence[Span], others: Sequence[Span]) -> list[int]:
    """For each box the least upper side among all that meet it. Swept from above: boxes come in by falling upper side,
    so that it is the last that came in and meets the box on the other axis. (On this one it does: its upper side is
    not below the box, and not above that of the box, which has come in itself.)"""
    latest = _Latest(others)
    falling = sorted(range(len(spans)), key=lambda i: -spans[i][1])
    waiting = iter([*falling, -1])
    coming = next(waiting)
    found = [0] * len(spans)
    came: list[int] = []
    for i in sorted(range(len(spans)), key=lambda i: -spans[i][0]):
        while coming >= 0 and spans[coming][1] >= spans[i][0]:
            latest.add(len(came), others[coming])
            came.append(coming)
            coming = next(waiting)
        found[i] = spans[came[latest.meeting(others[i])]][1]
    return found


class _Latest:
    """Spans that come one after the other, and which of those that meet another came last. Two spans meet if the first
    day of the one lies in the other, or contrariwise: a tree over the days holds at each node the last span that began
    below it, and the last that covers all below it."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._days = sorted({day for span in spans for day in span})
        self._size = len(self._days)
        self._begun = [-1] * (2 * self._size)
        self._over = [-1] * (2 * self._size)

    def add(self, number: int, span: Span) -> None:
        """`number` is greater than any before."""
        node = self._leaf(span[0])
        while node:
            self._begun[node] = number
            node //= 2
        for node in self._covering(span):
            self._over[node] = number

    def meeting(self, span: Span) -> int:
        """The number of the last span that meets this one; -1 where none does."""
        found = max((self._begun[node] for node in self._covering(span)), default=-1)
        node = self._leaf(span[0])
        while node:
            found = max(found, self._over[node])
            node //= 2
        return found

    def _leaf(self, day: int) -> int:
        return self._size + bisect_left(self._days, day)

    def _covering(self, span: Span) -> Iterable[int]:
        """The nodes that together cover the days of a span."""
        low, high = self._leaf(span[0]), self._leaf(span[1]) + 1
        while low < high:
            if low & 1:
                yield low
                low += 1
            if high & 1:
                high -= 1
                yield high
            low, high = low // 2, high // 2
