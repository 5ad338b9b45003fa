"""A level as SQL. The inner statement walks an index in the order asked for and stops at the limit, under each owner
afresh; the outer one reads the few rows that were kept. CROSS JOIN and INDEXED BY pin the way, so that it hangs on no
statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.ontology.types import FACT
from graph.plan import Case, Different, Every, Ids, Level, Matching, Of, Tally
from graph.stores.columns import FACT_COLUMN, LISTS
from graph.stores.sqlite.printer import SqlPrinter, bindable
from graph.stores.sqlite.tables import FACT_INDEX, label, order_index, quoted

BOUNDS: Final = ("s0", "s1", "e0", "e1")
_OWNER: Final = "o.value"
_LAST: Final = "\x7f"
"""Sorts after every key: a key is ASCII, and holds no control character but U+001F."""


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL, and its parameters by name."""

    text: str
    parameters: dict[str, object]


def rows(level: Level) -> Statement:
    """Answers one JSON list of [seq, id, key, owner, *marks, *bounds of a dated skeleton], in no order; where a page
    goes on, with one row more than its limit. (One record costs Python half of what a record a row does.)"""
    printer, owned = _begun(level)
    source, conditions = _start(level, printer)
    place, falling = _place(level), level.order.down != level.backward
    beyond = level.after if level.after is not None else _LAST if falling else ""
    conditions.append(f"{place} {'<' if falling else '>'} {printer.value(bindable(beyond))}")
    conditions.append(printer.text(level.where, "c"))
    limit = printer.value(-1 if level.limit is None else level.limit + 1)
    # Words were stored in the order of `k`, so that a search may stop at its limit without having seen every match.
    order = "w.rowid" if source.startswith(f"{level.of}_words") and level.order.key == "k" else place
    order += " DESC" if falling else ""
    kept = f"SELECT c.seq FROM {source} WHERE {_all(conditions)} ORDER BY {order} LIMIT {limit}"
    owner, owners = (_owner(level), f"{owned} CROSS JOIN ") if owned else ("NULL", "")
    told = [printer.text(mark, "r") for mark in level.marks]
    if level.skeleton and level.dated and level.of == "claim":
        told += [f"r.{bound}" for bound in BOUNDS]
    record = f"json_array({', '.join(('r.seq', 'r.id', f'r.{level.order.key}', owner, *told))})"
    text = f"SELECT json_group_array({record}) FROM {owners}{level.of} r WHERE r.seq IN ({kept})"
    return Statement(text, printer.parameters)


def counts(level: Level, cases: Sequence[Case]) -> Statement:
    """Answers (owner, JSON list), the list holding how many rows there are, and the number of each case."""
    printer, owned = _begun(level)
    source, conditions = _start(level, printer)
    conditions.append(printer.text(level.where, "c"))
    sums = ["count(*)", *(_number(case, printer) for case in cases)]
    counted = f"(SELECT json_array({', '.join(sums)}) FROM {source} WHERE {_all(conditions)})"
    return Statement(
        f"SELECT {_owner(level)}, {counted} FROM {owned}" if owned else f"SELECT NULL, {counted}", printer.parameters
    )


def _number(case: Case, printer: SqlPrinter) -> str:
    if isinstance(case, Different):
        return f"count(DISTINCT CASE WHEN {printer.text(case.where, 'c')} THEN c.{quoted(case.column)} END)"
    return f"sum({printer.text(case, 'c')})"


def tallies(level: Level, tally: Tally) -> Statement:
    """Answers (owner, JSON list), the list holding [value, number] of each value that is told."""
    printer, owned = _begun(level)
    source, conditions = _start(level, printer)
    conditions.append(printer.text(level.where, "c"))

    def filled(slot: str, name: str) -> tuple[str, str]:
        other = f" AND {name}.n <> {_OWNER}" if owned and slot == tally.but_owner else ""
        on = f"{name}.claim = c.seq AND {name}.slot = {printer.value(slot)}{other}"
        return f"{name}.n", f" LEFT JOIN fill {name} ON {on}"

    if tally.nodes:
        cell, joined = filled(tally.by, "v")
    elif tally.by in LISTS:
        cell, joined = "v.value", f" LEFT JOIN json_each(c.{quoted(tally.by)}) v"
    else:
        cell, joined = f"c.{quoted(tally.by)}", ""
    match tally.distinct:
        case None:
            counted, more = "c.seq", ""
        case slot if slot == FACT:
            counted, more = f"c.{quoted(FACT_COLUMN)}", ""
        case slot:
            counted, more = filled(slot, "d")
    told = f"SELECT {cell} AS told, count(DISTINCT {counted}) AS number"
    grouped = f"{told} FROM {source}{joined}{more} WHERE {_all(conditions)} GROUP BY {cell}"
    kept = f"{grouped} ORDER BY number DESC, told IS NULL, told LIMIT {printer.value(tally.first)}"
    listed = f"(SELECT json_group_array(json_array(told, number)) FROM ({kept}))"
    return Statement(
        f"SELECT {_owner(level)}, {listed} FROM {owned}" if owned else f"SELECT NULL, {listed}", printer.parameters
    )


def _begun(level: Level) -> tuple[SqlPrinter, str]:
    """A printer for the level, and the source of its owners; none where it has no owners."""
    match level.start:
        case Of(ids):
            printer = SqlPrinter(_OWNER)
            return printer, f"{printer.within(dict.fromkeys(ids))} o"
        case Matching(texts):
            printer = SqlPrinter()
            return printer, f"{printer.within(map(_query, texts))} o"
    return SqlPrinter(), ""


def _owner(level: Level) -> str:
    """The owner as a row tells it: a node, or the place of a text."""
    return "CAST(o.key AS TEXT)" if isinstance(level.start, Matching) else _OWNER


def _query(groups: Sequence[Sequence[str]]) -> str:
    """A text as FTS5 looks for it: one word of each group, each word literally."""
    return " AND ".join(f"({' OR '.join(map(_quoted, words))})" for words in groups)


def _quoted(word: str) -> str:
    return f'"{word}"'


def _start(level: Level, printer: SqlPrinter) -> tuple[str, list[str]]:
    """What is walked, with `c` for the row, and the conditions that bound it."""
    table = level.of
    match level.start:
        case Of(slot=slot) if slot == FACT:
            return f"claim c INDEXED BY {FACT_INDEX}", [f"c.{quoted(FACT_COLUMN)} = {_OWNER}"]
        case Of(_, relation, slot):
            page = [f"b.n = {_OWNER}", f"b.relation = {printer.value(relation)}", f"b.slot = {printer.value(slot)}"]
            return "adj b CROSS JOIN claim c ON c.seq = b.claim", page
        case Ids(ids):
            return f"{printer.within(dict.fromkeys(ids))} i CROSS JOIN {table} c ON c.id = i.value", []
        case Every(name) | Matching(_, name):
            column, value = label(table, name)
            labelled = [f"c.{column} = {printer.value(value)}"] if column else []
    if isinstance(level.start, Matching):
        words = f"{table}_words"
        return f"{words} w CROSS JOIN {table} c ON c.seq = w.seq", [f"w.{words} MATCH {_OWNER}", *labelled]
    return f"{table} c INDEXED BY {order_index(table, column, level.order.key)}", labelled


def _place(level: Level) -> str:
    """The order key, where the start has it."""
    paged = isinstance(level.start, Of) and level.start.slot != FACT
    return f"{'b' if paged else 'c'}.{level.order.key}"


def _all(conditions: list[str]) -> str:
    return " AND ".join(conditions)
