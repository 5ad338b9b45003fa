"""A name as somebody asks for it, taken apart: ranks and titles in front, a year behind, and the name between them."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from graph.names import fold
from graph.spelling import Words, readings, telling

# Military ranks of the English-speaking forces that serve under the UN and their usual abbreviations (NATO STANAG 2116,
# annexes on army, navy and air force), ranks of police, UN titles (ST/SGB/1997/5 and the Secretariat's list of posts),
# forms of address after the UN Correspondence Manual (ST/DCS/4/Rev.1), noble titles that the papers print.
TITLES: Final = (
    *("field marshal", "marshal", "general", "gen", "lieutenant general", "lieut gen", "lt gen", "lt general"),
    *("ltgen", "major general", "maj gen", "maj general", "majgen", "brigadier general", "brig gen", "brigadier"),
    *("briggen", "brig", "colonel", "col", "lieutenant colonel", "lt col", "lt colonel", "ltcol", "major", "maj"),
    *("captain", "capt", "lieutenant", "lieut", "lt", "warrant officer", "sergeant", "sgt", "corporal", "cpl"),
    *("admiral", "adm", "vice admiral", "rear admiral", "commodore", "commander", "cdr", "air marshal"),
    *("air vice marshal", "air commodore", "wing commander", "group captain"),
    *("police commissioner", "commissioner", "chief superintendent", "superintendent", "inspector general"),
    *("secretary general", "deputy secretary general", "under secretary general", "assistant secretary general"),
    *("usg", "asg", "dsrsg", "srsg", "special representative", "deputy special representative", "special envoy"),
    *("envoy", "force commander", "deputy force commander", "chief of staff", "military adviser", "military advisor"),
    *("president", "vice president", "prime minister", "foreign minister", "defence minister", "minister"),
    *("ambassador", "amb", "permanent representative", "chancellor", "king", "queen", "prince", "princess"),
    *("count", "baron", "lord", "lady", "sir", "dame", "h e", "his excellency", "her excellency", "excellency"),
    *("the honourable", "honourable", "hon", "the rt hon", "the right honourable", "mr", "mrs", "ms", "miss", "mx"),
    *("mme", "madame", "monsieur", "sheikh", "shaykh", "imam", "dr", "doctor", "prof", "professor", "father", "rev"),
    *("former", "then", "acting", "the late", "the"),
)
"""What may stand in front of a person's name without being part of it; several may follow one another."""

_TITLE: Final = re.compile(
    rf"(?:{'|'.join(t.replace(' ', '[ .-]+') for t in sorted(TITLES, key=len, reverse=True))})(?![\w'])[ .,]*"
)
_RETIRED: Final = re.compile(r"[ ,]*\(?\b(?:retd?|retired)\b\.?\)?$")
_YEAR: Final = re.compile(
    r"[ ,]*(?:\b(?:in|of|since|from|until|till|during|before|after|by|around|circa|as of|c\.?) )?"
    r"[(\[]?\b((?:18|19|20)\d\d)\b[)\]]?$"
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to take what was asked: `text` folded, `words` its readings, `aside` what was left aside to come to it.
    `titled`: a title was, so that only a person can be meant."""

    text: str
    words: tuple[Words, ...]
    aside: tuple[str, ...] = ()
    titled: bool = False


@dataclass(frozen=True)
class Asked:
    """A name as asked. `year`: that which stands behind it."""

    name: str

    @cached_property
    def year(self) -> int | None:
        found = _YEAR.search(fold(self.name))
        return int(found[1]) if found and found.start() else None

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """As it is, without the year, without titles, without both; none where it has no letter and no digit."""
        whole = fold(self.name)
        found = [_variant(whole, (), titled=False)]
        if self.year is not None:
            found.append(_variant(_YEAR.sub("", whole), (str(self.year),), titled=False))
        for each in tuple(found):
            name, titles = _untitled(each.text)
            if titles:
                found.append(_variant(name, (*titles, *each.aside), titled=True))
        return tuple({each.text: each for each in reversed(found) if any(each.words)}.values())[::-1]

    @property
    def core(self) -> Words:
        """The telling words of what is left when all is left aside that may be; single letters too, where there is
        more."""
        if not self.variants:
            return ()
        words = telling(self.variants[-1].words[-1])
        return tuple(word for word in words if len(word) > 1) or words


def _variant(text: str, aside: tuple[str, ...], *, titled: bool) -> Variant:
    return Variant(text, readings(text), aside, titled)


def _untitled(text: str) -> tuple[str, tuple[str, ...]]:
    """A folded name without the titles in front of it, and those titles; with them if nothing else is there."""
    titles = []
    if (retired := _RETIRED.search(text)) and retired.start():
        titles.append(retired[0].strip(" ,"))
        text = text[: retired.start()]
    while (found := _TITLE.match(text)) and found.end() < len(text):
        titles.append(found[0].strip(" ,"))
        text = text[found.end() :]
    return text, tuple(titles)
