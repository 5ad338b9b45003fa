"""Resolving names: for each the entities that may be meant, with what each is to the name, and never a silent guess."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from graph.alike import Likeness, Naming, Reason, naming
from graph.asked import Asked
from graph.names import name_key
from graph.ontology import ONTOLOGY
from graph.ontology.types import ENTITY, Relation
from graph.plan import Answer, Level, Matching, Of, Order, Resolve, Row
from graph.predicate import ALWAYS, Cmp, Predicate
from graph.reading import Reading, lowered
from graph.search import Told, told, wanted, whole_names, with_sources
from graph.spelling import NAME, Groups, in_names, initials, telling

MOST_NAMES: Final = 100
"""Names of one question."""
MOST_LETTERS: Final = 200
"""Characters of a name or of a text that is searched for; the longest name of a mission that the UN has given has
some 100."""
NEAR: Final = 50
"""Candidates of one way of taking a name that are compared; more are cut by order key, and `truncated` says so. Those
that bear the very name are found by a way of their own."""
MOST_CANDIDATES: Final = 10
"""Candidates that are told of one name."""
MOST_BESIDE: Final = 20
"""Claims of renaming, or of identity, that are read of one candidate."""

SUCCEEDED: Final = 0.8
DATED: Final = 0.95
"""The share of its score that an entity passes on to the one that followed it, or went before; the larger one where a
year was asked for in which, by that claim, only the other was."""


class Verdict(Enum):
    """What came of a name."""

    ONE = "ONE"
    SEVERAL = "SEVERAL"
    POSSIBLE = "POSSIBLE"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: str
    key: str
    like: Likeness
    through: tuple[str, ...] = ()

    @property
    def place(self) -> tuple[float, str]:
        return -self.like.score, self.key


IDENTIFYING: Final = tuple(relation for relation in ONTOLOGY.relations if relation.tells_identity)
RENAMING: Final = tuple((relation, *relation.renames) for relation in ONTOLOGY.relations if relation.renames)
"""Relations by what they say, since none is named here."""

Asking = Generator[list[Level], Sequence[Answer], tuple[tuple[str, ...], list[Told]]]


def resolve(asked: Resolve, reading: Reading) -> Asking:
    """For each name what may be meant by it: the ids of all that is shown, and what is told. Three rounds at most, of
    as many reads as there are relations that rename or tell identity, however many names there are."""
    names = [Asked(name) for name in asked.names]
    ways = [_ways(name, strict=asked.strict) for name in names]
    texts = tuple(dict.fromkeys(way for each in ways for way in each))
    pages: Mapping[Any, Any] = {}
    if texts:
        where = wanted("entity", asked.kinds, reading)
        (answer,) = yield [Level("entity", Matching(texts, ENTITY), where, Order.NAME_ASC, limit=NEAR)]
        pages = answer.pages
    place = {text: str(i) for i, text in enumerate(texts)}
    found: list[list[_Candidate]] = []
    cut: list[bool] = []
    for name, own in zip(names, ways, strict=True):
        held = [pages[place[way]] for way in own if place[way] in pages]
        rows = {row.id: row for page in held for row in page.rows}
        likes = ((row, naming(name, row.doc or {}, reading.sources, strict=asked.strict)) for row in rows.values())
        found.append(_unforced([_Candidate(row.id, row.key, like) for row, like in likes if like is not None]))
        cut.append(any(page.more for page in held))
    if RENAMING and not asked.strict:
        yield from _renamed(names, found, asked.kinds, reading)
    shown = [sorted(each, key=lambda candidate: candidate.place)[:MOST_CANDIDATES] for each in found]
    beside = yield from _identifying((each.id for candidates in shown for each in candidates), reading)
    answers: list[Told] = [
        {
            "asked": name.name,
            "verdict": _verdict(every).value,
            "candidates": [_candidate(each, beside.get(each.id, ())) for each in candidates],
            "truncated": more or len(candidates) < len(every),
        }
        for name, candidates, every, more in zip(names, shown, found, cut, strict=True)
    ]
    hits = [each for answer in answers for each in answer["candidates"]]
    return with_sources(list(dict.fromkeys(id for hit in hits for id in _named(hit))), hits), answers


def _ways(name: Asked, *, strict: bool) -> tuple[Groups, ...]:
    """The ways in which a name is looked for: whole; all telling words, a slip forgiven; the same without titles and
    year; its last word, which may be a family name; its initials."""
    if not name.variants:
        return ()
    whole = whole_names(name, strict=strict)
    if strict:
        return whole
    words, core = telling(name.variants[0].words[0]), name.core
    letters = initials(core)
    more = (
        in_names(words),
        in_names(core),
        in_names(core[-1:]),
        *((((NAME + letters,),),) if letters else ()),
    )
    return tuple(dict.fromkeys((*whole, *more)))


def _unforced(candidates: list[_Candidate]) -> list[_Candidate]:
    """What is spelled as somebody's name is no slip in the name of somebody else: ONUC is not MONUC."""
    if any(each.like.bears for each in candidates):
        return [each for each in candidates if each.like.reason is not Reason.SPELLING]
    return candidates


