"""A level as SQL. The inner statement walks an index in the order asked for and stops at the limit, under each owner
afresh; the outer reads the few rows that were kept. (Measured: `row_number()` over all rows costs 3.2 million steps of the
virtual machine where this costs 222.) CROSS JOIN and INDEXED BY pin the way, so that it depends on no statistics."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from graph.names import tokens as words
from graph.plan import Every, Ids, Level, Matching, Of
from graph.predicate import Predicate
from graph.stores.sqlite.printer import SqlPrinter, bindable
from graph.stores.sqlite.tables import label, order_index

BOUNDS: Final = ("s0", "s1", "e0", "e1")


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its parameters by name."""

    text: str
    parameters: dict[str, object]
