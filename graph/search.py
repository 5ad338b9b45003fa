"""Search: engines give candidates by token, this module ranks them, so that both engines answer alike."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph.names import fold, tokens
from graph.ontology import ONTOLOGY
from graph.ontology.types import CLAIM, ENTITY
from graph.plan import Answer, Level, Matching, Order, Search
from graph.predicate import ALWAYS
from graph.reading import Reading, lowered

CANDIDATES: Final = 200
"""Candidates of each label that are ranked; more are cut by order key, and `truncated` says so. Ranked search over
very common words is the embedded store's one slow place."""


@dataclass(frozen=True, slots=True)
class Hits:
    """Ids, best first, and whether there were more candidates than were ranked, or more hits than were asked for."""

    ids: tuple[str, ...]
    truncated: bool


def search(asked: Search, reading: Reading) -> Generator[list[Level], Sequence[Answer], Hits]:
    """The nodes whose searchable text holds every word of the text, best first."""
    words = tokens(asked.text)
    if not words:
        return Hits((), False)
    levels = [
        Level("entity", Matching(words, label), lowered(ALWAYS, reading, "entity"), Order.NAME_ASC, limit=CANDIDATES)
        for label in _labels(asked, "entity")
    ] + [
        Level("claim", Matching(words, label), lowered(ALWAYS, reading, "claim"), Order.START_ASC, limit=CANDIDATES)
        for label in _labels(asked, "claim")
    ]
    answers = yield levels
    pages = [page for answer in answers for page in answer.pages.values()]
    ranked = {row.id: (rank(asked.text, row.doc or {}), row.key) for page in pages for row in page.rows}
    ids = sorted(ranked, key=lambda id: ranked[id])
    return Hits(tuple(ids[: asked.size]), len(ids) > asked.size or any(page.more for page in pages))


def _labels(asked: Search, table: str) -> tuple[str, ...]:
    if not asked.labels:
        return (ENTITY,) if table == "entity" else (CLAIM,)
    known = ONTOLOGY.kinds if table == "entity" else ONTOLOGY.relations
    names = (each.name for each in known if each.name in asked.labels or each.constant in asked.labels)
    families = (family for family in ONTOLOGY.families if table == "entity" and family in asked.labels)
    return (*names, *families)


def rank(text: str, document: Mapping[str, Any]) -> int:
    """How well a node answers to a text, 0 best: its name, an alias, the beginning of its name, of an alias, words of
    its names, then of its description, then of a statement."""
    wanted, words = fold(text), set(tokens(text))
    if "statement" in document:
        return 6
    name = fold(document["name"])
    aliases = [fold(alias["name"]) for alias in document.get("aliases", ())]
    if name == wanted:
        return 0
    if wanted in aliases:
        return 1
    if name.startswith(wanted):
        return 2
    if any(alias.startswith(wanted) for alias in aliases):
        return 3
    return 4 if any(words <= set(tokens(each)) for each in (name, *aliases)) else 5
