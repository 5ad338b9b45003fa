"""A kind and a relation that the ontology learns are published without a word in `api/`; and `api/` names none."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from graph.ontology import ONTOLOGY
from graph.ontology.types import Ontology

ROOT = Path(__file__).parents[2]

# The ontology is replaced before anything is made from it.
PATCH = """
from dataclasses import replace
import graph.ontology as house
from graph.ontology.relations import directed, roles
from graph.ontology.types import Kind, Ontology, Prop, Relation, Term, Vocabulary

old = house.ONTOLOGY
lamp = Vocabulary("LampColour", "lamp-colour", "The colours of lamps.", (Term("lamp-colour", "RED", "Red."),))
range = Prop("range", "number", "How far it shines.")
height = Prop("height", "decimal", "Its height in metres.")
lighthouse = Kind("Lighthouse", "Thing", "lighthouses", "A lighthouse.", (range, height))
warning = Relation(
    "Warning",
    "warnings",
    "A lighthouse warns an actor.",
    (*directed("warnings", "warnedBy", ("Lighthouse",), ("Actor",), "What warns.", "Who is warned."), *roles("EVENT")),
    (Prop("colour", lamp, "The colour in which it warns."),),
)
house.ONTOLOGY = Ontology(
    {kinds}, {relations}, old.roles, old.common_slots, old.common_props,
    dict(old.vocabularies) | {{"LampColour": lamp}}, (*old.terms, *lamp.terms),
)
import api.schema
"""
PRINT = """
print(api.schema.printed())
plan, _ = api.schema.ROOTS["warnings"]({"where": {"from": {"range": {"gt": 3}}, "colour": {"eq": "RED"}}})
assert plan.relation == "Warning", plan
assert api.schema.SPECIES["Lighthouse", "warnings"] == api.schema.species.Link("Warning", "FROM")
"""


DECIMALS = """
from math import inf
from pathlib import Path
from tempfile import mkdtemp
from api.execution.execute import Engine
from graph.claim import Entity
from graph.faults import faults
from graph.stores.sqlite.builder import build
from graph.stores.sqlite.store import SqliteStore
from tests.execution.engine import Inline, data, no_other

heights = {"low": 12, "high": 12.5, "odd": -0.1}
lights = [Entity(f"Lighthouse:{name}", "Lighthouse", name, props={"height": of}) for name, of in heights.items()]
lights.append(Entity("Lighthouse:unknown", "Lighthouse", "unknown"))
store = SqliteStore(build(lights, (), Path(mkdtemp()), digest="of the tests", schema="of the tests"))
engine = Engine(Inline(store, store.about_now()), no_other)

def found(where):
    return [each["height"] for each in data(engine, f"{{ lighthouses(where: {where}) {{ nodes {{ height }} }} }}")
            ["lighthouses"]["nodes"]]

assert found("{}") == [12.5, 12, -0.1, None]
assert found("{ height: { gt: 12 } }") == [12.5]
assert found("{ height: { eq: 12.0 } }") == [12]
assert found("{ height: { lte: 12 } }") == [12, -0.1]
assert found("{ height: { in: [12.5, -0.1] } }") == [12.5, -0.1]
assert found("{ height: { isNull: true } }") == [None]

for value in (inf, "12", True):
    (fault,) = faults(Entity("Lighthouse:a", "Lighthouse", "a", props={"height": value}), lambda *_: ("a", 1))
    assert fault.field == "height" and fault.reason.endswith("is not a number"), fault
"""


def grown(kinds: str, relations: str, then: str = PRINT) -> subprocess.CompletedProcess[str]:
    script = PATCH.format(kinds=kinds, relations=relations) + then
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)


def test_a_new_kind_and_relation_are_published_from_the_ontology_alone() -> None:
    done = grown("(*old.kinds, lighthouse)", "(*old.relations, warning)")
    assert done.returncode == 0, done.stderr
    for line in (
        "type Lighthouse implements Thing & Entity & Node {",
        "  range: Int",
        "  height: Float",
        "  height: FloatFilter",
        "  lighthouses(",
        "  warnings(where: WarningWhere, orderBy: ClaimOrder, first: Int, after: String): WarningConnection!",
        "  warnedBy(where: WarningWhere, orderBy: ClaimOrder, first: Int, after: String): WarningConnection!",
        "type Warning implements Claim & Node {",
        "  from: Lighthouse!",
        "  colour: LampColour",
        "  LIGHTHOUSE",
        "  WARNING",
        "type WarningEdge {",
        "input LighthouseWhere {",
    ):
        assert f"\n{line}\n" in done.stdout, line


def test_a_decimal_is_kept_compared_and_checked() -> None:
    done = grown("(*old.kinds, lighthouse)", "(*old.relations, warning)", DECIMALS)
    assert done.returncode == 0, done.stderr


def test_a_relation_of_the_name_of_a_property_is_refused_at_the_build() -> None:
    slots = 'directed("range", "warnedBy", ("Lighthouse",), ("Actor",), "", "")'
    done = grown("(*old.kinds, lighthouse)", f"(*old.relations, replace(warning, slots={slots}))")
    assert "Lighthouse.range has two meanings" in done.stderr
    assert done.returncode == 1


def test_two_things_of_one_root_field_are_refused_at_the_build() -> None:
    done = grown('(*old.kinds, replace(lighthouse, field="missions"))', "(*old.relations, warning)")
    assert "two root fields are called missions" in done.stderr
    assert done.returncode == 1


# The wall


def names() -> frozenset[str]:
    """What the ontology calls its kinds and relations; less the words in which every ontology is written (`sources` is
    a slot of every claim, `terms` are what any vocabulary holds)."""
    found: set[str] = set()
    for kind in ONTOLOGY.kinds:
        found |= {kind.name, kind.constant, kind.field}
    for relation in ONTOLOGY.relations:
        found |= {relation.name, relation.constant, relation.field, *(slot.back for slot in relation.ends)}
    slots = {name for slot in ONTOLOGY.common_slots for name in (slot.name, slot.field)}
    return frozenset(found - slots - {field.name for field in fields(Ontology)} - {""})


def named(source: str, known: frozenset[str]) -> Iterator[str]:
    """The names in a module: as a whole string, as a type in one (`"[Mission!]!"`, `MissionWhere`), as an attribute of
    several words. Prose and variables are free to use plain words."""
    capitals = "|".join(sorted(name for name in known if name[0].isupper()))
    compound = re.compile(rf"\b(?:{capitals})(?:Where|Connection|Edge|!)")
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Constant(value=str(text)) if text in known or compound.search(text):
                yield f"{node.lineno}: {text[:60]}"
            case ast.Attribute(attr=word) if word in known and word != word.lower():
                yield f"{node.lineno}: {word}"


def test_no_relation_and_no_kind_is_named_in_api() -> None:
    files = sorted((ROOT / "api").rglob("*.py"))
    assert len(files) > 10
    known = names()
    found = [f"{file.relative_to(ROOT)}:{each}" for file in files for each in named(file.read_text("utf-8"), known)]
    assert found == []


@pytest.mark.parametrize(
    "line", ['x = "Appointment"', 'f(by="appointees")', 'z = "[Mission!]!"', 'w = f"StateWhere{x}"']
)
def test_a_name_in_code_is_seen(line: str) -> None:
    assert list(named(line, names()))


def test_prose_is_free_to_use_plain_words() -> None:
    assert not list(named('"""The state of a mission, at a place."""\nparts = ["sources", "terms"]', names()))
