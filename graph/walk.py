"""The way through a question, level by level: a generator that yields what it asks of the store, a round at a time,
and receives what was found. One code, driven by a thread (SQLite), by an event loop (Neo4j) or by a plain loop
(tests)."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from graph import absence, cursor
from graph.absence import Absence, Document
from graph.analysis.network import neighbourhood
from graph.bind import Bound, bind
from graph.errors import BadCursor, CostExceeded
from graph.ontology.types import is_claim_id
from graph.plan import (
    EMPTY,
    Answer,
    Buckets,
    Case,
    Ids,
    Level,
    Neighbourhood,
    Of,
    Owner,
    Page,
    Plan,
    Root,
    Row,
    Search,
    Tally,
)
from graph.predicate import Match
from graph.reading import Reading, is_dated
from graph.resolve import resolve
from graph.search import search
from graph.store import Release

MOST_ROWS: Final = 20_000
"""Rows of one level, all its pages together: about 20 MB of documents."""


@dataclass(frozen=True, slots=True)
class Read:
    """Asks for an Answer."""

    level: Level


@dataclass(frozen=True, slots=True)
class Count:
    """Asks how many rows of a level satisfy each case, by owner."""

    level: Level
    cases: tuple[Case, ...]


@dataclass(frozen=True, slots=True)
class Tallied:
    """Asks how often each value stands in the rows of a level, by owner."""

    level: Level
    tally: Tally


Request = Read | Count | Tallied
Counts = Mapping[Owner, tuple[int, ...]]
Walk = Generator[Sequence[Request], Sequence[Any], "Result"]
"""Yields a round of requests; receives for each Read an Answer, for each Count its counts, and for each Tallied its
buckets, in the same order."""


@dataclass(slots=True)
class Connection:
    """What one plan found: its pages by owner (None at a root), counts by owner, facets by owner in the order of the
    plan, and what its cursors are bound to.
    `least`: where the question is dated and rows are marked, how surely each matches at the least."""

    plan: Plan
    pages: Mapping[Owner, Page] = field(default_factory=dict)
    counts: Counts = field(default_factory=dict)
    facets: tuple[Buckets, ...] = ()
    question: tuple[object, ...] = ()
    least: Match | None = None
    absences: Mapping[Owner, Absence] = field(default_factory=dict)
    chains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    _digest: bytes = b""

    def page(self, owner: Owner) -> Page:
        return self.pages.get(owner, EMPTY)

    def bound(self, owner: Owner) -> bytes:
        """What a cursor of the page under this owner is bound to. The question may be long, so it is digested once."""
        if not self._digest:
            self._digest = cursor.binding(*self.question)
        return cursor.binding(owner, self._digest)

    def match(self, row: Row) -> Match | None:
        """How surely a row matches; None where the question has no date."""
        if self.least is None:
            return None
        return next((match for match, holds in zip(Match, row.marks, strict=False) if holds), self.least)


@dataclass(frozen=True, slots=True)
class Listed:
    """Nodes in the order of a network; `truncated`: a bound cut them short."""

    ids: tuple[str, ...]
    truncated: bool


@dataclass(slots=True)
class Result:
    """Everything that a question found. `documents` holds every row and filler met, by id; `lists` the ids of
    networks, by the number of their plan; `told` what a search or names came to, as it is answered, by the number of
    the plan of its entities. `rounds`, `calls` and `rows`: what it took."""

    connections: dict[int, Connection] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    lists: dict[int, Listed] = field(default_factory=dict)
    told: dict[int, Any] = field(default_factory=dict)
    rounds: int = 0
    calls: int = 0
    rows: int = 0


def walk(roots: Sequence[tuple[Root, Reading]], release: Release, *, anchored: bool = True) -> Walk:
    """The whole way of a question's roots, side by side: look-ups, then one round a level. Without `anchored` every
    root walks its order: the answer is the same, and tests say so."""
    result = Result()
    bounds = yield from _together(
        [_prepared(root, reading, release, result, anchored) for root, reading in roots], result
    )
    frontier: list[tuple[Bound, tuple[str, ...] | None]] = [(bound, None) for each in bounds for bound in each]
    while frontier:
        frontier = yield from _round(frontier, result, release)
    return result


def _prepared(
    root: Root, reading: Reading, release: Release, result: Result, anchored: bool
) -> Generator[list[Level], Sequence[Answer], list[Bound]]:
    """The levels of one root, after everything that must be known first: which nodes a network, a search or a
    name comes to."""
    if isinstance(root, Plan):
        return [(yield from bind(root, reading, release, anchored=anchored))]
    bound = yield from bind(replace(root.claims, start=Ids(())), reading, release)
    if isinstance(root, Neighbourhood):
        ids = tuple(release.redirects.get(id, id) for id in root.ids)
        network = yield from neighbourhood(root, ids, bound.reading)
        found = tuple(network.entities), tuple(network.claims)
        for plan, ids in zip((root.entities, root.claims), found, strict=True):
            result.lists[plan.number] = Listed(ids, network.truncated)
    else:
        ids, told = yield from search(root, bound.reading) if isinstance(root, Search) else resolve(root, bound.reading)
        found, result.told[root.entities.number] = _parted(ids), told
    bounds = []
    for plan, ids in zip((root.entities, root.claims), found, strict=True):
        bounds.append((yield from bind(replace(plan, start=Ids(ids)), reading, release)))
    return bounds


def _parted(ids: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(id for id in ids if not is_claim_id(id)), tuple(id for id in ids if is_claim_id(id))


def _together(askers: list[Any], result: Result) -> Generator[Sequence[Request], Sequence[Any], list[Any]]:
    """Drives several generators of reads side by side, so that their look-ups share rounds; gives what each
    returned."""
    returned: list[Any] = [None] * len(askers)
    waiting: dict[int, list[Level]] = {}

    def advance(i: int, answers: Sequence[Answer] | None) -> None:
        try:
            waiting[i] = askers[i].send(answers)
        except StopIteration as stop:
            waiting.pop(i, None)
            returned[i] = stop.value

    for i in range(len(askers)):
        advance(i, None)
    while waiting:
        asked = list(waiting.items())
        flat: list[Request] = [Read(level) for _, levels in asked for level in levels]
        result.rounds += 1
        result.calls += len(flat)
        answers = yield flat
        place = 0
        for i, levels in asked:
            advance(i, answers[place : place + len(levels)])
            place += len(levels)
    return returned


@dataclass(slots=True)
class _Asked:
    """The requests of one bound plan in a round, so that their answers find back."""

    bound: Bound
    owners: tuple[str, ...] | None
    connection: Connection
    reads: list[Level] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    tallies: list[Tallied] = field(default_factory=list)


def _round(
    frontier: list[tuple[Bound, tuple[str, ...] | None]], result: Result, release: Release
) -> Generator[Sequence[Request], Sequence[Any], list[tuple[Bound, tuple[str, ...] | None]]]:
    """One level of every plan: pages and counts in one round, absences of empty pages in another; gives the next
    level."""
    asked = [_ask(bound, owners, release) for bound, owners in frontier]
    requests: list[Request] = []
    for each in asked:
        requests += map(Read, each.reads)
        requests += each.counts
        requests += each.tallies
    answers = iter((yield requests)) if requests else iter(())
    result.rounds += bool(requests)
    result.calls += len(requests)
    following: list[tuple[Bound, tuple[str, ...] | None]] = []
    for each in asked:
        found = [next(answers) for _ in each.reads]
        counts = [next(answers) for _ in each.counts]
        each.connection.facets = tuple(_rooted(each, next(answers), ()) for _ in each.tallies)
        _keep(each, found, counts, result)
    yield from _absences([each for each in asked if each.bound.plan.absence], result)
    for each in asked:
        following += _next(each, result)
    return following


def _ask(bound: Bound, owners: tuple[str, ...] | None, release: Release) -> _Asked:
    plan = bound.plan
    question = (plan.start, bound.where, bound.reading, plan.order, release.digest, release.number)
    dated = plan.marked and is_dated(bound.where, bound.reading)
    connection = Connection(plan, question=question, least=bound.reading.match if dated else None)
    if bound.chains:
        connection.chains = bound.chains
    asked = _Asked(bound, owners, connection)
    level = bound.level
    if owners is not None:
        if not owners:
            return asked
        level = replace(level, start=replace(level.start, ids=owners))  # type: ignore[arg-type]
    if plan.paging is not None:
        level = _paged(level, connection, owners)
    if plan.paging is None or plan.paging.size:
        asked.reads = [level]
    if bound.cases:
        asked.counts = [Count(replace(level, where=bound.counting), bound.cases)]
    asked.tallies = [Tallied(level, tally) for tally in plan.facets]
    return asked


def _paged(level: Level, connection: Connection, owners: tuple[str, ...] | None) -> Level:
    plan = connection.plan
    assert plan.paging is not None
    paging = plan.paging
    several = 1 if owners is None else len(owners)
    if several * paging.size > MOST_ROWS:
        raise CostExceeded(
            f"{plan.path} asks for {paging.size} rows under each of {several} nodes, more than {MOST_ROWS} "
            f"in one level; first: {MOST_ROWS // several} would pass"
        )
    after = None
    if paging.cursor is not None:
        if several > 1:
            raise BadCursor(
                f"{plan.path}: a nested cursor needs a single parent, and there are {several}; name one by id"
            )
        owner = owners[0] if owners else None
        after = cursor.decode(paging.cursor, connection.bound(owner))
    return replace(level, after=after, limit=paging.size, backward=paging.backward)


def _keep(asked: _Asked, found: list[Answer], counts: list[Counts], result: Result) -> None:
    connection = asked.connection
    result.connections[connection.plan.number] = connection
    for answer in found:
        pages = answer.pages
        if asked.owners is None and isinstance(
            asked.bound.level.start, Of
        ):  # a root that starts from one node: its page is the root's
            pages = {None: next(iter(pages.values()), EMPTY)}
        connection.pages = pages
        result.documents.update(answer.filled)
        total = 0
        for page in pages.values():
            total += len(page.rows)
            for row in page.rows:
                if row.doc is not None:
                    result.documents[row.id] = row.doc
        result.rows += total
        if total > MOST_ROWS:
            raise CostExceeded(
                f"{connection.plan.path} has more than {MOST_ROWS} rows; ask for fewer with first, or filter"
            )
    for count in counts:
        connection.counts = _rooted(asked, count, (0,) * len(asked.bound.cases))


def _rooted(asked: _Asked, found: Mapping[Owner, Any], nothing: Any) -> Mapping[Owner, Any]:
    """What was found by owner; a root that starts from one node takes that node's."""
    if asked.owners is None and isinstance(asked.bound.level.start, Of):
        return {None: next(iter(found.values()), nothing)}
    return found


