"""Names as people write them, on every engine: what may be meant by them, what is never guessed, and at what price."""

import string
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph import resolve
from graph.claim import Alias, Citation, Claim, Entity, Timed
from graph.dates import Bounds, definite
from graph.drive import drive_async
from graph.plan import Ids, Plan, Resolve, Root, Search
from graph.reading import Reading
from graph.spans import span
from graph.store import Release
from graph.walk import Result, walk
from tests.engines import Engine, Engines

FOLDER: Final = Path(__file__).parent
RELEASE: Final = Release(1, "digest", "schema", "2026-01-01T00:00:00Z", {})
ROWS: Final[list[dict[str, Any]]] = yaml.safe_load((FOLDER / "names60.yaml").read_text("utf-8"))
NAMED: Final[dict[str, Any]] = yaml.safe_load((FOLDER / "names.yaml").read_text("utf-8"))

((RENAMING, COLUMN, RENAMED),) = resolve.RENAMING
(IDENTIFYING,) = resolve.IDENTIFYING

SOUNDS: Final = ("ka", "zu", "ra", "mba", "vu", "nya", "bos", "dal", "ler", "kin", "tor", "mu", "lis", "go", "fen")


def source(name: str) -> str:
    return f"Source:{name}"


def papers() -> Iterator[Entity]:
    for name in NAMED["sources"]:
        yield Entity(source(name), "Source", f"The paper {name}")
    for each in NAMED["entities"]:
        aliases = tuple(Alias(name, kind, source(by), "page 1") for name, kind, by in each.get("aliases", ()))
        kind, named = each["id"].partition(":")[0], each.get("named", True)
        yield Entity(each["id"], kind, each["name"], named, aliases, description=each.get("description"))


def told(
    number: int, relation: str, bounds: Bounds, statement: str, props: Mapping[str, str], **slots: Sequence[str]
) -> tuple[Claim, Timed]:
    cited = (Citation(source("duursma-et-al-2023"), "page 1"),)
    filled = {name: tuple(ids) for name, ids in slots.items()}
    claim = Claim(f"p/{number}", relation, filled, cited, statement, props)
    return claim, Timed(bounds, "STATED", "STATED", bounds.s0)


def between() -> Iterator[tuple[Claim, Timed]]:
    earlier, later = (end.name for end in RENAMING.ends)
    renamed = (
        (
            "Mission:monuc",
            "Mission:monusco",
            "2010",
            RENAMED,
            "The mission was given another name and task.",
        ),
        (
            "UNEntity:department-of-peacekeeping-operations",
            "UNEntity:department-of-peace-operations",
            "2019",
            RENAMED,
            "The department was renamed.",
        ),
        ("Mission:monusco", "Mission:minustah", "2013", "TAKEOVER", "The one mission took over from the other."),
    )
    # The last one took over, which is no other name.
    for number, (one, other, year, form, statement) in enumerate(renamed, 1):
        props = {COLUMN: form}
        yield told(number, RENAMING.name, definite(*span(year)), statement, props, **{earlier: [one], later: [other]})
    pair = ["Individual:chander-prakash", "Individual:chander-prakash-author"]
    both = {end.name: pair for end in IDENTIFYING.ends}
    yield told(9, IDENTIFYING.name, definite(*span("2012")), "Perhaps Prakash wrote of his own command.", {}, **both)


def people() -> Iterator[Entity]:
    """Two hundred made-up names of two words of five letters and more."""
    random = Random(60)
    for number in range(200):
        name = " ".join("".join(random.choices(SOUNDS, k=3)).capitalize() for _ in range(2))
        yield Entity(f"Individual:made-up-{number}", "Individual", name)


MADE_UP: Final = tuple(people())

answering: list[Engine] = []


@pytest.fixture(autouse=True, scope="module")
def engine(engines: Engines) -> Iterator[None]:
    """Each engine in turn answers every test."""
    answering[:] = [engines.load([*papers(), *MADE_UP], between())]
    yield
    answering.clear()


def go(root: Root, reading: Reading) -> Result:
    (engine,) = answering
    result: Result = engine.run(drive_async(walk([(root, reading)], RELEASE), engine.store))
    return result


