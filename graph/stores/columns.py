"""Ontology → columns, keys and adjacency: what both engines store, in one place. A new property needs nothing here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from graph.claim import Claim, Entity, Timed, fact_of
from graph.names import fold, name_key, start_key, start_key_descending, tokens
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, CLAIM, ENDS, ENTITY, ROLES, Prop, Vocabulary, constant
from graph.plan import Table
from graph.predicate import ANCHOR
from graph.spelling import words_of_names, words_of_text

ColumnType = Literal["text", "number", "decimal", "flag", "texts"]
Cell = str | int | float | bool | list[str] | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column that predicates may name. `texts` is a list of text. `nullable`: a row may lack the value (a list
    never does)."""

    name: str
    type: ColumnType
    nullable: bool = True


def _column(prop: Prop) -> Column:
    if prop.many:
        return Column(prop.name, "texts", nullable=False)
    scalar = "text" if isinstance(prop.type, Vocabulary) or prop.type in ("text", "code", "date") else prop.type
    return Column(prop.name, scalar)  # type: ignore[arg-type]  # what is left is a type of column too


def _unique(props: tuple[Prop, ...]) -> tuple[Column, ...]:
    """One column a property name: a name means one type in the whole ontology, and a test says so."""
    return tuple({prop.name: _column(prop) for prop in props if prop.indexed}.values())


ENTITY_COLUMNS: Final = (
    Column("id", "text", nullable=False),
    Column("kind", "text", nullable=False),
    Column("name", "text", nullable=False),
    Column("called", "texts", nullable=False),
    Column("named", "flag", nullable=False),
    Column("description", "text"),
    Column("identifiers", "texts", nullable=False),
    Column("aliasSources", "texts", nullable=False),
    *_unique(tuple(prop for kind in ONTOLOGY.kinds for prop in kind.props)),
)
FACT_COLUMN: Final = "fact"
"""The column of claims that holds the id of the fact that each tells; an index of its own leads from it."""
_ALWAYS_THERE: Final = {"polarity", "modality", "certainty", "statement"}
CLAIM_COLUMNS: Final = (
    Column("id", "text", nullable=False),
    Column("kind", "text", nullable=False),
    Column(FACT_COLUMN, "text", nullable=False),
    *(Column(day, "number", nullable=False) for day in ("s0", "s1", "e0", "e1")),
    Column("undated", "flag", nullable=False),
    Column("anchors", "texts", nullable=False),
    Column("unstated", "texts", nullable=False),
    Column("wording", "texts", nullable=False),
    Column("ordinal", "number"),
    *(Column(c.name, c.type, c.nullable and c.name not in _ALWAYS_THERE) for c in _unique(ONTOLOGY.common_props)),
    *_unique(tuple(prop for relation in ONTOLOGY.relations for prop in relation.props)),
)
COLUMNS: Final[dict[Table, tuple[Column, ...]]] = {"entity": ENTITY_COLUMNS, "claim": CLAIM_COLUMNS}
LISTS: Final = frozenset(column.name for columns in COLUMNS.values() for column in columns if column.type == "texts")
"""The columns that hold lists."""
KEYS: Final[dict[Table, tuple[str, ...]]] = {"entity": ("k",), "claim": ("k", "kd")}
"""The stored order keys of each table; each is indexed alone and behind every label."""

PAIR: Final = "\x1f"
"""Between the scheme and the value of an element of `identifiers`, and between the field and the text of one of
`wording`."""


def wording_field(field: str | None) -> str:
    """How an element of `wording` begins: with its field in capitals, which no folded text can hold, or `*` for any
    field."""
    return f"{constant(field) if field else '*'}{PAIR}"


_FOLDED: Final = {
    prop.name
    for props in (ONTOLOGY.common_props, *(k.props for k in ONTOLOGY.kinds), *(r.props for r in ONTOLOGY.relations))
    for prop in props
    if prop.type == "text"
} | {"name", "called", "description"}


def folded(column: str) -> bool:
    """Whether a column holds folded text, so that what it is compared with must be folded too."""
    return column in _FOLDED


@cache
def labels(table: Table) -> tuple[str, ...]:
    """Every label that `Every` and `Matching` may name for a table: kinds and families, or relations, and the one of
    all."""
    if table == "entity":
        return (*(kind.name for kind in ONTOLOGY.kinds), *ONTOLOGY.families, ENTITY)
    return (*(relation.name for relation in ONTOLOGY.relations), CLAIM)


@cache
def entity_labels(kind: str) -> tuple[str, ...]:
    """The labels that an entity of a kind stands under: kind, family, Entity."""
    return (kind, ONTOLOGY.kind[kind].family, ENTITY)


