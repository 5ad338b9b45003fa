"""How what was asked is like what is stored: shared by both engines, pure, and decided by the names and texts alone, so
that a candidate that nothing bears out is none."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from graph.asked import Asked, Variant
from graph.names import fold, tokens
from graph.ontology import ONTOLOGY
from graph.spelling import Words, initials, likeness, readings, telling

Document = Mapping[str, Any]


class Reason(Enum):
    """Why something was found, the strongest first."""

    EXACT = "EXACT"
    WORDS = "WORDS"
    PART = "PART"
    FAMILY_NAME = "FAMILY_NAME"
    INITIALS = "INITIALS"
    ONE_WORD = "ONE_WORD"
    LONGER = "LONGER"
    SPELLING = "SPELLING"
    DESCRIPTION = "DESCRIPTION"
    STATEMENT = "STATEMENT"
    RENAMED = "RENAMED"


_SCORES: Final = {
    Reason.WORDS: (0.80, 0.80),
    Reason.PART: (0.61, 0.79),
    Reason.FAMILY_NAME: (0.60, 0.60),
    Reason.INITIALS: (0.55, 0.55),
    Reason.ONE_WORD: (0.54, 0.54),
    Reason.LONGER: (0.52, 0.52),
    Reason.SPELLING: (0.31, 0.50),
    Reason.DESCRIPTION: (0.25, 0.30),
    Reason.STATEMENT: (0.15, 0.20),
}
"""The least and the most that a score can be; between them it grows with the share of the name that was met."""


def _score(reason: Reason, share: float, aside: Sequence[str] = ()) -> float:
    least, most = _SCORES[reason]
    return round(least + (most - least) * share - ASIDE * len(aside), 4)


class Naming(Enum):
    """What a node is to a name."""

    SAME = "SAME"
    FORMER_NAME = "FORMER_NAME"
    ACRONYM = "ACRONYM"
    DESCRIPTION = "DESCRIPTION"
    SUCCESSOR = "SUCCESSOR"
    PREDECESSOR = "PREDECESSOR"
    POSSIBLY = "POSSIBLY"


_DESCRIPTION: Final = "DESCRIPTION"
_BY_KIND: Final = {None: 1.0, "FORMER_NAME": 0.90, "ACRONYM": 0.85, _DESCRIPTION: 0.85}
_OTHER_ALIAS: Final = 0.95
"""The score of a name met exactly: the display name, an alias by its kind, an alias of another kind."""
ASIDE: Final = 0.01
"""What is taken from a score for each title or year that was left aside."""
HALF: Final = 0.5
"""The share of the telling words of a name that must be asked for, where the name is no person's, for it to be a
candidate: `Mali` does not ask for every body with Mali in its name."""


@dataclass(frozen=True, slots=True)
class Matched:
    """The text that was met: the display name (`kind` None), an alias with its kind, source and locator, a description
    or a statement (`kind` None)."""

    text: str
    kind: str | None = None
    source: str | None = None
    locator: str | None = None


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a node answers: `score` from 0 to 1, why, what it is to the name, the text that was met, and what of the
    question was left aside for it."""

    score: float
    reason: Reason
    naming: Naming
    matched: Matched
    aside: tuple[str, ...] = ()

    @property
    def bears(self) -> bool:
        """Whether the node bears the name, as against that it may be meant."""
        return self.naming is not Naming.POSSIBLY


_PERSONS: Final = frozenset(kind.constant for kind in ONTOLOGY.kinds if kind.person)


def names_of(document: Document, sources: Collection[str]) -> Iterator[Matched]:
    """The display name and the aliases; where sources are chosen, only their aliases."""
    yield Matched(document["name"])
    for alias in document.get("aliases", ()):
        if not sources or alias["source"] in sources:
            yield Matched(alias["name"], alias.get("kind"), alias["source"], alias.get("locator"))


def naming(asked: Asked, document: Document, sources: Collection[str], *, strict: bool) -> Likeness | None:
    """How an entity answers to a name; None where it does not. Strictly, one of its names is the name asked, but for
    case, accents and spacing. A description stands for a name in its source alone, and only as it is; a placeholder,
    which no source names, answers to the whole of what we call it."""
    person, named = document["kind"] in _PERSONS, document.get("named", True)
    found: list[Likeness] = []
    for name in names_of(document, sources):
        described = name.kind == _DESCRIPTION
        if described and name.source not in sources:
            continue
        for variant in asked.variants[:1] if strict or described or not named else asked.variants:
            if variant.titled and not person:
                continue
            close = exact(variant, name)
            if close is None and not (strict or described or not named):
                close = _near(variant, name, person)
            if close is not None and (person or close.reason is not Reason.PART or _most_of(variant, name)):
                found.append(close)
    return max(found, key=lambda each: each.score, default=None)  # of equals the first, in the order of the document


def exact(variant: Variant, name: Matched) -> Likeness | None:
    """The name itself, as folded."""
    if fold(name.text) != variant.text:
        return None
    score = round(_BY_KIND.get(name.kind, _OTHER_ALIAS) - ASIDE * len(variant.aside), 4)
    return Likeness(score, Reason.EXACT, _naming(name.kind), name, variant.aside)


def _naming(kind: str | None) -> Naming:
    return Naming(kind) if kind in (Naming.FORMER_NAME.value, Naming.ACRONYM.value, _DESCRIPTION) else Naming.SAME


