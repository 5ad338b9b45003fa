"""Names as they are compared: folding, order keys and tokens, done once, in Python, so that both engines agree."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

SEPARATOR: Final = "\x1f"
"""U+001F stands between the folded name and the id in a key: it sorts before every character that a folded name can
hold."""

_LETTERS: Final = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "ı": "i",
        "ŧ": "t",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ŋ": "n",
        "ĸ": "k",
        "’": "'",
        "‘": "'",
        "–": "-",
        "—": "-",
    }
)  # letters without a Unicode decomposition, and the quotes and dashes that typesetters vary


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """A name as it is compared: case, accents, width and runs of white space do not count. `Élysée  Palace` → `elysee
    palace`."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    bare = unicodedata.normalize("NFKD", bare.casefold().translate(_LETTERS))
    visible = (
        " " if c.isspace() or unicodedata.category(c)[0] == "C" else c for c in bare if not unicodedata.combining(c)
    )
    return " ".join("".join(visible).split())


def ascii_key(folded: str) -> str:
    """A folded text in ASCII, in which only what does not fold is escaped (`{4e2d}`), so that every engine sorts it
    alike."""
    if folded.isascii():
        return folded.replace("{", "{7b}")
    return "".join(c if c.isascii() and c != "{" else f"{{{ord(c):x}}}" for c in folded)


def name_key(name: str, id: str) -> str:
    """The order key of an entity: folded name, U+001F, id. Unique, ASCII, never null."""
    return f"{ascii_key(fold(name))}{SEPARATOR}{ascii_key(id)}"


_DAYS: Final = 7  # digits of the largest day number, 3,652,060
UNDATED: Final = "~"
"""Stands for the day where a claim has none: after every digit, so that undated claims come last in both directions."""


def start_key(day: int | None, id: str) -> str:
    """The order key of a claim by time: its day with leading zeros, U+001F, id."""
    return f"{UNDATED if day is None else f'{day:0{_DAYS}d}'}{SEPARATOR}{ascii_key(id)}"


def start_key_descending(day: int | None, id: str) -> str:
    """The same order turned round by complementing the digits, with undated claims still last: every order is one
    ascending range."""
    return start_key(None if day is None else 10**_DAYS - 1 - day, id)


def tokens(text: str) -> tuple[str, ...]:
    """The words of a text, folded, each of `[a-z0-9]`, so that FTS5 and Lucene split alike. A letter that does not
    fold to ASCII becomes its code point (`u4e2d`)."""
    spelled = "".join(c if c.isascii() else (f"u{ord(c):x}" if c.isalnum() else " ") for c in fold(text))
    return tuple(re.findall(r"[a-z0-9]+", spelled.replace("'", "")))
