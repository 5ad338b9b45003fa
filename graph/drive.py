"""What carries a walk: a thread, an event loop, or a plain loop."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final, Protocol

from graph.plan import Answer, Buckets, Case, Ids, Level, Tally
from graph.store import Store
from graph.walk import Count, Counts, Read, Request, Result, Walk


class Now(Protocol):
    """A store that answers at once, for one thread."""

    def read_now(self, level: Level) -> Answer: ...
    def count_now(self, level: Level, cases: Sequence[Case]) -> Counts: ...
    def tally_now(self, level: Level, tally: Tally) -> Buckets: ...


def drive(way: Walk, store: Now, requests: Sequence[Request] | None = None) -> Result:
    """Walks in this thread: from the beginning, or on from `requests`, which the walk has yielded."""
    on = walk_while(way, store, lambda _: True, requests)
    assert isinstance(on, Result), "nothing stops the walk before its end"
    return on


def walk_while(
    way: Walk, store: Now, going: Callable[[Sequence[Request]], bool], requests: Sequence[Request] | None = None
) -> Result | Sequence[Request]:
    """Walks in this thread as long as `going` says so of the next round: the result, or the round it stopped at. A
    question may need no round at all."""
    on = _next(way, None) if requests is None else requests
    while not isinstance(on, Result) and going(on):
        on = _next(way, [_now(store, request) for request in on])
    return on


def _next(way: Walk, answers: Sequence[Any] | None) -> Result | Sequence[Request]:
    """The next round of a walk, or its result; without answers, the first."""
    try:
        return next(way) if answers is None else way.send(answers)
    except StopIteration as stop:
        return stop.value  # type: ignore[no-any-return]  # a walk returns nothing else


def _now(store: Now, asked: Request) -> Any:
    if isinstance(asked, Read):
        return store.read_now(asked.level)
    if isinstance(asked, Count):
        return store.count_now(asked.level, asked.cases)
    return store.tally_now(asked.level, asked.tally)


def is_light(requests: Sequence[Request]) -> bool:
    """Whether a round only reads a few nodes by id: some 50 µs, less than to hand it to another thread."""
    for r in requests:
        if not (isinstance(r, Read) and isinstance(r.level.start, Ids) and len(r.level.start.ids) <= LIGHT):
            return False
    return True


LIGHT: Final = 10
"""Nodes that a light read names at most."""


async def drive_async(way: Walk, store: Store) -> Result:
    """Walks on the event loop, the requests of a round side by side. What a round has found is gone through in a thread
    where it is much, so that others are answered meanwhile."""
    on = _next(way, None)
    while not isinstance(on, Result):
        asked = [_later(store, request) for request in on]
        answers: Sequence[Any] = [await asked[0]] if len(asked) == 1 else await asyncio.gather(*asked)
        heavy = sum(len(page.rows) for found in answers if isinstance(found, Answer) for page in found.pages.values())
        on = await asyncio.to_thread(_next, way, answers) if heavy > HEAVY else _next(way, answers)
    return on


HEAVY: Final = 1_000
"""Rows that are gone through on the event loop at most: some 5 ms where names are compared, the dearest thing that is
done with a row."""


def _later(store: Store, asked: Request) -> Coroutine[Any, Any, Any]:
    if isinstance(asked, Read):
        return store.read(asked.level)
    if isinstance(asked, Count):
        return store.count(asked.level, asked.cases)
    return store.tally(asked.level, asked.tally)
