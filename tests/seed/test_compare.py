"""Two coders of one source: what counts as the same claim, and that every difference is told."""

import json
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from graph.errors import Refused
from peacegraph import cli
from seed.compare import Comparison, Pair, as_json, compare
from tests.seed.example import EXAMPLE, changed, line_of

HEAD = EXAMPLE[: EXAMPLE.index("claims:\n") + len("claims:\n")]


def claims(*of: str) -> str:
    """A file of claims, each given by its fields between braces."""
    cited = "citations: [{locator: p}], statement: So."
    return HEAD + "".join(f"  - {{id: example-2020/{n}, {each}, {cited}}}\n" for n, each in enumerate(of, start=1))


def held(folder: Path, a: str, b: str) -> Comparison:
    paths = folder / "a.yaml", folder / "b.yaml"
    for path, text in zip(paths, (a, b), strict=True):
        path.write_text(text, encoding="utf-8")
    return compare(*paths)


def only(found: Comparison) -> Pair:
    (pair,) = found.pairs
    return pair


POST = "kind: APPOINTMENT, from: 'Individual:some-commander', to: 'Mission:example'"
PARTNERS = "kind: PARTNERSHIP, ends: ['Mission:example', 'State:country']"


def test_a_file_agrees_with_itself_in_full(tmp_path: Path) -> None:
    found = held(tmp_path, EXAMPLE, EXAMPLE)
    assert {name: tally.agreement(tally.matched) for name, tally in found.tallies.items()} == {
        "APPOINTMENT": 1.0,
        "PART_OF": 1.0,
    }
    assert (found.only_a, found.only_b, [pair.differs for pair in found.pairs]) == ((), (), [(), ()])


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (f"{POST}, during: {{on: '1956'}}", f"{POST}, during: {{start: '1956', end: '1956'}}"),
        (PARTNERS, "kind: PARTNERSHIP, ends: ['State:country', 'Mission:example']"),
        (f"{POST}, during: {{start: '1956', duration: P1Y}}", f"{POST}, during: {{start: '1956', duration: P12M}}"),
    ],
)
def test_ends_in_another_order_and_dates_in_other_words_are_the_same(tmp_path: Path, a: str, b: str) -> None:
    pair = only(held(tmp_path, claims(a), claims(b)))
    assert (pair.level, pair.differs) == ("MATCHED", ())


@pytest.mark.parametrize(
    ("a", "b", "field"),
    [
        ("during: {start: '1956'}", "during: {start: '1957'}", "during"),
        ("during: {start: '1956'}", "during: {start: '1956', end: '..'}", "during"),
        ("during: {duration: P1Y}", "during: {duration: P2Y}", "during"),
        (
            "during: {start: '1956'}",
            "during: {start: '1956', anchors: [{how: AFTER, node: 'State:country'}]}",
            "during",
        ),
        ("certainty: HEDGED", "certainty: STATED", "certainty"),
        ("polarity: DENIED", "polarity: ASSERTED", "polarity"),
        ("modality: PLANNED", "modality: ACTUAL", "modality"),
    ],
)
def test_other_dates_or_another_standing_are_near_and_no_match(tmp_path: Path, a: str, b: str, field: str) -> None:
    found = held(tmp_path, claims(f"{POST}, {a}"), claims(f"{POST}, {b}"))
    assert only(found).level == "NEAR"
    assert [each.field for each in only(found).differs] == [field]
    assert (found.total.ends, found.total.matched) == (1, 0)


def test_another_role_is_a_match_of_another_fact_and_is_told(tmp_path: Path) -> None:
    found = held(tmp_path, claims(f"{POST}, role: STAFF"), claims(f"{POST}, role: ENVOY"))
    assert only(found).differs == (("role", "STAFF", "ENVOY"),)
    assert (found.total.matched, found.total.identity) == (1, 0)


def test_what_is_free_words_is_not_compared(tmp_path: Path) -> None:
    other = changed(
        ("Some Commander led the force", "The force was led"),
        ("    to: Mission:example", "    note: Hm.\n    to: Mission:example"),
    )
    assert [pair.differs for pair in held(tmp_path, EXAMPLE, other).pairs] == [(), ()]


def test_a_claim_is_paired_once_and_the_rest_is_told_with_its_line(tmp_path: Path) -> None:
    a, b = claims(POST, POST, f"{POST}, certainty: HEDGED"), claims(POST, PARTNERS)
    found = held(tmp_path, a, b)
    assert [(pair.a.claim.id, pair.b.claim.id) for pair in found.pairs] == [("example-2020/1", "example-2020/1")]
    assert [(each.claim.id, each.line) for each in found.only_a] == [
        ("example-2020/2", line_of(a, "example-2020/2")),
        ("example-2020/3", line_of(a, "example-2020/3")),
    ]
    assert [each.claim.id for each in found.only_b] == ["example-2020/2"]
    assert found.tallies["APPOINTMENT"].agreement(1) == 0.5
    assert found.entities_b == ("State:country",)


