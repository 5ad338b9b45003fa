"""Every error that Peacegraph raises on purpose, as one tree; each carries a stable code that clients may rely on.

PeacegraphError                      INTERNAL
├── BadInput                         BAD_INPUT           the question cannot be understood
│   ├── BadFilter                    BAD_FILTER          unknown field, null, empty list, wrong operand
│   ├── BadDate                      BAD_DATE            not an EDTF date that Peacegraph reads
│   ├── BadPage                      BAD_PAGE            first, last, after, before do not fit together
│   ├── BadCursor                    BAD_CURSOR          not a cursor, or a nested cursor under several parents
│   ├── CursorMismatch               CURSOR_MISMATCH     a cursor of another question or release
│   ├── CostExceeded                 COST_EXCEEDED       the question asks for more rows or names than is allowed
│   ├── DepthExceeded                DEPTH_EXCEEDED      the question nests deeper than is allowed
│   └── NotFound                     NOT_FOUND           a field that needs one node was given an unknown id
├── Unavailable                      UNAVAILABLE
│   ├── StoreUnavailable             STORE_UNAVAILABLE   the store cannot be reached or holds no finished release
│   └── Timeout                      TIMEOUT             the store did not answer in time
└── Refused                          REFUSED             a load was refused; carries every fault found
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar


class PeacegraphError(Exception):
    """Base of the tree. `message` says what was wrong, where, and what would pass."""

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class BadInput(PeacegraphError):
    code = "BAD_INPUT"


class BadFilter(BadInput):
    """A filter that cannot be read; the message begins with its path, as in `where.and[0].to.name`."""

    code = "BAD_FILTER"


class BadDate(BadInput, ValueError):
    code = "BAD_DATE"


class BadPage(BadInput):
    code = "BAD_PAGE"


class BadCursor(BadInput):
    code = "BAD_CURSOR"


class CursorMismatch(BadInput):
    code = "CURSOR_MISMATCH"


class CostExceeded(BadInput):
    code = "COST_EXCEEDED"


class DepthExceeded(BadInput):
    code = "DEPTH_EXCEEDED"


class NotFound(BadInput):
    code = "NOT_FOUND"


class Unavailable(PeacegraphError):
    code = "UNAVAILABLE"


class StoreUnavailable(Unavailable):
    code = "STORE_UNAVAILABLE"


class Timeout(Unavailable):
    code = "TIMEOUT"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing wrong with a curated file: where it stands, why it is refused, and what would pass instead."""

    file: str
    line: int
    field: str
    reason: str
    passes: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.reason}; {self.passes}"


class Refused(PeacegraphError):
    """A load in which anything was wrong: nothing was loaded. `faults` are sorted by file and line, and complete."""

    code = "REFUSED"

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: Sequence[Fault] = sorted(faults)
        super().__init__("\n".join(map(str, self.faults)))