def _next(asked: _Asked, result: Result) -> Iterable[tuple[Bound, tuple[str, ...] | None]]:
    """The hops of a plan, each with the nodes that it goes on from: those that the rows are, or that fill a slot of
    them."""
    rows = [row for page in asked.connection.pages.values() for row in page.rows]
    for hop, bound in asked.bound.hops:
        yield bound, tuple(dict.fromkeys(_from(hop.via, hop.kinds, rows, asked, result)))


def _from(
    via: str | None, kinds: frozenset[str] | None, rows: list[Row], asked: _Asked, result: Result
) -> Iterable[str]:
    documents = result.documents
    if via is None:
        ids: Iterable[str] = (row.id for row in rows)
    elif via == VIA:
        ids = (id for row in rows for id in chain(asked.connection, row))
    elif via == OTHER:
        pages = asked.connection.pages.items()
        found = (other(row.doc or {}, owner) for owner, page in pages for row in page.rows)
        ids = (id for id in found if id is not None)
    elif via in (DENIED, COVERED):
        absences = asked.connection.absences.values()
        ids = (id for each in absences for id in (each.denied_by if via == DENIED else each.coverage))
    elif via.startswith(FACETED):
        number = int(via.removeprefix(FACETED))
        counted = (each for found in asked.connection.facets[number : number + 1] for each in found.values())
        told = (value for buckets in counted for value, _ in buckets)
        ids = (value for value in told if value is not None and not is_claim_id(value))
    else:
        ids = (id for row in rows for id in fillers(row.doc or {}, via))
    if kinds is None:
        return ids
    return (id for id in ids if id in documents and documents[id]["kind"] in kinds)


