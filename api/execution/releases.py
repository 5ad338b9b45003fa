"""Earlier releases, opened when somebody asks for one and kept open until several others have been asked for since."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from graph.stores.opening import Reader

MOST_OPEN: Final = 4
"""Earlier releases that stay open: each has threads and documents of its own, and a stranger may ask for all there
are. Opening one of the curated graph takes 1 to 5 ms."""

Released = Callable[[int], Awaitable[Reader]]


@dataclass(slots=True)
class _Held:
    reader: Reader
    questions: int = 0


class Earlier:
    """Opens releases by their number with `released`, which raises BadInput for one that is not kept."""

    def __init__(self, released: Released) -> None:
        self._released = released
        self._held: OrderedDict[int, _Held] = OrderedDict()
        self._opening = asyncio.Lock()

    @asynccontextmanager
    async def reading(self, number: int) -> AsyncIterator[Reader]:
        """The release, open while it is read. Raises what opening it raises."""
        async with self._opening:
            if number not in self._held:
                self._held[number] = _Held(await self._released(number))
            held = self._held[number]
            held.questions += 1
            self._held.move_to_end(number)
        try:
            yield held.reader
        finally:
            held.questions -= 1
            await self._forget()

    async def close(self) -> None:
        """Closes every release."""
        while self._held:
            _, held = self._held.popitem()
            await held.reader.close()

    async def _forget(self) -> None:
        """Closes those that were asked for longest ago and are not being read, as far as there are too many."""
        for number, held in list(self._held.items()):
            if len(self._held) <= MOST_OPEN:
                return
            if not held.questions and self._held.get(number) is held:
                del self._held[number]
                await held.reader.close()
