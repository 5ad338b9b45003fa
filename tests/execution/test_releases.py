"""Earlier releases: how many stay open, and for how long."""

import asyncio

import pytest

from api.execution.releases import MOST_OPEN, Earlier
from graph.errors import BadInput


class Opened:
    """A release that only tells whether it has been closed."""

    def __init__(self, number: int) -> None:
        self.number, self.closed = number, False

    async def close(self) -> None:
        self.closed = True


class Kept:
    """A folder of releases, and all that was opened of it, in order."""

    def __init__(self) -> None:
        self.opened: list[Opened] = []

    async def __call__(self, number: int) -> Opened:
        if number > 100:
            raise BadInput("not kept")
        self.opened.append(Opened(number))
        return self.opened[-1]

    def numbers(self, *, closed: bool) -> list[int]:
        return [each.number for each in self.opened if each.closed == closed]


async def asked(earlier: Earlier, *numbers: int) -> None:
    for number in numbers:
        async with earlier.reading(number):
            pass


def kept() -> tuple[Kept, Earlier]:
    folder = Kept()
    return folder, Earlier(folder)  # type: ignore[arg-type]  # it opens what can only be closed


async def test_a_release_is_opened_once_while_it_stays_open() -> None:
    folder, earlier = kept()
    await asked(earlier, 1, 1, 2, 1)
    assert [each.number for each in folder.opened] == [1, 2]


async def test_those_that_were_asked_for_longest_ago_are_closed() -> None:
    folder, earlier = kept()
    await asked(earlier, *range(1, MOST_OPEN + 1), 1, MOST_OPEN + 1)
    assert folder.numbers(closed=True) == [2]
    await asked(earlier, 2)
    assert folder.numbers(closed=False) == [1, *range(4, MOST_OPEN + 2), 2]


async def test_what_is_being_read_is_not_closed() -> None:
    folder, earlier = kept()
    async with earlier.reading(1):
        await asked(earlier, *range(2, 3 * MOST_OPEN))
        assert 1 in folder.numbers(closed=False)
    assert len(folder.numbers(closed=False)) == MOST_OPEN


async def test_many_at_a_time_open_a_release_once_and_leave_no_more_open_than_may_be() -> None:
    folder, earlier = kept()
    everybody = asyncio.Barrier(100)

    async def beside_others(number: int) -> None:
        async with earlier.reading(number):
            await everybody.wait()

    await asyncio.gather(*(beside_others(n % 10) for n in range(100)))
    assert sorted(each.number for each in folder.opened) == list(range(10))
    assert len(folder.numbers(closed=False)) == MOST_OPEN


async def test_a_release_that_is_not_kept_leaves_the_others_as_they_are() -> None:
    folder, earlier = kept()
    await asked(earlier, 1)
    with pytest.raises(BadInput):
        await asked(earlier, 101)
    assert folder.numbers(closed=False) == [1]


async def test_all_are_closed_in_the_end() -> None:
    folder, earlier = kept()
    await asked(earlier, 1, 2, 3)
    await earlier.close()
    assert folder.numbers(closed=False) == []
