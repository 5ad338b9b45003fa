"""The seam between the domain and its engines: everything a question may ask, and everything that makes a release."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from graph.claim import Claim, Entity, Timed
from graph.plan import Answer, Buckets, Case, Level, Owner, Tally


@dataclass(frozen=True, slots=True)
class Release:
    """What a store holds: the number of the release, the digest of its inputs and of the ontology it was made with,
    when it was built (ISO 8601, UTC), how many entities and claims of each kind, the survivors of merged ids, and what
    each source says of its coding as a whole (`graph.coverage`)."""

    number: int
    digest: str
    schema: str
    built: str
    counts: Mapping[str, int]
    redirects: Mapping[str, str] = field(default_factory=dict)
    coverage: Sequence[Mapping[str, str | None]] = ()


class Store(Protocol):
    """A release, open for reading. Knows no relation by name, and never writes."""

    async def read(self, level: Level) -> Answer:
        """One statement. Raises StoreUnavailable, Timeout."""
        ...

    async def count(self, level: Level, cases: Sequence[Case]) -> Mapping[Owner, tuple[int, ...]]:
        """For each owner with any row (None without owners), how many rows of the level's start and `where` satisfy
        each case, or hold how many different values; order, limit and page are ignored. A claim is counted once an
        owner. Raises StoreUnavailable, Timeout."""
        ...

    async def tally(self, level: Level, tally: Tally) -> Buckets:
        """For each owner with any row, how often each value stands in the claims of the level's start and `where`;
        order, limit and page are ignored. Raises StoreUnavailable, Timeout."""
        ...

    async def about(self) -> Release:
        """The release that is open. Raises StoreUnavailable where none is finished."""
        ...

    async def close(self) -> None: ...


class Builder(Protocol):
    """Makes one release, all or nothing: before `finish` returns, nothing of it can be read as a release."""

    def add(self, entities: Iterable[Entity], claims: Iterable[tuple[Claim, Timed]]) -> None:
        """May be called many times; streams. Claims may point at entities added later; `finish` checks that none
        dangles."""
        ...

    def finish(self, about: Mapping[str, Any]) -> Release: ...
