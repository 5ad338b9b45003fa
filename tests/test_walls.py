"""The walls of the house: which room may know which, what may be named where, and that the pages of `docs/` say all."""

import ast
import importlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Final

import pytest

from bench.generate import Graph, Shape
from graph.filters import VIA
from graph.grammar import DISTINCT, INPUTS
from graph.ontology import ONTOLOGY
from graph.plan import Case, Different, Ids, Level, Matching, Of
from graph.predicate import All, Any, At, Cmp, Has, In, Not, Owner, Predicate, Some, Value
from graph.stores.neo4j import statement as neo4j
from graph.stores.sqlite import statement as sqlite
from tests.differential.forms import FORMS, Forms
from tests.oracle import Oracle

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("graph", "api", "seed")
DRIVERS: Final = frozenset({"neo4j", "sqlite3"})


def sources(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of some rooms (`peacegraph.py` is a room of its own): path from the top, parsed."""
    for room in rooms:
        for path in [ROOT / room] if room.endswith(".py") else sorted((ROOT / room).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """The modules that a module imports, at its head or inside a function."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def room_of(module: str) -> str:
    return module.partition(".")[0]


# Rooms


@pytest.mark.parametrize(("room", "others"), [("graph", {"api", "seed"}), ("seed", {"api"}), ("api", {"seed"})])
def test_traffic_runs_one_way(room: str, others: set[str]) -> None:
    known = {(path, module) for path, tree in sources(room) for module in imported(tree)}
    assert {(path, module) for path, module in known if room_of(module) in others} == set()


def test_only_the_composition_root_knows_all_rooms_and_nobody_knows_it() -> None:
    ((_, tree),) = sources("peacegraph.py")
    assert set(ROOMS) <= {room_of(module) for module in imported(tree)}
    assert [path for path, tree in sources(*ROOMS) if "peacegraph" in map(room_of, imported(tree))] == []


def test_only_the_stores_import_a_driver() -> None:
    importing = {path for path, tree in sources(*ROOMS, "peacegraph.py") if DRIVERS & set(map(room_of, imported(tree)))}
    assert importing
    assert {path for path in importing if not path.startswith("graph/stores/")} == set()


def test_no_module_reaches_into_the_private_names_of_another() -> None:
    reaching = [
        f"{path}: {node.module}.{alias.name}"
        for path, tree in sources(*ROOMS, "peacegraph.py", "bench")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and room_of(node.module) in (*ROOMS, "bench")
        for alias in node.names
        if alias.name.startswith("_") or any(part.startswith("_") for part in node.module.split("."))
    ]
    assert reaching == []


# The public surface


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_entered_by_its_modules_and_exports_nothing_itself(room: str) -> None:
    ((_, tree),) = (each for each in sources(room) if each[0] == f"{room}/__init__.py")
    assert ast.get_docstring(tree)
    assert [ast.unparse(node) for node in tree.body[1:]] == []


def test_what_a_module_exports_is_there() -> None:
    exporting = [path for path, tree in sources("graph", "api") if any(_is_all(node) for node in tree.body)]
    assert exporting
    for path in exporting:
        module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
        assert [name for name in module.__all__ if not hasattr(module, name)] == []


def _is_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"


# Names of kinds and relations

SPOKEN_OF: Final = {"Coverage": "an empty answer is explained by it; it is found by its shape, not by its name"}
"""A relation that the machinery of answers is about, so that identifiers may speak of it; strings may not name it."""

PLAIN_WORDS: Final = frozenset({"Event", "Identity", "Place", "Source", "State", "Term", "Unit"})
"""Kinds and relations that are named by plain words, which identifiers use in their plain sense; strings may not name
them either."""

_WORDS: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+")


def words(identifier: str) -> str:
    """The words of an identifier, each between spaces: `UNEntity` → ` un entity `."""
    return f" {' '.join(_WORDS.findall(identifier)).lower()} "


def declared() -> dict[str, tuple[str, ...]]:
    """Each kind and relation with its name and constant, where no slot is called so."""
    slots = {slot.name for slot in (*ONTOLOGY.roles, *ONTOLOGY.common_slots)}
    named = [(each.name, each.constant) for each in ONTOLOGY.kinds]
    named += [(each.name, each.constant) for each in ONTOLOGY.relations]
    return {names[0]: tuple(name for name in dict.fromkeys(names) if name not in slots) for names in named}


def texts(tree: ast.Module) -> Iterator[str]:
    """The strings of a module that are no docstrings."""
    said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
            yield node.value


def identifiers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name


def named_in_texts(tree: ast.Module) -> set[str]:
    """The kinds and relations that a string of the module names. What stands after `as in` is an example."""
    found = {name: re.compile(rf"(?<!as in )\b(?:{'|'.join(names)})\b") for name, names in declared().items() if names}
    exact = {text for text in texts(tree) if text in ONTOLOGY.kind or text in ONTOLOGY.relation}
    fields = {each.field: each.name for each in ONTOLOGY.relations}
    hits = {names for name, pattern in found.items() for text in texts(tree) for names in pattern.findall(text)}
    return hits | {text for text in exact if text in hits} | {text for text in texts(tree) if text in fields}


def places() -> Iterator[tuple[str, ast.Module]]:
    """Where nothing of the ontology may be named."""
    free = ("graph/ontology/", "graph/analysis/")
    return ((path, tree) for path, tree in sources("graph", "api", "peacegraph.py") if not path.startswith(free))


def test_no_text_names_a_kind_or_a_relation_outside_the_ontology() -> None:
    found = {(path, name) for path, tree in places() for name in named_in_texts(tree)}
    assert found == set()


def test_no_identifier_names_a_kind_or_a_relation_outside_the_ontology() -> None:
    names = {words(name): name for name in declared() if name not in PLAIN_WORDS and name not in SPOKEN_OF}
    found = {
        f"{path}: {identifier} names {name}"
        for path, tree in places()
        for identifier in identifiers(tree)
        for spelled, name in names.items()
        if spelled in words(identifier)
    }
    assert found == set()


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ('if relation == "Appointment": pass', "Appointment"),
        ('kind = "UN_ENTITY"', "UN_ENTITY"),
        ('text = f"MATCH (c:Partnership) WHERE c.k > {p}"', "Partnership"),
        ('id.startswith("Individual:")', "Individual"),
        ('document["appointments"]', "appointments"),
    ],
)
def test_a_name_in_a_text_would_be_found(code: str, name: str) -> None:
    assert name in named_in_texts(ast.parse(code))


