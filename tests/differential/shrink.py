"""The smallest level that still fails: parts are dropped, or replaced by parts of their own, as long as it helps."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeVar

from graph.plan import Ids, Level, Matching, Of, Order
from graph.predicate import ALWAYS, NEVER, All, Any, At, Has, In, Not, Predicate, Some

_TRIES: Final = 2000
T = TypeVar("T")


def shrunk(level: Level, fails: Callable[[Level], bool]) -> Level:
    """Greedy: the first smaller level that still fails is gone on from."""
    tries = 0
    while True:
        for smaller in _smaller(level):
            tries += 1
            if tries > _TRIES:
                return level
            if fails(smaller):
                level = smaller
                break
        else:
            return level


def _smaller(level: Level) -> Iterator[Level]:
    plain = Order.NAME_ASC if level.of == "entity" else Order.START_ASC
    for simpler in (
        *(replace(level, marks=()), replace(level, fill=()), replace(level, skeleton=False)),
        replace(level, dated=False),
        *(replace(level, after=None), replace(level, limit=None), replace(level, backward=False)),
        replace(level, order=plain),
    ):
        if simpler != level:
            yield simpler
    for index in range(len(level.marks)):
        yield replace(level, marks=_without(level.marks, index))
        for mark in smaller_predicates(level.marks[index]):
            yield replace(level, marks=(*level.marks[:index], mark, *level.marks[index + 1 :]))
    for index in range(len(level.fill)):
        yield replace(level, fill=_without(level.fill, index))
    if isinstance(level.start, Ids | Of) and len(level.start.ids) > 1:
        ids, half = level.start.ids, len(level.start.ids) // 2
        for fewer in (ids[:half], ids[half:], *(_without(ids, index) for index in range(len(ids)))):
            yield replace(level, start=replace(level.start, ids=fewer))
    if isinstance(level.start, Matching) and len(level.start.texts) > 1:
        for index in range(len(level.start.texts)):
            yield replace(level, start=replace(level.start, texts=_without(level.start.texts, index)))
    for where in smaller_predicates(level.where):
        yield replace(level, where=where)


def smaller_predicates(item: Predicate) -> Iterator[Predicate]:
    """Everything one step smaller: a constant, a part instead of the whole, the whole with one part smaller or gone."""
    if item in (ALWAYS, NEVER):
        return
    yield ALWAYS
    yield NEVER
    match item:
        case All(items) | Any(items):
            yield from items
            for index, each in enumerate(items):
                yield replace(item, items=_without(items, index))
                for less in smaller_predicates(each):
                    yield replace(item, items=(*items[:index], less, *items[index + 1 :]))
        case Not(inner):
            yield inner
            yield from (Not(less) for less in smaller_predicates(inner))
        case At(where=where) | Some(where=where):
            if isinstance(item, Some) and item.n > 1:
                yield replace(item, n=item.n - 1)
            if isinstance(item, Some) and item.distinct:
                yield replace(item, distinct=None)
            yield from (replace(item, where=less) for less in smaller_predicates(where))
        case In(column, values):
            yield from (In(column, _without(values, index)) for index in range(len(values)))
        case Has(column, tests) if len(tests) > 1:
            yield from (Has(column, _without(tests, index)) for index in range(len(tests)))


def _without(items: tuple[T, ...], index: int) -> tuple[T, ...]:
    return (*items[:index], *items[index + 1 :])