PARTS: Final = (Plan(0, "entities", "entity", Ids(())), Plan(1, "claims", "claim", Ids(())))


def resolved(*names: str, strict: bool = False, sources: Sequence[str] = (), kinds: tuple[str, ...] = ()) -> Any:
    reading = Reading(sources=tuple(map(source, sources)))
    return go(Resolve(names, kinds, strict, *PARTS), reading).told[0]


def searched(text: str, *, strict: bool = False, sources: Sequence[str] = (), size: int = 500) -> Any:
    reading = Reading(sources=tuple(map(source, sources)))
    return go(Search(text, (), size, *PARTS, strict=strict), reading).told[0]


def candidates(name: str, **how: Any) -> dict[str, Any]:
    (answer,) = resolved(name, **how)
    return {each["node"]: each for each in answer["candidates"]}


# The table


@pytest.mark.slow_on_neo4j
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['asked']}{' strict' if row.get('strict') else ''}")
def test_a_name_as_people_write_it_comes_to_what_the_table_says(row: dict[str, Any]) -> None:
    (answer,) = resolved(row["asked"], strict=row.get("strict", False), sources=row.get("sources", ()))
    assert answer["asked"] == row["asked"]
    assert {each["node"]: each["naming"] for each in answer["candidates"]} == row["candidates"]
    assert [each["node"] for each in answer["candidates"]] == list(row["candidates"])
    assert answer["verdict"] == row["verdict"]
    assert not {each["node"] for each in answer["candidates"]} & {*row.get("never", ())}


def test_the_table_holds_sixty_names_and_more() -> None:
    assert len({row["asked"] for row in ROWS}) >= 60


@pytest.mark.slow_on_neo4j
def test_many_names_are_answered_in_their_order_each_as_if_it_were_alone() -> None:
    names = [row["asked"] for row in ROWS]
    together = resolved(*names)
    assert together == [resolved(name)[0] for name in names]


def test_names_take_as_many_calls_as_one() -> None:
    def calls(*names: str) -> int:
        return go(Resolve(names, (), False, *PARTS), Reading()).calls

    several = [row["asked"] for row in ROWS][:60] + [each.name for each in MADE_UP[:40]]
    assert len(several) == 100
    assert calls(*several) == calls("MONUC")
    assert calls("MONUC") == 1 + 2 * len(resolve.RENAMING) + len(IDENTIFYING.ends) + len(PARTS)


# What is told of a candidate


def test_a_candidate_tells_what_was_met_and_what_was_left_aside() -> None:
    found = candidates("Gen. Nyamvumba in 2011")["Individual:patrick-nyamvumba"]
    printed = {"text": "Nyamvumba", "kind": "NAME", "source": source("harig-jenne-2022"), "locator": "page 1"}
    assert found["matched"] == printed
    assert found["leftAside"] == ["gen.", "2011"]
    assert (found["score"], found["reason"]) == (0.93, "EXACT")


def test_what_followed_is_told_with_the_claim_that_says_so_and_a_year_brings_it_nearer() -> None:
    plain, dated = candidates("MONUC"), candidates("MONUC in 2012")
    assert plain["Mission:monusco"]["through"] == dated["Mission:monusco"]["through"] == ["p/1"]
    assert (plain["Mission:monusco"]["score"], plain["Mission:monusco"]["reason"]) == (0.8, "RENAMED")
    assert dated["Mission:monusco"]["score"] > plain["Mission:monusco"]["score"]
    assert candidates("MONUC in 2005")["Mission:monusco"]["score"] < 0.8


def test_what_followed_must_be_of_the_kinds_asked_for_and_its_claim_must_take_part() -> None:
    assert [*candidates("MONUC", kinds=("MISSION",))] == ["Mission:monuc", "Mission:monusco"]
    assert [*candidates("MONUC", sources=("gilder-2026",))] == []
    assert candidates("MONUC", kinds=("STATE",)) == {}


def test_two_of_one_name_are_told_with_what_is_said_of_their_being_the_same() -> None:
    found = candidates("Chander Prakash")
    assert [each["identityClaims"] for each in found.values()] == [["p/9"], ["p/9"]]


