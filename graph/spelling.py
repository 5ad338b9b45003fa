"""The words under which names and texts are stored, so that an exact look-up of words finds them although a letter is
wrong, a hyphen is missing, or only initials are given. Which of what is found is meant, `graph.alike` decides.

The spellings of a word are the word and all that it becomes when one letter is taken out. Words that are one slip
apart (a letter too many, too few, a wrong one, two neighbours changed round) have one in common: the symmetric delete
of Garbe's SymSpell, at distance one. docs/adr/0011-tolerant-names.md compares it with trigrams and sounds.

Three letters that no folded word holds keep what is stored for a purpose apart from the words themselves."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import OSA

from graph.names import fold, tokens

Words = tuple[str, ...]

WHOLE: Final = "α"
"""Before the words of a whole name, run together."""
NAME: Final = "ν"
"""Before a spelling of a word of a name, or the initials of a name."""
TEXT: Final = "δ"
"""Before a spelling of a word of a description or a statement."""

SHORTEST: Final = 5
"""Letters of the shortest word in which a slip is forgiven; a shorter one is another word too often."""
LONGEST: Final = 24
"""Letters of the longest such word; what is longer is no word of a language, and would have too many spellings."""
WHOLE_LENGTH: Final = 40
"""Letters of a whole name that are stored: enough to tell names apart, and what is found is compared in full."""
INITIALS: Final = 3
"""Words that a name has at least for its initials to stand for it."""

ABBREVIATIONS: Final = {
    ("united", "nations"): "un",
    ("african", "union"): "au",
    ("european", "union"): "eu",
}
"""Bodies whose name stands abbreviated within other names, now and then: `UN Mission in South Sudan` (the papers print
both). Initials keep the abbreviation whole."""

PARTICLES: Final = frozenset(
    (
        *("al", "ap", "bin", "bint", "d", "da", "das", "de", "del", "della", "dem", "den", "der", "di", "do", "dos"),
        *("du", "e", "el", "ibn", "l", "la", "las", "le", "les", "lo", "los", "o", "te", "ten", "ter", "ul", "van"),
        *("vom", "von", "y", "zu", "zum", "zur"),
    )
)
"""Particles of personal names in the languages of the sources (romance, germanic, arabic): written or not as people
please. After IFLA, Names of Persons: National Usages for Entry in Catalogues."""
LITTLE: Final = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with")
)
"""Words of English that tell no two names apart."""
_SLIGHT: Final = PARTICLES | LITTLE

_DOTTED: Final = re.compile(r"\b(?:[^\W\d_]\.\s?){2,}(?:[^\W\d_]\b)?")
_HYPHEN: Final = re.compile(r"(?<=\w)-(?=\w)")


@lru_cache(maxsize=32_768)
def readings(text: str) -> tuple[Words, ...]:
    """A name as words, and, where it has hyphens or dotted letters, once more with these run together: `Ban Ki-moon`
    is (ban, ki, moon) and (ban, kimoon), `O.A.U.` is (o, a, u) and (oau)."""
    folded = fold(text)
    joined = _HYPHEN.sub("", _DOTTED.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", folded))
    return tuple(dict.fromkeys(_abbreviated(tokens(each)) for each in (folded, joined)))


def _abbreviated(words: Words) -> Words:
    found: list[str] = []
    for word in words:
        pair = (found[-1], word) if found else None
        if pair in ABBREVIATIONS:
            found[-1] = ABBREVIATIONS[pair]
        else:
            found.append(word)
    return tuple(found)


@lru_cache(maxsize=16_384)
def telling(words: Words) -> Words:
    """The words that tell a name from others, without particles and little words; all, where there is nothing else."""
    return tuple(word for word in words if word not in _SLIGHT) or words


def initials(words: Words) -> str | None:
    """The initials of the telling words; None where there are too few."""
    words = telling(words)
    if len(words) < INITIALS:
        return None
    return "".join(word if word in ABBREVIATIONS.values() else word[0] for word in words)


def run_together(words: Words) -> str:
    """The words of a whole name as one, little words left out."""
    return "".join([word for word in words if word not in LITTLE] or words)[:WHOLE_LENGTH]


def _forgiving(word: str, slack: int = 0) -> bool:
    return SHORTEST - slack <= len(word) <= LONGEST + slack and word.isascii() and word.isalpha()


def _without_a_letter(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))


def spellings(word: str) -> Words:
    """The word and, if slips in it are forgiven, what it becomes when one letter is taken out."""
    return tuple(dict.fromkeys((word, *_without_a_letter(word)))) if _forgiving(word) else (word,)


def asked_spellings(word: str) -> Words:
    """As `spellings`, of a word as asked, which may be one letter longer."""
    return tuple(dict.fromkeys((word, *_without_a_letter(word)))) if _forgiving(word, 1) else (word,)


@lru_cache(maxsize=16_384)
def likeness(one: str, other: str) -> float:
    """1 for the same word, above 0 for words one slip apart where it is forgiven, else 0. The distance is that of
    optimal string alignment, in which changing two neighbours round is one step."""
    if one == other:
        return 1.0
    if max(len(one), len(other)) < SHORTEST or not (_forgiving(one, 1) and _forgiving(other, 1)):
        return 0.0
    return 1 - 1 / max(len(one), len(other)) if OSA.distance(one, other, score_cutoff=1) == 1 else 0.0


# What is stored


def words_of_names(names: Iterable[str]) -> Iterator[str]:
    """What is stored for the names of an entity beside their words."""
    for name in names:
        for words in readings(name):
            yield WHOLE + run_together(words)
            yield from (NAME + each for word in telling(words) for each in spellings(word))
            if letters := initials(words):
                yield NAME + letters


def words_of_text(text: str) -> Iterator[str]:
    """What is stored for a description or a statement beside its words."""
    return (each for word in dict.fromkeys(tokens(text)) for each in _in_text(word))


@lru_cache(maxsize=16_384)
def _in_text(word: str) -> Words:
    """The same words stand in text after text."""
    return tuple(TEXT + each for each in spellings(word)[1:])


# What is looked up: groups of words, one of each of which a row must hold

Groups = tuple[Words, ...]


def in_names(words: Words) -> Groups:
    """Rows with a name in which each word stands, a slip forgiven."""
    return tuple(tuple(NAME + each for each in asked_spellings(word)) for word in dict.fromkeys(words))


def anywhere(words: Words) -> Groups:
    """Rows in which each word stands, a slip forgiven, in a name, a description or a statement."""
    return tuple(
        tuple(before + each for before in ("", NAME, TEXT) for each in asked_spellings(word))
        for word in dict.fromkeys(words)
    )


def exactly(words: Words) -> Groups:
    """Rows in which each word stands as it is."""
    return tuple((word,) for word in dict.fromkeys(words))
