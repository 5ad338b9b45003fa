"""Content negotiation: which media type answers an Accept header (RFC 9110, 12.5.1), and which Content-Type is read."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

# A client sends the same header with every request, so what it means is kept; a longer one than any browser sends is
# read anew each time, lest strangers fill the memory.
_KEPT_HEADERS = 256
_KEPT_HEADER_BYTES = 512


@dataclass(frozen=True, slots=True)
class Media:
    """A media type of answers; `strict`: a fault in the question sets the HTTP status, as its definition asks."""

    content_type: bytes
    strict: bool


JSON = Media(b"application/json; charset=utf-8", strict=False)
GRAPHQL = Media(b"application/graphql-response+json; charset=utf-8", strict=True)

# In the order of preference where a client has none: who sends `*/*` gets what every client reads. None is the page.
_OFFERED: tuple[tuple[str, Media | None], ...] = (
    ("application/json", JSON),
    ("application/graphql-response+json", GRAPHQL),
    ("text/html", None),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client takes: `media` for a GraphQL response (None: neither), `page` if it would rather see HTML."""

    media: Media | None
    page: bool


@dataclass(frozen=True, slots=True, order=True)
class _Rank:
    quality: float
    precision: int  # 2 for a type that is spelled out, 1 for `application/*`, 0 for `*/*`
    earliness: int


def wanted(accept: bytes) -> Wanted:
    """What the value of an Accept header asks for; empty for a client that sends none."""
    return _kept_wanted(accept) if len(accept) <= _KEPT_HEADER_BYTES else _read_wanted(accept)


def is_plain_json(content_type: bytes) -> bool:
    """Whether a Content-Type is application/json in UTF-8, the one type that a body is read in."""
    return _kept_json(content_type) if len(content_type) <= _KEPT_HEADER_BYTES else _read_json(content_type)


def _read_wanted(accept: bytes) -> Wanted:
    ranges = list(_ranges(accept or b"*/*"))
    ranked = [(rank, media) for name, media in _OFFERED if (rank := _rank(name, ranges)) and rank.quality > 0]
    # max() takes the first of equals, hence the order of _OFFERED.
    best = max(ranked, key=lambda pair: pair[0], default=None)
    media = max((pair for pair in ranked if pair[1]), key=lambda pair: pair[0], default=None)
    return Wanted(media[1] if media else None, page=best is not None and best[1] is None)


def _rank(name: str, ranges: list[tuple[str, float]]) -> _Rank | None:
    """How much `name` is wanted: the most precise range that covers it decides, and of equals the first."""
    covers = (name, name.partition("/")[0] + "/*", "*/*")
    for precision, cover in zip((2, 1, 0), covers, strict=True):
        for place, (spelled, quality) in enumerate(ranges):
            if spelled == cover:
                return _Rank(quality, precision, -place if precision else 0)
    return None


def _ranges(accept: bytes) -> Iterator[tuple[str, float]]:
    """The media ranges of an Accept header with their weights; ranges that want another charset are left out."""
    for part in accept.decode("latin-1").lower().split(","):
        name, parameters = _split(part)
        try:
            quality = float(parameters.get("q", "1"))
        except ValueError:
            continue
        if name and parameters.get("charset", "utf-8") == "utf-8":
            yield name, quality


def _read_json(content_type: bytes) -> bool:
    name, parameters = _split(content_type.decode("latin-1").lower())
    return name == "application/json" and parameters.get("charset", "utf-8") == "utf-8"


def _split(value: str) -> tuple[str, dict[str, str]]:
    name, *parameters = value.split(";")
    pairs = (parameter.partition("=") for parameter in parameters)
    return name.strip(), {key.strip(): text.strip().strip('"') for key, _, text in pairs}


_kept_wanted = lru_cache(_KEPT_HEADERS)(_read_wanted)
_kept_json = lru_cache(_KEPT_HEADERS)(_read_json)