def test_of_several_near_claims_the_one_with_the_same_key_properties_is_taken_first(tmp_path: Path) -> None:
    a = claims(f"{POST}, role: ENVOY, during: {{on: '1956'}}")
    b = claims(f"{POST}, role: STAFF, during: {{on: '1957'}}", f"{POST}, role: ENVOY, during: {{on: '1999'}}")
    pair = only(held(tmp_path, a, b))
    assert pair.b.claim.id == "example-2020/2"


def test_the_same_ends_under_another_kind_are_shown_together_and_count_for_nothing(tmp_path: Path) -> None:
    a = claims("kind: CONSENT, from: 'State:country', to: 'Mission:example'")
    found = held(tmp_path, a, claims(PARTNERS))
    assert only(found).level == "KIN"
    assert only(found).differs[0] == ("kind", "CONSENT", "PARTNERSHIP")
    assert (found.total.ends, found.total.matched) == (0, 0)


def test_a_claim_that_is_named_is_the_same_under_another_number(tmp_path: Path) -> None:
    a = claims(PARTNERS, f"{POST}, involves: [{{role: EVENT, node: example-2020/1}}]")
    b = claims(f"{POST}, involves: [{{role: EVENT, node: example-2020/2}}]", PARTNERS)
    assert [pair.differs for pair in held(tmp_path, a, b).pairs] == [(), ()]


def test_lines_of_coverage_about_other_relations_are_not_the_same(tmp_path: Path) -> None:
    a = claims("kind: COVERAGE, about: [], relation: CONSENT, state: NONE")
    found = held(tmp_path, a, claims("kind: COVERAGE, about: [], relation: PART_OF, state: NONE"))
    assert (found.total.ends, len(found.only_a), len(found.only_b)) == (0, 1, 1)


def test_a_merged_id_means_its_survivor(tmp_path: Path) -> None:
    merged = claims(POST).replace("name: Example Mission", "name: Example Mission\n    mergedFrom: [Mission:old]")
    assert only(held(tmp_path, merged, claims(POST.replace("Mission:example", "Mission:old")))).differs == ()


_STANDINGS = st.sampled_from(("STATED", "HEDGED", "REPORTED"))
_YEARS = st.sampled_from(("1956", "1957"))
_SOME = st.lists(st.tuples(_YEARS, _STANDINGS, st.sampled_from(("STAFF", "ENVOY"))), max_size=4)


@given(_SOME, _SOME)
def test_no_other_pairing_finds_more(
    tmp_path_factory: pytest.TempPathFactory, a: list[tuple[str, str, str]], b: list[tuple[str, str, str]]
) -> None:
    texts = [
        claims(*(f"{POST}, during: {{on: '{year}'}}, certainty: {how}, role: {role}" for year, how, role in some))
        if some
        else HEAD.removesuffix("claims:\n")
        for some in (a, b)
    ]
    found = held(tmp_path_factory.mktemp("two"), *texts).total
    assert (found.ends, found.matched, found.identity) == (min(len(a), len(b)), most(a, b, 2), most(a, b, 3))


def most(a: Sequence[tuple[str, ...]], b: Sequence[tuple[str, ...]], parts: int) -> int:
    """The most pairs equal in their first parts, over all ways of pairing."""
    short, long = sorted(([each[:parts] for each in some] for some in (a, b)), key=len)
    ways = permutations(long, len(short))
    return max(sum(x == y for x, y in zip(short, way, strict=True)) for way in ways)


def test_a_faulty_file_and_one_of_another_source_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        held(tmp_path, EXAMPLE, changed(("role: FORCE_COMMANDER", "role: FORCE_COMANDER")))
    assert [fault.field for fault in refused.value.faults] == ["role"]
    with pytest.raises(Refused) as refused:
        held(tmp_path, EXAMPLE, EXAMPLE.replace("example-2020", "other-2021"))
    assert [fault.field for fault in refused.value.faults] == ["source"]


def test_the_command_prints_a_table_for_people_and_json_for_scripts(tmp_path: Path) -> None:
    a, b = claims(POST, PARTNERS), claims(f"{POST}, certainty: HEDGED")
    found = as_json(held(tmp_path, a, b))
    command = ["check", "--compare", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml")]
    told = CliRunner().invoke(cli, [*command, "--json"])
    assert json.loads(told.stdout) == found
    assert found["total"] == {
        "a": 2,
        "b": 1,
        "pairs": {"sameEnds": 1, "matched": 0, "sameIdentity": 0},
        "agreement": {"sameEnds": 0.6667, "matched": 0.0, "sameIdentity": 0.0},
    }
    assert found["onlyA"][0]["statement"] == "So."
    shown = CliRunner().invoke(cli, command).stdout
    assert "certainty: STATED | HEDGED" in shown
    assert f"a.yaml:{line_of(a, 'example-2020/2')}: example-2020/2: So." in shown