def test_more_candidates_than_are_told_are_said_to_be_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "MOST_CANDIDATES", 1)
    (answer,) = resolved("Chander Prakash")
    assert (len(answer["candidates"]), answer["truncated"], answer["verdict"]) == (1, True, "SEVERAL")
    (answer,) = resolved("MONUSCO", strict=True)
    assert not answer["truncated"]


def test_the_bearer_of_a_name_is_found_however_many_hold_it_in_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "NEAR", 1)
    (answer,) = resolved("Sudan")
    assert answer["candidates"][0]["node"] == "State:sudan"
    assert answer["truncated"]


# Search


def test_a_search_tells_of_each_hit_what_was_met_and_why() -> None:
    hits = {hit["node"]: hit for hit in searched("Heleno")["hits"]}
    assert [*hits] == [
        "Individual:augusto-heleno",
        "State:brazil",
        "Individual:minustah-fc-after-heleno-unnamed",
    ]
    assert hits["State:brazil"]["reason"] == "DESCRIPTION"
    assert hits["State:brazil"]["matched"] == {"text": "The state that Heleno and Santos Cruz came from."}
    assert hits["Individual:augusto-heleno"]["matched"] == {"text": "Augusto Heleno"}


@pytest.mark.parametrize("text", ["renamed departmnet", "Gen. Prakash comand", "given anohter name"])
def test_a_search_forgives_slips_in_statements_unless_it_is_strict(text: str) -> None:
    assert [hit["reason"] for hit in searched(text)["hits"]] == ["STATEMENT"]
    assert searched(text, strict=True)["hits"] == []


def test_a_search_of_one_source_is_met_by_no_alias_of_another() -> None:
    assert "Individual:augusto-heleno" in searched("General Heleno", sources=["harig-jenne-2022"])["nodes"]
    assert searched("OCCHA", sources=["gilder-2026"])["nodes"] == ()


def test_a_search_says_that_it_was_cut() -> None:
    assert searched("Santos Cruz", size=1)["truncated"]
    assert not searched("Santos Cruz")["truncated"]


# Names made up and slips drawn at random


@st.composite
def slips(draw: st.DrawFn) -> tuple[Entity, str]:
    """A made-up entity, and its name with one slip in one word."""
    entity = draw(st.sampled_from(MADE_UP))
    words = entity.name.split()
    at = draw(st.integers(0, 1))
    word, letter = words[at], draw(st.sampled_from(string.ascii_lowercase))
    place = draw(st.integers(0, len(word) - 2))
    words[at] = draw(
        st.sampled_from(
            (
                word[:place] + letter + word[place:],
                word[:place] + word[place + 1 :],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            )
        )
    )
    return entity, " ".join(words)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(slips(), min_size=1, max_size=40))
def test_a_name_with_one_slip_in_a_word_of_five_letters_is_found(drawn: list[tuple[Entity, str]]) -> None:
    answers = resolved(*(name for _, name in drawn))
    for (entity, name), answer in zip(drawn, answers, strict=True):
        assert entity.id in {each["node"] for each in answer["candidates"]}, name


NAMES: Final = sorted(
    {word for each in MADE_UP[:20] for word in (each.name, *each.name.split())}
    | {row["asked"] for row in ROWS}
    | {name for each in NAMED["entities"] for name, *_ in each.get("aliases", ())}
)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(NAMES), min_size=1, max_size=60, unique=True))
def test_what_is_found_strictly_is_found_tolerantly(names: list[str]) -> None:
    for strict, tolerant in zip(resolved(*names, strict=True), resolved(*names), strict=True):
        found = [each["node"] for each in tolerant["candidates"]]
        assert {each["node"] for each in strict["candidates"]} <= {*found}


@pytest.mark.parametrize("text", ["Heleno", "UN mission", "the Congo", "Prakash", "renamed", "Cruz Santos", "dos"])
def test_what_is_searched_for_strictly_is_found_tolerantly(text: str) -> None:
    strict = searched(text, strict=True)
    assert {*strict["nodes"]} <= {*searched(text)["nodes"]}
    assert not strict["truncated"]