def test_a_name_in_an_identifier_would_be_found() -> None:
    assert words("PartOf") in words("isPartOf")
    assert words("UNEntity") in words("un_entity_rows")
    assert words("Mission") not in words("permissions")


# Statements of the stores

CARRIERS: Final = frozenset({"value", "values", "tests", "ids", "tokens", "n"})
"""What the values of a question are called where a store takes them from its predicates and levels. They never stand in
a text, nor does their number."""

CARRYING: Final = CARRIERS | {"after", "limit"}
"""As fields; a variable of these names holds the name of a parameter."""

SHOWING: Final = frozenset({"str", "repr", "len", "list", "tuple", "sorted", "set", "map", "format", "join"})
"""Functions that show what they are given. Any other makes a parameter of it, or a text that is looked at in its own
place."""


def values_in_texts(tree: ast.Module) -> Iterator[str]:
    """Where a text is built with a value in it: interpolated, or by `%` or `+`. A message of an error is no
    statement."""
    raised = {id(each) for node in ast.walk(tree) if isinstance(node, ast.Raise) for each in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in raised:
            continue
        match node:
            case ast.FormattedValue(value=inner) if carried := set(shown(inner)):
                yield f"line {node.lineno}: {', '.join(sorted(carried))} in a text"
            case ast.BinOp(left=ast.Constant(value=str()) | ast.JoinedStr(), op=ast.Mod()):
                yield f"line {node.lineno}: a text made by %"
            case ast.BinOp(left=left, op=ast.Add(), right=right) if _is_text(left) or _is_text(right):
                if carried := {*shown(left), *shown(right)}:
                    yield f"line {node.lineno}: {', '.join(sorted(carried))} added to a text"


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def shown(node: ast.AST) -> Iterator[str]:
    """The carriers of values that an expression shows; a condition shows nothing."""
    match node:
        case ast.Name(id=name) if name in CARRIERS:
            yield name
        case ast.Attribute(attr=name) if name in CARRYING:
            yield name
        case ast.Attribute():
            pass
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)) if name not in SHOWING:
            pass
        case ast.IfExp(body=body, orelse=other):
            yield from shown(body)
            yield from shown(other)
        case _:
            for each in ast.iter_child_nodes(node):
                yield from shown(each)