def _cells(props: object, wanted: tuple[Prop, ...]) -> dict[str, Cell]:
    values = dict(props)  # type: ignore[call-overload]
    cells: dict[str, Cell] = {}
    for prop in wanted:
        value = values.get(prop.name)
        if prop.many:
            cells[prop.name] = [fold(v) if folded(prop.name) else v for v in value or ()]
        else:
            cells[prop.name] = fold(value) if isinstance(value, str) and folded(prop.name) else value
    return cells


def entity_row(entity: Entity) -> dict[str, Cell]:
    """The cells of an entity: every column of its kind, `k`, and `tokens` (its searchable words and their spellings,
    with spaces between)."""
    names = (entity.name, *(alias.name for alias in entity.aliases))
    described = (entity.description,) if entity.description else ()
    kind = ONTOLOGY.kind[entity.kind]
    return {
        "id": entity.id,
        "kind": kind.constant,
        "name": fold(entity.name),
        "called": list(dict.fromkeys(map(fold, names))),
        "named": entity.named,
        "description": fold(entity.description) if entity.description else None,
        "identifiers": [f"{scheme}{PAIR}{value}" for scheme, value in entity.identifiers],
        "aliasSources": list(dict.fromkeys(alias.source for alias in entity.aliases)),
        **_cells(entity.props, tuple(prop for prop in kind.props if prop.indexed)),
        "k": name_key(entity.name, entity.id),
        "tokens": _listed(
            *(tokens(text) for text in (*names, *described)),
            words_of_names(names),
            *map(words_of_text, described),
        ),
    }


def claim_row(claim: Claim, timed: Timed) -> dict[str, Cell]:
    """The cells of a claim: every column of its relation, `k`, `kd`, and `tokens`, those of its statement."""
    relation, standing, bounds = ONTOLOGY.relation[claim.relation], claim.standing, timed.bounds
    own = tuple(prop for prop in relation.props if prop.indexed)
    return {
        "id": claim.id,
        "kind": relation.constant,
        FACT_COLUMN: fact_of(claim, timed),
        "s0": bounds.s0,
        "s1": bounds.s1,
        "e0": bounds.e0,
        "e1": bounds.e1,
        "undated": timed.undated,
        "anchors": [f"{anchor.how}{ANCHOR}{anchor.node}" for anchor in claim.during.anchors],
        "unstated": list(claim.unstated),
        "wording": [
            f"{place}{fold(text)}"
            for name, text in claim.wording
            for place in (wording_field(name), wording_field(None))
        ],
        "ordinal": claim.ordinal.n if claim.ordinal else None,
        "polarity": standing.polarity,
        "modality": standing.modality,
        "certainty": standing.certainty,
        "substantiated": standing.substantiated,
        "attribution": standing.attribution,
        "statement": fold(claim.statement),
        **_cells(claim.props, own),
        "k": start_key(timed.day, claim.id),
        "kd": start_key_descending(timed.day, claim.id),
        "tokens": _listed(tokens(claim.statement), words_of_text(claim.statement)),
    }


def _listed(*words: Iterable[str]) -> str:
    return " ".join(dict.fromkeys(word for some in words for word in some))


_ROLE_NAMES: Final = frozenset(role.name for role in ONTOLOGY.roles)


def adjacency(claim: Claim) -> Iterator[tuple[str, str, str]]:
    """(node, relation, slot) for every index page on which the claim stands: under its relation and slot; under `*`
    and each role; under `*` as an end and as one in a role. A node stands once on a page, however often it fills the
    slot."""
    ends = {slot.name for slot in ONTOLOGY.relation[claim.relation].ends}
    pages: dict[tuple[str, str, str], None] = {}
    for slot, ids in claim.fillers().items():
        for id in ids:
            pages[id, claim.relation, slot] = None
            if slot in ends:
                pages[id, ALL, ENDS] = None
            elif slot in _ROLE_NAMES:
                pages[id, ALL, ROLES] = None
                pages[id, ALL, slot] = None
    return iter(pages)


def slots() -> tuple[str, ...]:
    """Every slot constant that a claim can have filled."""
    own = (slot.name for relation in ONTOLOGY.relations for slot in relation.slots)
    return tuple(dict.fromkeys((*own, *(s.name for s in ONTOLOGY.roles), *(s.name for s in ONTOLOGY.common_slots))))


class OntologyColumns:
    """What `graph.predicate.lower` must know, from the ontology."""

    def __init__(self) -> None:
        self._nullable = {c.name for columns in COLUMNS.values() for c in columns if c.nullable}
        lists = {p.name: p.name for r in ONTOLOGY.relations for p in r.props if p.many}
        own = {s.name: s.field for r in ONTOLOGY.relations for s in r.slots if not s.least}
        self._unstated = lists | own | {role.name: role.field for role in ONTOLOGY.roles}

    def nullable(self, column: str) -> bool:
        return column in self._nullable

    def unstated(self, name: str) -> str | None:
        return self._unstated.get(name)


LOWERING: Final = OntologyColumns()
