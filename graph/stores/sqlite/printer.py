"""The nine forms as SQL conditions on a row of `entity` or `claim`. Every value is a parameter, and a list is one; the
text holds none."""

import re
from collections.abc import Iterable
from typing import Final

import orjson

from graph.ontology.types import FACT
from graph.predicate import At, Cmp, Has, In, Owner, Predicate, Present, Printer, Some, Value, shape
from graph.stores.columns import FACT_COLUMN, LISTS
from graph.stores.sqlite.tables import quoted

_COMPARED: Final = {
    "eq": "{} = {}",
    "gt": "{} > {}",
    "gte": "{} >= {}",
    "lt": "{} < {}",
    "lte": "{} <= {}",
    "contains": "instr({}, {}) > 0",
    "startsWith": "instr({}, {}) = 1",
}
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")
GROUP: Final = 200
"""Conjuncts written side by side."""


def listed(values: Iterable[Value]) -> str:
    """Values as one parameter, for `json_each`. What no stored text can hold is left out: SQLite would cut it short."""
    return orjson.dumps([value for value in values if not isinstance(value, str) or _storable(value)]).decode()


def bindable(value: Value) -> Value | bytes:
    """A value as a parameter. Text that UTF-8 cannot hold becomes bytes, which equal no text."""
    if isinstance(value, str) and not _storable(value):
        return value.encode("utf-8", "surrogatepass")
    return value


def _storable(text: str) -> bool:
    return _UNSTORABLE.search(text) is None


class SqlPrinter(Printer):
    """Prints for a statement in which `owner` (SQL) is the id of the page's owner; None where there are no owners."""

    def __init__(self, owner: str | None = None) -> None:
        super().__init__()
        self._owner = owner

    def value(self, value: object) -> str:
        """A place for the value, which becomes a parameter."""
        return f":{self.parameter(value)}"

    def within(self, values: Iterable[Value]) -> str:
        """A source of the values, which become one parameter."""
        return f"json_each({self.value(listed(values))})"

    def leaf(self, item: Predicate, row: str) -> str:
        match item:
            case Cmp(value=Owner()) if self._owner is None:
                return "FALSE"
            case Cmp(column, op, value):
                cell = f"{row}.{quoted(column)}"
                other = self._owner or "" if isinstance(value, Owner) else self.value(bindable(value))
                return f"({cell} IS NOT NULL AND {_COMPARED[op].format(cell, other)})"
            case In(column, values):
                cell = f"{row}.{quoted(column)}"
                return f"({cell} IS NOT NULL AND {cell} IN (SELECT value FROM {self.within(values)}))"
            case Has(column, tests):
                each = self.variable()
                passed = (_COMPARED[op].format(f"{each}.value", self.value(bindable(value))) for op, value in tests)
                source = f"json_each({row}.{quoted(column)}) {each}"
                return f"EXISTS (SELECT 1 FROM {source} WHERE {' AND '.join(passed) or 'TRUE'})"
            case Present(column):
                cell = f"{row}.{quoted(column)}"
                return f"({cell} IS NOT NULL AND {cell} <> '[]')" if column in LISTS else f"{cell} IS NOT NULL"
            case At(slot, where, of):
                fill, node = self.variable(), self.variable()
                source = f"fill {fill} CROSS JOIN {of} {node} ON {node}.id = {fill}.n"
                standing = f"{fill}.claim = {row}.seq AND {fill}.slot = {self.value(slot)}"
                return f"EXISTS (SELECT 1 FROM {source} WHERE {standing} AND {self.text(where, node)})"
            case Some():
                return self._some(item, row)
        raise AssertionError(f"not one of the nine forms: {item}")

    def _join(self, word: str, items: tuple[Predicate, ...], row: str, empty: str) -> str:
        """In groups, since SQLite refuses an expression more than 1,000 deep, and a chain is as deep as it is long."""
        if len(items) <= GROUP:
            return super()._join(word, items, row, empty)
        items = tuple(sorted(items, key=shape))
        groups = (items[i : i + GROUP] for i in range(0, len(items), GROUP))
        return f"({word.join(super(SqlPrinter, self)._join(word, group, row, empty) for group in groups)})"

    def _some(self, item: Some, row: str) -> str:
        page, claim, fill = self.variable(), self.variable(), self.variable()
        source = f"FROM adj {page} CROSS JOIN claim {claim} ON {claim}.seq = {page}.claim"
        where = f"{page}.n = {row}.id AND {page}.relation = {self.value(item.relation)}"
        where += f" AND {page}.slot = {self.value(item.slot)}"
        if item.distinct not in (None, FACT):
            source += f" CROSS JOIN fill {fill} ON {fill}.claim = {claim}.seq"
            where += f" AND {fill}.slot = {self.value(item.distinct)}"
            if item.distinct == item.slot:
                where += f" AND {fill}.n <> {row}.id"
        where += f" AND {self.text(item.where, claim)}"
        if item.n <= 1:
            return f"EXISTS (SELECT 1 {source} WHERE {where})"
        counted = "1" if item.distinct is None else f"DISTINCT {fill}.n"
        if item.distinct == FACT:
            counted = f"DISTINCT {claim}.{quoted(FACT_COLUMN)}"
        most = self.value(item.n)
        return f"(SELECT count(*) FROM (SELECT {counted} {source} WHERE {where} LIMIT {most})) = {most}"