def test_no_statement_is_built_with_values_in_it() -> None:
    engines = ((path, tree) for path, tree in sources("graph/stores") if path.count("/") == 3)
    found = {path: list(values_in_texts(tree)) for path, tree in engines}
    assert found
    assert {path: lines for path, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "code",
    [
        'f"c.name = {value}"',
        'f"c.name IN {list(item.values)}"',
        'f"LIMIT {level.limit + 1}"',
        """f"({','.join('?' for _ in ids)})\"""",
        '"c.name = %s" % value',
        '"c.name = " + value',
    ],
)
def test_a_value_in_a_statement_would_be_found(code: str) -> None:
    assert list(values_in_texts(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    [
        'f"c.name = {self.parameter(value)}"',
        'f"LIMIT {printer.value(level.limit + 1)}"',
        'f"{slot} {op}"',
        """f"ORDER BY k{' DESC' if level.after is None else ''}\"""",
    ],
)
def test_a_parameter_in_a_statement_passes(code: str) -> None:
    assert list(values_in_texts(ast.parse(code))) == []


MARKER: Final = "a value that no statement holds"
NUMBER: Final = 987_654_321


def other(value: Value | Owner) -> Value | Owner:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int() | float():
            return NUMBER
        case str():
            return MARKER
    return value


def others(values: Sequence[Value]) -> tuple[Value, ...]:
    """Others of the same type, and more of them; nothing instead of nothing."""
    return (*(MARKER if isinstance(value, str) else NUMBER for value in values), *values[:1])


def revalued(item: Predicate) -> Predicate:
    """The same form with other values in it, and lists of other lengths."""
    match item:
        case Cmp(column, op, value):
            return Cmp(column, op, other(value))
        case In(column, values):
            return In(column, others(values))
        case Has(column, tests):
            return Has(column, tuple((op, MARKER if isinstance(value, str) else value) for op, value in tests))
        case Not(inner):
            return Not(revalued(inner))
        case All(items):
            return All(tuple(map(revalued, items)))
        case Any(items):
            return Any(tuple(map(revalued, items)))
        case At():
            return replace(item, where=revalued(item.where))
        case Some(n=n):
            return replace(item, where=revalued(item.where), n=n + 1 if n > 1 else n)
    return item


def recounted(case: Case) -> Case:
    return Different(case.column, revalued(case.where)) if isinstance(case, Different) else revalued(case)


def asked_otherwise(level: Level) -> Level:
    """The same level asked with other values: filters, cursor, limit, ids, words."""
    start = level.start
    if isinstance(start, Ids | Of):
        start = replace(start, ids=tuple(map(str, others(start.ids))))
    elif isinstance(start, Matching):
        start = replace(start, texts=(((MARKER,),),))
    return replace(
        level,
        start=start,
        where=revalued(level.where),
        marks=tuple(map(revalued, level.marks)),
        after=level.after and MARKER,
        limit=level.limit and NUMBER,
    )


@pytest.mark.parametrize("engine", [sqlite, neo4j], ids=lambda engine: str(engine.__name__).split(".")[-2])
def test_a_statement_depends_on_the_shape_of_what_is_asked_and_on_no_value(engine: ModuleType) -> None:
    graph = Graph(3, 60, Shape("Appointment", "TO", "Mission", hub_share=0.2, few=3, holders=0.1, others=0.1))
    forms = Forms(Random(3), Oracle(graph.entities(), graph.claims()))
    for number in range(300):
        level = forms.level(depth=3, form=FORMS[number % len(FORMS)])
        cases = forms.cases(level)
        otherwise, other_cases = asked_otherwise(level), tuple(map(recounted, cases))
        read, counted = engine.rows(otherwise).text, engine.counts(otherwise, other_cases).text
        assert read == engine.rows(level).text
        assert counted == engine.counts(level, cases).text
        assert MARKER not in read + counted
        assert str(NUMBER) not in read + counted


# Decisions that the grammar holds


def test_only_numbers_have_ranges() -> None:
    ranged = {name for name, each in INPUTS.items() if {"gt", "gte", "lt", "lte"} & each.fields.keys()}
    assert ranged
    for name in ranged:
        operands = {INPUTS[name].fields[op].type for op in ("gt", "gte", "lt", "lte")}
        assert operands in ({"Int"}, {"Float"}), f"{name} compares {operands} by size, which engines do differently"


def test_a_roll_up_has_a_relation_to_follow_and_a_count_something_to_count() -> None:
    default = INPUTS["WithinFilter"].fields["via"].default
    assert isinstance(default, list)
    assert set(default) <= set(VIA)
    assert default
    assert INPUTS[f"{ONTOLOGY.relations[0].name}Count"].fields["distinct"].default in DISTINCT
