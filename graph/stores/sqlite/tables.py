"""The tables and indexes of a release file. Columns follow from the ontology; what a reader expects of a file is this
text."""

import sqlite3
from typing import Final

from graph.errors import StoreUnavailable
from graph.ontology import ONTOLOGY
from graph.plan import Table
from graph.stores.columns import COLUMNS, FACT_COLUMN, KEYS, Column, labels

OLDEST: Final = (3, 37, 0)
"""The first SQLite with STRICT tables."""


def check_engine() -> None:
    """Raises StoreUnavailable where this Python's SQLite is too old."""
    if sqlite3.sqlite_version_info < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        raise StoreUnavailable(f"this Python has SQLite {sqlite3.sqlite_version}; {wanted} or newer would pass")


BOTH: Final[tuple[Table, Table]] = ("entity", "claim")
_TYPES: Final = {"text": "TEXT", "number": "INTEGER", "decimal": "REAL", "flag": "INTEGER", "texts": "TEXT"}


def quoted(name: str) -> str:
    """A column's name as SQL writes it; some are words of SQL."""
    return f'"{name}"'


def _declared(column: Column) -> str:
    # A list that a kind or relation does not have is NULL.
    needed = not column.nullable and column.type != "texts"
    return f"{quoted(column.name)} {_TYPES[column.type]}{' NOT NULL' if needed else ''}"


def _wide(table: Table) -> str:
    """`seq` numbers the rows. The document comes last: a filter on what stands before it never touches its pages."""
    family = ("family TEXT NOT NULL",) if table == "entity" else ()
    keys = (f"{key} TEXT NOT NULL" for key in KEYS[table])
    declared = ", ".join(
        ("seq INTEGER PRIMARY KEY", *map(_declared, COLUMNS[table]), *family, *keys, "doc TEXT NOT NULL")
    )
    return f"CREATE TABLE {table} ({declared}) STRICT"


def _words(table: Table) -> str:
    """The searchable words, filled in the order of `k`, so that matches come in it."""
    options = "detail=none, columnsize=0, tokenize='unicode61 remove_diacritics 2'"
    return f"CREATE VIRTUAL TABLE {table}_words USING fts5(tokens, seq UNINDEXED, {options})"


def _ordered(table: Table, column: str, key: str) -> str:
    return f"CREATE INDEX {order_index(table, column, key)} ON {table} ({column + ', ' if column else ''}{key})"


def order_index(table: Table, column: str, key: str) -> str:
    """The name of the index that carries an order behind a label."""
    return f"{table}_{column}_{key}" if column else f"{table}_{key}"


def label(table: Table, name: str) -> tuple[str, str]:
    """The column that holds a label and the value it has there; no column where the label means every row."""
    if name == labels(table)[-1]:
        return "", ""
    if table == "entity" and name in ONTOLOGY.families:
        return "family", name
    return "kind", (ONTOLOGY.kind[name] if table == "entity" else ONTOLOGY.relation[name]).constant


FACT_INDEX: Final = "claim_by_fact"

_LABELLED: Final[dict[Table, tuple[str, ...]]] = {"entity": ("", "kind", "family"), "claim": ("", "kind")}

TABLES: Final = (
    *map(_wide, BOTH),
    # From a claim to what fills its slots, in the order of its document.
    "CREATE TABLE fill (claim INTEGER NOT NULL, slot TEXT NOT NULL, position INTEGER NOT NULL, n TEXT NOT NULL,"
    " PRIMARY KEY (claim, slot, position)) STRICT, WITHOUT ROWID",
    # From a node to the claims of each page on which it is an owner, in their orders.
    "CREATE TABLE adj (n TEXT NOT NULL, relation TEXT NOT NULL, slot TEXT NOT NULL, k TEXT NOT NULL, kd TEXT NOT NULL,"
    " claim INTEGER NOT NULL, PRIMARY KEY (n, relation, slot, k)) STRICT, WITHOUT ROWID",
    *map(_words, BOTH),
    "CREATE TABLE release (number INTEGER NOT NULL, digest TEXT NOT NULL, schema TEXT NOT NULL, built TEXT NOT NULL,"
    " counts TEXT NOT NULL, redirects TEXT NOT NULL, coverage TEXT NOT NULL) STRICT",
)
INDEXES: Final = (
    *(f"CREATE UNIQUE INDEX {table}_id ON {table} (id)" for table in BOTH),
    *(_ordered(table, column, key) for table in BOTH for column in _LABELLED[table] for key in KEYS[table]),
    "CREATE INDEX adj_kd ON adj (n, relation, slot, kd, claim)",
    f"CREATE INDEX {FACT_INDEX} ON claim ({quoted(FACT_COLUMN)}, k)",
)