OTHER: Final = "other"
VIA: Final = "via"
DENIED: Final = "denied"
COVERED: Final = "covered"
FACETED: Final = "facets."
"""Ways on that are no slot: from the ends that are not the owner, from the claims of a roll-up's chain, from the
denials and from the Coverage lines of an absence, from the entities by which a facet counts (with its number behind
it)."""


def fillers(document: Document, path: str) -> Sequence[str]:
    """The ids at a path of a document: `from`, `theatres`, `citations.source`, `during.anchors.node`."""
    found: list[Any] = [document]
    for key in path.split("."):
        values = [value for each in found if (value := each.get(key)) is not None]
        found = [item for value in values for item in (value if isinstance(value, list) else (value,))]
    return found


def other(document: Document, owner: Owner) -> str | None:
    """The end of a claim that is not the node under which it was found: that node itself where it fills both ends, None
    where it is no end or the only one."""
    ends = list(document.get("ends") or ())
    if owner not in ends:
        return None
    ends.remove(owner)
    return ends[0] if ends else None


def chain(connection: Connection, row: Row) -> tuple[str, ...]:
    """The claims by which a row was found within what was asked: its own way up, or that of the first end that has
    one."""
    chains = connection.chains
    ids = (row.id, *((row.doc or {}).get("ends") or ()))
    return next((chains[id] for id in ids if chains.get(id)), ())


def _absences(asked: list[_Asked], result: Result) -> Generator[Sequence[Request], Sequence[Any], None]:
    """For empty pages: which denials match, and what Coverage says. Two reads a plan, in one round."""
    empty = [(each, owners) for each in asked if (owners := _empty_owners(each))]
    if not empty:
        return
    requests = [Read(level) for each, owners in empty for level in absence.levels(each.bound, owners)]
    result.rounds += 1
    result.calls += len(requests)
    answers: list[Answer] = list((yield requests))
    for answer in answers:
        result.documents.update(answer.filled)
        result.documents.update(
            {row.id: row.doc for page in answer.pages.values() for row in page.rows if row.doc is not None}
        )
    for i, (each, owners) in enumerate(empty):
        each.connection.absences = absence.explained(each.bound, owners, answers[2 * i], answers[2 * i + 1])


def _empty_owners(asked: _Asked) -> tuple[Owner, ...]:
    if asked.connection.plan.paging and asked.connection.plan.paging.cursor:
        return ()  # an empty page behind a cursor is the end of a list, not the lack of one
    owners: tuple[Owner, ...] = (None,) if asked.owners is None else asked.owners
    return tuple(owner for owner in owners if not asked.connection.page(owner).rows)
