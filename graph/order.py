"""Which claims come first: the day by which each is ordered, where anchors say more than its bounds do."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Final

from graph.claim import Anchor
from graph.dates import Bounds, order_day
from graph.spans import FIRST_DAY, LAST_DAY

_EARLIER: Final = {"BEFORE": 1, "MEETS": 1}
_LATER: Final = {"AFTER": 1, "DURING": 0}
"""By how many days at least a claim so anchored is ordered before, or after, the claim that it names."""

Day = Callable[[str], int | None]
"""The day of what an anchor names and is no claim; None where it has none."""


def in_order(after: Mapping[str, Collection[str]]) -> tuple[list[str], list[list[str]]]:
    """The nodes of a graph, each behind those that it names, and the circles that were left out on the way, each with
    all of its members in turn, the smallest first."""
    rest, circles = dict(after), list[list[str]]()
    while True:
        try:
            return list(TopologicalSorter(rest).static_order()), circles
        except CycleError as found:
            circle = list(reversed(found.args[1][1:]))
            first = circle.index(min(circle))
            circles.append(circle[first:] + circle[:first])
            rest = {node: [n for n in named if n not in circle] for node, named in rest.items() if node not in circle}


def days(
    bounds: Mapping[str, Bounds], anchors: Mapping[str, Sequence[Anchor]], day_of: Day
) -> tuple[dict[str, int | None], list[list[str]]]:
    """The day by which each claim is ordered, and the circles in which each claim would come after the next.

    It is that of the claim's bounds (`dates.order_day`), moved where an anchor between two claims says which comes
    first, for what an anchor says is certain whatever the bounds. The one whose start is vaguer gives way: first the
    earlier one moves down, as far as its earliest start; then the later one up, as far as its latest start. A claim of
    which no bound is known stands beside what it is anchored to, or what is anchored to it; where there is neither it
    has no day, and comes last."""
    behind: dict[str, dict[str, int]] = {id: {} for id in bounds}
    for id, each in anchors.items():
        for anchor in each:
            if anchor.node in behind and anchor.how in _EARLIER:
                behind[anchor.node][id] = _EARLIER[anchor.how]
            elif anchor.node in behind and anchor.how in _LATER:
                behind[id][anchor.node] = max(_LATER[anchor.how], behind[id].get(anchor.node, 0))
    rows, circles = in_order(behind)
    found = _Days({id: order_day(bounds[id]) for id in rows}, bounds, {id: behind[id] for id in rows})
    found.down(rows)
    found.fill(anchors, day_of)
    found.down(rows)
    found.up(rows)
    return found.days, circles


class _Days:
    """Days being moved about. `behind`: claim → those before it, each with the days between."""

    def __init__(
        self, days: dict[str, int | None], bounds: Mapping[str, Bounds], behind: Mapping[str, Mapping[str, int]]
    ) -> None:
        self.days, self._bounds, self._behind = days, bounds, behind
        self._ahead: dict[str, list[str]] = {}
        for later, them in behind.items():
            for earlier in them:
                self._ahead.setdefault(earlier, []).append(later)

    def down(self, rows: Sequence[str]) -> None:
        """The earlier of each pair moves before the later, the last pairs first."""
        for earlier, _, gap, first, second in self._pairs(reversed(rows)):
            self._move(earlier, min(first, second - gap))

    def up(self, rows: Sequence[str]) -> None:
        """The later of each pair moves behind the earlier, the first pairs first."""
        for _, later, gap, first, second in self._pairs(rows):
            self._move(later, max(second, first + gap))

    def fill(self, anchors: Mapping[str, Sequence[Anchor]], day_of: Day) -> None:
        """Days for claims that have none, as far as they travel along the anchors."""
        empty = [id for id, day in self.days.items() if day is None]
        while filled := [(id, day) for id in empty if (day := self._beside(id, anchors[id], day_of)) is not None]:
            self.days.update(filled)
            empty = [id for id in empty if self.days[id] is None]

    def _beside(self, id: str, anchors: Iterable[Anchor], day_of: Day) -> int | None:
        after = [day + 1 for earlier in self._behind[id] if (day := self.days.get(earlier)) is not None]
        before = [day - 1 for later in self._ahead.get(id, ()) if (day := self.days.get(later)) is not None]
        if after or before:
            return min(max(max(after) if after else min(before), FIRST_DAY), LAST_DAY)
        near = (self.days[a.node] if a.node in self.days else day_of(a.node) for a in anchors)
        return max((day for day in near if day is not None), default=None)

    def _pairs(self, rows: Iterable[str]) -> Iterator[tuple[str, str, int, int, int]]:
        """(earlier, later, days between them, day of each) of each pair in which both have one."""
        for later in rows:
            for earlier, gap in self._behind[later].items():
                first, second = self.days.get(earlier), self.days[later]
                if first is not None and second is not None:
                    yield earlier, later, gap, first, second

    def _move(self, id: str, wanted: int) -> None:
        own = self._bounds[id]
        if max(own.s0, FIRST_DAY) <= wanted <= min(own.s1, LAST_DAY):
            self.days[id] = wanted