def _near(variant: Variant, name: Matched, person: bool) -> Likeness | None:
    best: Likeness | None = None
    for words in variant.words:
        for other in readings(name.text):
            found = _compared(telling(words), telling(other), person, name.kind is None)
            if found is None:
                continue
            reason, share = found
            score = _score(reason, share, variant.aside)
            if best is None or score > best.score:
                meant = _naming(name.kind) if reason is Reason.WORDS else Naming.POSSIBLY
                best = Likeness(score, reason, meant, name, variant.aside)
    return best


def _most_of(variant: Variant, name: Matched) -> bool:
    """Whether at least half of the telling words of a name are asked for."""
    return any(
        len(telling(words)) >= HALF * len(telling(other)) for words in variant.words for other in readings(name.text)
    )


def _compared(asked: Words, name: Words, person: bool, display: bool) -> tuple[Reason, float] | None:
    """Why a name answers to what was asked, and by which share. `asked` and `name` are telling words."""
    if not asked or not name:
        return None
    if len(asked) == len(name) and sorted(asked) == sorted(name):
        return Reason.WORDS, 1.0
    left, slips, alike, single, beyond = list(name), 0, 0.0, False, list[str]()
    rest = []
    for word in asked:
        if word in left:
            left.remove(word)
            alike += 1
        else:
            rest.append(word)
    if left and len(rest) > len(left):  # a word at least stays over on either side
        return (Reason.INITIALS, 1.0) if _by_initials(asked, name) else None
    for word in rest:
        near = max(left, key=lambda other: likeness(word, other), default="")
        if near and (close := likeness(word, near)) > 0:
            slips, alike = slips + 1, alike + close
        elif person and (near := next((each for each in left if _initial(word, each)), "")):
            single, alike = True, alike + HALF
        else:
            beyond.append(word)
            continue
        left.remove(near)
    if beyond:
        longer = person and display and not left and not slips and asked[-1] == name[-1]
        if longer:
            return Reason.LONGER, 1.0
        return (Reason.INITIALS, 1.0) if _by_initials(asked, name) else None
    share = alike / len(name)
    if slips:
        return (Reason.SPELLING, share) if person or len(asked) >= HALF * len(name) else None
    if single:
        return Reason.INITIALS, 1.0
    if person and len(asked) == 1:
        return (Reason.FAMILY_NAME if asked[0] == name[-1] else Reason.ONE_WORD), 1.0
    return Reason.PART, share


def _initial(one: str, other: str) -> bool:
    return (len(one) == 1 and other.startswith(one)) or (len(other) == 1 and one.startswith(other))


def _by_initials(asked: Words, name: Words) -> bool:
    """Whether one of the two is the initials of the other."""
    return (len(asked) == 1 and initials(name) == asked[0]) or (len(name) == 1 and initials(asked) == name[0])


# Search


def in_entity(asked: Asked, document: Document, sources: Collection[str], *, strict: bool) -> Likeness | None:
    """How an entity answers to words that are searched for: by a name, else by its names and description together. What
    we call a placeholder describes it."""
    person, found = document["kind"] in _PERSONS, list[Likeness]()
    names = list(names_of(document, sources))
    for name in names:
        described = name.kind == _DESCRIPTION or not document.get("named", True)
        for variant in asked.variants[:1] if strict else asked.variants:
            if described or (variant.titled and not person):
                continue
            close = exact(variant, name) or (_whole_words(variant, name) if strict else _near(variant, name, person))
            if close is not None:
                found.append(close)
    if found:
        return max(found, key=lambda each: each.score)
    description = document.get("description") or ""
    texts = [*(name.text for name in names), description]
    aliases = [name for name in names if name.kind == _DESCRIPTION]
    shown = Matched(description) if description else next(iter(aliases), names[0])
    return _in_texts(asked, texts, shown, Reason.DESCRIPTION, strict=strict)


def _whole_words(variant: Variant, name: Matched) -> Likeness | None:
    """Every word of what was asked, as it is."""
    words, other = set(tokens(variant.text)), set(tokens(name.text))
    if not words <= other:
        return None
    reason = Reason.WORDS if words == other else Reason.PART
    return Likeness(_score(reason, len(words) / len(other)), reason, Naming.POSSIBLY, name)


def in_statement(asked: Asked, document: Document, *, strict: bool) -> Likeness | None:
    """How a claim answers: by its statement."""
    statement = document["statement"]
    return _in_texts(asked, [statement], Matched(statement), Reason.STATEMENT, strict=strict)


def _in_texts(asked: Asked, texts: Sequence[str], shown: Matched, reason: Reason, *, strict: bool) -> Likeness | None:
    """Whether each word stands in the texts, or, if not strictly, the telling words of the core, slips forgiven; each
    slip costs a share."""
    there = {word for text in texts for word in tokens(text)}
    if strict:
        held = set(tokens(asked.name)) <= there
        return Likeness(_score(reason, 1.0), reason, Naming.POSSIBLY, shown) if held else None
    there |= {word for text in texts for words in readings(text) for word in words}
    best: Likeness | None = None
    for variant in asked.variants:
        for words in map(telling, variant.words):
            alike = [max((likeness(word, each) for each in there), default=0.0) for word in words]
            if all(alike):
                score = _score(reason, sum(alike) / len(alike), variant.aside)
                if best is None or score > best.score:
                    best = Likeness(score, reason, Naming.POSSIBLY, shown, variant.aside)
    return best