def _verdict(candidates: Iterable[_Candidate]) -> Verdict:
    """One, where one bears the name and no other does so or has it for a family name; what is merely possible, and what
    only followed or went before, is told beside it and decides nothing."""
    likes = [each.like for each in candidates if each.like.reason is not Reason.RENAMED]
    count = sum(like.bears or like.reason is Reason.FAMILY_NAME for like in likes)
    if count > 1:
        return Verdict.SEVERAL
    if any(like.bears for like in likes):
        return Verdict.ONE
    return Verdict.POSSIBLE if likes else Verdict.NONE


def _candidate(candidate: _Candidate, beside: Sequence[str]) -> Told:
    return {
        "node": candidate.id,
        "naming": candidate.like.naming.value,
        **told(candidate.like),
        "identityClaims": list(beside),
        "through": list(candidate.through),
    }


def _named(hit: Told) -> Iterable[str]:
    return (hit["node"], *hit["identityClaims"], *hit["through"])


# What stands beside a candidate


def _renamed(
    names: Sequence[Asked], found: Sequence[list[_Candidate]], kinds: tuple[str, ...], reading: Reading
) -> Generator[list[Level], Sequence[Answer], None]:
    """Adds to the candidates of each name those that one that bears it followed, or was followed by, one step on."""
    ids = tuple(dict.fromkeys(each.id for candidates in found for each in candidates if each.like.bears))
    if not ids:
        return
    ends = [
        (relation, Cmp(column, "eq", value), one, other)
        for relation, column, value in RENAMING
        for one, other in (relation.ends, relation.ends[::-1])
    ]
    answers = yield [
        replace(_claims(ids, relation, one.name, reading, says), fill=(other.name,))
        for relation, says, one, other in ends
    ]
    following: dict[str, list[tuple[Naming, Row, Mapping[str, Any]]]] = {}
    for (relation, _, one, other), answer in zip(ends, answers, strict=True):
        way = Naming.SUCCESSOR if one is relation.ends[0] else Naming.PREDECESSOR
        for owner, page in answer.pages.items():
            for row in page.rows:
                document = answer.filled[(row.doc or {})[other.field]]
                following.setdefault(owner or "", []).append((way, row, document))
    for name, candidates in zip(names, found, strict=True):
        known = {each.id: each for each in candidates}
        for base in [each for each in candidates if each.like.bears]:
            for way, row, document in following.get(base.id, ()):
                id = document["id"]
                if (id in known and not known[id].through) or (kinds and document["kind"] not in kinds):
                    continue
                share = DATED if _only_then(way, row, name.year) else SUCCEEDED
                like = replace(base.like, score=round(base.like.score * share, 4), reason=Reason.RENAMED, naming=way)
                before = known[id].through if id in known else ()
                known[id] = _Candidate(id, name_key(document["name"], id), like, (*before, row.id))
        candidates[:] = known.values()


def _only_then(way: Naming, row: Row, year: int | None) -> bool:
    """Whether by a claim of renaming only the later one was in a year, or only the earlier."""
    if year is None:
        return False
    start = (row.doc or {})["during"]["start"]
    if way is Naming.SUCCESSOR:
        return start["latest"] is not None and start["latest"] < f"{year:04}-01-01"
    return start["earliest"] is not None and start["earliest"] > f"{year:04}-12-31"


def _identifying(
    ids: Iterable[str], reading: Reading
) -> Generator[list[Level], Sequence[Answer], dict[str, list[str]]]:
    """By id the claims that say of it and something else whether they are the same."""
    owners = tuple(dict.fromkeys(ids))
    found: dict[str, list[str]] = {}
    if owners and IDENTIFYING:
        answers = yield [
            _claims(owners, relation, slot.name, reading) for relation in IDENTIFYING for slot in relation.ends
        ]
        for answer in answers:
            for owner, page in answer.pages.items():
                found.setdefault(owner or "", []).extend(row.id for row in page.rows)
    return found


def _claims(ids: tuple[str, ...], relation: Relation, slot: str, reading: Reading, says: Predicate = ALWAYS) -> Level:
    where = lowered(says, reading, "claim")
    return Level("claim", Of(ids, relation.name, slot), where, Order.START_ASC, limit=MOST_BESIDE)
