"""The pages of `docs/` say all there is to say, and what is generated in them is not behind the code."""

import ast
import re
from pathlib import Path
from typing import Final

import pytest

from api import error_codes, reference
from api.schema.inputs import PUBLISHED
from api.settings import Settings
from graph.grammar import INPUTS
from graph.ontology import ONTOLOGY
from graph.ontology.types import Ontology, Relation, Vocabulary

ROOT: Final = Path(__file__).parents[1]


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def test_no_page_is_stale() -> None:
    assert reference.stale() == [], "run: make docs"


def test_every_block_is_asked_for_by_a_page() -> None:
    asked = re.findall(r"<!-- generated: ([a-z-]+) -->", "".join(p.read_text() for p in (ROOT / "docs").rglob("*.md")))
    assert sorted(asked) == sorted(reference.BLOCKS)


def test_every_setting_is_documented() -> None:
    for name in Settings.model_fields:
        assert f"`PEACEGRAPH_{name.upper()}`" in page("operating.md")


def test_every_error_code_is_documented_with_what_it_means_and_what_would_pass() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.+) \|$", page("errors.md"), re.MULTILINE))
    assert rows.keys() == error_codes.codes().keys()
    for code, cells in rows.items():
        assert all(cell.strip() for cell in cells.split(" | ")), f"{code} has an empty cell"


def test_no_class_bears_a_code_of_which_the_pages_do_not_know() -> None:
    trees = (
        ast.parse(path.read_text(encoding="utf-8")) for room in ("graph", "api") for path in (ROOT / room).rglob("*.py")
    )
    classes = (node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    declared = [each for node in classes for each in node.body if isinstance(each, ast.Assign | ast.AnnAssign)]
    codes = {each.value.value for each in declared if _is_code(each) and isinstance(each.value, ast.Constant)}
    codes -= {None}
    assert codes == error_codes.codes().keys()
    assert error_codes.PASSES.keys() == codes, "PASSES says what a client would send instead, of each code and no other"


def _is_code(node: ast.Assign | ast.AnnAssign) -> bool:
    return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target) == "code"


def test_every_filter_and_every_operator_is_documented() -> None:
    text = page("querying.md")
    wheres = [name for name in INPUTS if name.endswith("Where")]
    shared = {name for name in INPUTS[wheres[0]].fields if all(name in INPUTS[where].fields for where in wheres)}
    assert {"and", "or", "not", "id"} <= shared
    for name, each in PUBLISHED.items():
        if name not in wheres:
            assert f"`{name}`" in text
        for field in shared if name in wheres else each.fields:
            assert f"| `{field}` |" in text, f"{name}.{field}"


def test_every_field_of_a_filter_is_documented_with_its_property_end_role_or_kind() -> None:
    text = page("querying.md") + page("model.md")
    names = [each.name for each in ONTOLOGY.kinds] + [each.name for each in ONTOLOGY.relations]
    branches = {re.sub("^(UN|[A-Z])", lambda first: first[0].lower(), name) for name in names} | {"ends", "kind"}
    for name, each in INPUTS.items():
        missing = [field for field in each.fields if f"`{field}`" not in text and field not in branches]
        assert missing == [], name


def test_every_kind_relation_slot_property_and_term_is_documented() -> None:
    text = page("model.md")
    slots = (*ONTOLOGY.roles, *ONTOLOGY.common_slots, *(slot for each in ONTOLOGY.relations for slot in each.slots))
    props = [*ONTOLOGY.common_props, *(prop for each in ONTOLOGY.relations for prop in each.props)]
    props += [prop for each in ONTOLOGY.kinds for prop in each.props]
    for kind in ONTOLOGY.kinds:
        assert f"| `{kind.name}` |" in text
    for name in (*(each.name for each in ONTOLOGY.relations), *ONTOLOGY.vocabularies):
        assert f"\n### {name}\n" in text
    names = (*(slot.field for slot in slots), *(prop.name for prop in props), *(term.name for term in ONTOLOGY.terms))
    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize("relation", ONTOLOGY.relations, ids=lambda relation: relation.name)
def test_a_relation_is_documented_with_its_identity_its_properties_and_what_not_to_code_so(relation: Relation) -> None:
    section = page("model.md").partition(f"\n### {relation.name}\n")[2].partition("\n### ")[0]
    if relation.identity:
        fields = ", ".join(f"`{name}`" for name in relation.identity)
        assert f"Claims that agree in their ends and in {fields} can tell one fact." in section
    for prop in relation.props:
        assert f"| `{prop.name}` |" in section
        assert prop.doc in section
    for rule in relation.not_this_but:
        assert f"| {' | '.join(rule)} |" in section


@pytest.mark.parametrize("vocabulary", ONTOLOGY.vocabularies.values(), ids=lambda vocabulary: vocabulary.name)
def test_a_vocabulary_is_documented_with_the_definitions_of_its_terms(vocabulary: Vocabulary) -> None:
    section = page("model.md").partition(f"\n### {vocabulary.name}\n")[2].partition("\n### ")[0]
    for term in vocabulary.terms:
        assert f"| `{term.name}` | {term.definition} |" in section


def test_a_new_relation_is_documented_by_generating_anew() -> None:
    ends = next(each for each in ONTOLOGY.relations if each.directed).ends
    new = Relation(
        "Rivalry",
        "rivalries",
        "One contends with the other.",
        ends,
        not_this_but=(("a", "b", "c"),),
        usual=(("Unit", "Grouping"),),
    )
    text = reference.relations(_with(new))
    assert (
        "### Rivalry\n\nOne contends with the other.\n\nAsked as `rivalries`. Usual pairs are Unit and Grouping;"
        in text
    )
    assert "| a | b | c |" in text
    assert text.startswith(reference.relations())


def _with(relation: Relation) -> Ontology:
    old = ONTOLOGY
    relations = (*old.relations, relation)
    return Ontology(old.kinds, relations, old.roles, old.common_slots, old.common_props, old.vocabularies, old.terms)


def test_a_page_that_fell_behind_is_stale_and_its_own_text_is_kept(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    written = "Before.\n\n<!-- generated: settings -->\nold\n<!-- end of generated -->\n\nAfter.\n"
    (tmp_path / "docs" / "page.md").write_text(written)
    (tmp_path / "docs" / "plain.md").write_text("No block.\n")
    assert reference.stale(tmp_path) == ["docs/page.md"]
    ((path, text),) = reference.pages(tmp_path).items()
    assert text == written.replace("old", reference.settings())
    (tmp_path / path).write_text(text)
    assert reference.stale(tmp_path) == []


@pytest.mark.parametrize(
    "text", ["<!-- generated: nothing -->\n<!-- end of generated -->", "<!-- generated: kinds -->\n"]
)
def test_a_block_that_nobody_writes_or_that_does_not_end_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page.md").write_text(text)
    with pytest.raises(ValueError, match=r"page\.md: "):
        reference.pages(tmp_path)


def test_every_link_between_pages_leads_somewhere() -> None:
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target, anchor in _LINK.findall(path.read_text(encoding="utf-8")):
            found = (path.parent / target).resolve() if target else path
            assert found.exists(), f"{path.name} → {target}"
            assert not anchor or anchor in anchors(found), f"{path.name} → {target}#{anchor}"


_LINK: Final = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")


def anchors(path: Path) -> set[str]:
    """What a link may name in a page: its headings, as GitHub spells them."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head).lower().replace(" ", "-") for head in heads}
