"""What the checks found, for people: tables and lines for a terminal."""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from seed.compare import Comparison, Pair, Placed, Tally


def comparison(found: Comparison) -> Iterator[RenderableType]:
    """Agreement by kind of claim, then every difference for settling, in the order of A."""
    yield _agreement(found)
    for title, level in (("Nearly the same", "NEAR"), ("The same, told otherwise", "MATCHED"), ("Perhaps one", "KIN")):
        yield from _section(title, (_pair(pair) for pair in found.pairs if pair.level == level and pair.differs))
    yield from _section("Only in A", map(_placed, found.only_a))
    yield from _section("Only in B", map(_placed, found.only_b))
    yield from _section("Named by claims of A alone", found.entities_a)
    yield from _section("Named by claims of B alone", found.entities_b)


def _agreement(found: Comparison) -> Table:
    table = Table(title="Agreement: 2 × pairs / (A + B)", title_justify="left", show_footer=True)
    total = _row(found.total)
    table.add_column("kind of claim", "all")
    for head, foot in zip(("A", "B", "matched", "agreement", "ends alone", "with identity"), total, strict=True):
        table.add_column(head, foot, justify="right")
    for name, tally in found.tallies.items():
        table.add_row(name, *_row(tally))
    return table


def _row(tally: Tally) -> tuple[str, ...]:
    shares = (tally.agreement(pairs) for pairs in (tally.matched, tally.ends, tally.identity))
    return str(tally.a), str(tally.b), str(tally.matched), *("" if each is None else f"{each:.2f}" for each in shares)


def _section(title: str, lines: Iterable[str]) -> Iterator[Text]:
    found = list(lines)
    if found:
        yield Text(f"\n{title}", style="bold")
        yield from map(Text, found)


def _pair(pair: Pair) -> str:
    differs = (f"  {each.field}: {each.a or 'nothing'} | {each.b or 'nothing'}" for each in pair.differs)
    return "\n".join((_placed(pair.a), _placed(pair.b), *differs))


def _placed(each: Placed) -> str:
    return f"{each.file}:{each.line}: {each.claim.id}: {each.claim.statement}"
