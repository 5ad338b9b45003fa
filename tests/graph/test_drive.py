"""What carries a walk on an event loop."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from graph.drive import HEAVY, drive_async
from graph.plan import Answer, Every, Level, Page, Row
from graph.walk import Read, Result, Walk


class Found:
    """A store that finds so many rows at every read."""

    def __init__(self, rows: int) -> None:
        self._answer = Answer({None: Page(tuple(Row(f"p/{n}", str(n)) for n in range(rows)))})

    async def read(self, level: Level) -> Answer:
        return self._answer


def walked(threads: list[int]) -> Walk:
    """Two rounds; notes in which thread the answers of each are gone through."""
    for _ in range(2):
        answers: Sequence[Any] = yield [Read(Level("claim", Every("Claim")))]
        assert answers[0].pages
        threads.append(threading.get_ident())
    return Result(rows=7)


async def test_what_is_much_is_gone_through_beside_the_event_loop_and_what_is_little_on_it() -> None:
    for rows, here in ((HEAVY, True), (HEAVY + 1, False)):
        threads: list[int] = []
        result = await drive_async(walked(threads), Found(rows))  # type: ignore[arg-type]  # it is only read
        assert result.rows == 7
        assert [thread == threading.get_ident() for thread in threads] == [here, here]


async def test_what_goes_wrong_beside_the_event_loop_is_raised_on_it() -> None:
    def way() -> Walk:
        yield [Read(Level("claim", Every("Claim")))]
        raise ValueError("told")

    for rows in (1, HEAVY + 1):
        with pytest.raises(ValueError, match="told"):
            await drive_async(way(), Found(rows))  # type: ignore[arg-type]  # it is only read
