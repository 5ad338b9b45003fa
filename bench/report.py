"""What a run of the bench found, as a table on the terminal, as JSON, and as the table of the README."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import orjson
from rich.table import Table

README: Final = Path(__file__).parent / "README.md"
BEGIN: Final = "<!-- the last table: written by the bench, between these two lines -->"
END: Final = "<!-- end of the table -->"

TARGET: Final = 0.5
"""Of the bare application's requests a second, what the service shall reach at least."""
GROWTH: Final = 1.3
"""How much slower a page may be on Neo4j at ten times the claims."""
MEMORY: Final = 300
"""MB of anonymous memory that the service may take."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one server. `rate`: requests a second, the median of its rounds. `p50`, `p99`: latencies over
    all of them, in ms. `processor`: ms that its process was busy for an answer. `bytes`: of a body, on average.
    `memory`: the most anonymous memory (RssAnon) after a round, in MB. None where the system does not tell."""

    rate: float
    p50: float
    p99: float
    processor: float | None
    bytes: int
    memory: float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One operation on one store. `fields`: how many an answer has, on average. `ratio`: requests a second of the
    service by those of the bare application, the median over the pairs of rounds."""

    claims: int
    store: str
    operation: str
    fields: int
    service: Seen
    bare: Seen
    ratio: float


@dataclass(frozen=True, slots=True)
class Built:
    """A release that was built: seconds for the file, its size in bytes, and seconds to load it into Neo4j."""

    claims: int
    seconds: float
    bytes: int
    filled: float | None = None


@dataclass(slots=True)
class Results:
    """All of a run. `machine`: what it ran on; `seconds`: for each operation and server; `without`: why nothing was
    measured on Neo4j."""

    machine: str
    seconds: float
    builds: list[Built] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    without: str | None = None

    def growth(self, operation: str = "M", store: str = "Neo4j") -> tuple[float, float] | None:
        """p50 at the most claims by p50 at the fewest, of the service and of the bare application."""
        found = sorted((r for r in self.rows if (r.operation, r.store) == (operation, store)), key=lambda r: r.claims)
        if len(found) < 2:
            return None
        first, last = found[0], found[-1]
        return last.service.p50 / first.service.p50, last.bare.p50 / first.bare.p50

    def json(self) -> bytes:
        return orjson.dumps({"growth": self.growth()} | {name: getattr(self, name) for name in self.__slots__})

    def notes(self) -> Iterator[str]:
        """What the table does not say."""
        for built in self.builds:
            filled = f"; {built.filled:.0f} s to load it into Neo4j" if built.filled is not None else ""
            size = built.bytes / 1e6
            yield f"{built.claims:,} claims: release built in {built.seconds:.1f} s, {size:.0f} MB{filled}."
        if growth := self.growth():
            sizes = sorted({row.claims for row in self.rows})
            yield (
                f"p50 of M on Neo4j at {sizes[-1]:,} claims by that at {sizes[0]:,}: "
                f"{growth[0]:.2f} (bare: {growth[1]:.2f}; aim: at most {GROWTH})."
            )
        if memory := [row.service.memory for row in self.rows if row.service.memory is not None]:
            yield f"Anonymous memory of the service: at most {max(memory):.0f} MB (aim: at most {MEMORY})."
        if self.without:
            yield f"NOT MEASURED ON NEO4J: {self.without}."
        yield f"{self.seconds:g} s for each operation and server; {self.machine}."


HEADS: Final = (
    *("claims", "store", "op", "fields", "kB", "service/s", "bare/s", "ratio"),
    *("p50 ms", "p99 ms", "busy ms", "MB"),
)
LEGEND: Final = (
    "service/s, bare/s: requests a second over 8 connections, and their ratio; then service / bare: latencies, ms that "
    "the process was busy for an answer, anonymous memory. kB: an answer's body."
)


def cells(row: Row) -> tuple[str, ...]:
    """A row of the table, under HEADS."""
    service, bare = row.service, row.bare
    return (
        *(f"{row.claims:,}", row.store, row.operation, f"{row.fields:,}", f"{service.bytes / 1000:,.1f}"),
        *(_short(service.rate), _short(bare.rate), f"{row.ratio:.2f}"),
        *(
            f"{_short(getattr(service, name))} / {_short(getattr(bare, name))}"
            for name in ("p50", "p99", "processor", "memory")
        ),
    )


def _short(value: float | None) -> str:
    """Three digits of it, or all that stand before the point."""
    if value is None:
        return "–"
    digits = sum(value < bound for bound in (100, 10, 1))
    return f"{value:,.{digits}f}"


def table(results: Results) -> Table:
    """For the terminal."""
    drawn = Table(title="The service beside a bare application", caption=LEGEND, caption_justify="left")
    for i, head in enumerate(HEADS):
        drawn.add_column(head, justify="left" if i in (1, 2) else "right")
    for row in results.rows:
        drawn.add_row(*cells(row), style="" if row.ratio >= TARGET else "yellow")
    return drawn


def markdown(results: Results) -> str:
    """For the README."""
    aligned = ("---" if i in (1, 2) else "---:" for i in range(len(HEADS)))
    lines = (HEADS, tuple(aligned), *map(cells, results.rows))
    drawn = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{drawn}\n\n{LEGEND}\n\n" + "\n".join(f"- {note}" for note in results.notes())


def write(results: Results) -> None:
    """Puts the table into the README, in the place of the last one."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n{markdown(results)}\n\n{END}{after}", encoding="utf-8")
