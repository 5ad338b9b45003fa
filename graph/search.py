"""Search: engines give candidates by token, shared code ranks them, so that both engines answer alike."""

from collections.abc import Generator, Sequence
from typing import Any, Final

from graph.alike import Likeness, Matched, in_entity, in_statement
from graph.asked import Asked
from graph.names import tokens
from graph.ontology import ONTOLOGY
from graph.ontology.types import CLAIM, ENTITY
from graph.plan import Answer, Level, Matching, Order, Row, Search, Table
from graph.predicate import ALWAYS, In, Predicate
from graph.reading import Reading, lowered
from graph.spelling import WHOLE, Groups, anywhere, exactly, run_together, telling

CANDIDATES: Final = 200
"""Candidates of each sort that are ranked; more are cut by order key, and `truncated` says so. Ranked search over very
common words is the embedded store's one slow place."""

Told = dict[str, Any]
"""As the API answers it: a node stands by its id."""


def search(asked: Search, reading: Reading) -> Generator[list[Level], Sequence[Answer], tuple[tuple[str, ...], Told]]:
    """The nodes whose searchable text holds every word of the text, best first: the ids of all that is shown, and what
    is told of each. One round."""
    name = Asked(asked.text)
    if not tokens(asked.text):
        return (), {"nodes": (), "hits": (), "truncated": False}
    texts = _texts(name, strict=asked.strict)
    of: tuple[tuple[Table, str, Order, tuple[Groups, ...]], ...] = (
        ("entity", ENTITY, Order.NAME_ASC, (*whole_names(name, strict=asked.strict), *texts)),
        ("claim", CLAIM, Order.START_ASC, texts),
    )
    levels = [
        Level(table, Matching(own, label), wanted(table, asked.kinds, reading), order, limit=CANDIDATES)
        for table, label, order, own in of
        if _may_be(table, asked.kinds)
    ]
    answers = yield levels
    pages = [page for answer in answers for page in answer.pages.values()]
    found: dict[str, tuple[float, str, Likeness]] = {}
    for row in {row.id: row for page in pages for row in page.rows}.values():
        like = _like(name, row, reading, strict=asked.strict)
        if like is not None:
            found[row.id] = (-like.score, row.key, like)
    ids = sorted(found, key=lambda id: found[id][:2])
    shown = ids[: asked.size]
    hits = [{"node": id, **told(found[id][2])} for id in shown]
    truncated = len(ids) > asked.size or any(page.more for page in pages)
    return with_sources(shown, hits), {"nodes": tuple(shown), "hits": hits, "truncated": truncated}


def _texts(name: Asked, *, strict: bool) -> tuple[Groups, ...]:
    """Every word as it is; and, slips forgiven, every telling word of the whole, and of what is left without titles and
    year."""
    whole = exactly(tokens(name.name))
    if strict:
        return (whole,)
    words = telling(name.variants[0].words[0])
    return tuple(dict.fromkeys((whole, anywhere(words), anywhere(name.core))))


def whole_names(name: Asked, *, strict: bool) -> tuple[Groups, ...]:
    """Entities of which one name is the name asked, or, if not strictly, what it comes to without titles and year."""
    variants = name.variants[:1] if strict else name.variants
    whole = dict.fromkeys(run_together(words) for variant in variants for words in variant.words)
    named = tuple(WHOLE + each for each in whole if each)
    return ((named,),) if named else ()


def wanted(table: Table, kinds: tuple[str, ...], reading: Reading) -> Predicate:
    """What must hold of candidates."""
    return lowered(In("kind", kinds) if kinds else ALWAYS, reading, table)


def _may_be(table: Table, kinds: tuple[str, ...]) -> bool:
    known = ONTOLOGY.kinds if table == "entity" else ONTOLOGY.relations
    return not kinds or any(each.constant in kinds for each in known)


def _like(name: Asked, row: Row, reading: Reading, *, strict: bool) -> Likeness | None:
    document = row.doc or {}
    if "statement" in document:
        return in_statement(name, document, strict=strict)
    return in_entity(name, document, reading.sources, strict=strict)


def told(like: Likeness) -> Told:
    """What the API says of a likeness."""
    return {
        "score": like.score,
        "reason": like.reason.value,
        "matched": _matched(like.matched),
        "leftAside": list(like.aside),
    }


def _matched(matched: Matched) -> Told:
    found = {"text": matched.text, "kind": matched.kind, "source": matched.source, "locator": matched.locator}
    return {key: value for key, value in found.items() if value is not None}


def with_sources(ids: Sequence[str], hits: Sequence[Told]) -> tuple[str, ...]:
    """The ids, and those of the sources of what was met, each once: the documents that an answer can show."""
    sources = (hit["matched"]["source"] for hit in hits if "source" in hit["matched"])
    return tuple(dict.fromkeys((*ids, *sources)))
