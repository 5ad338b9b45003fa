"""What is special to SQLite: the file and its making, the way an order is walked, text that SQL cannot hold, time and
threads.

What every store promises is in `tests/contract`, and that the answers are right in `tests/differential`.
"""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final

import pytest

from bench.generate import Graph, Shape
from graph.claim import Citation, Claim, Entity, Timed
from graph.dates import UNDATED
from graph.errors import PeacegraphError, Refused, StoreUnavailable, Timeout
from graph.names import tokens
from graph.ontology.types import ALL, ENDS
from graph.plan import Answer, Every, Ids, Level, Matching, Of, Order, Start
from graph.predicate import ALWAYS, NEVER, All, Any, At, Cmp, Has, In, Not, Predicate, Present, Some, disjunction
from graph.spelling import exactly
from graph.stores.documents import Documents
from graph.stores.sqlite import releases
from graph.stores.sqlite.builder import BATCH, SqliteBuilder, build
from graph.stores.sqlite.statement import counts, rows
from graph.stores.sqlite.store import SqliteStore, _Reader
from graph.stores.sqlite.tables import INDEXES, TABLES

SHAPE: Final = Shape("Appointment", "TO", "Mission", few=10)
SIZES: Final = (400, 4_000)
PAPER: Final = Entity("Source:paper", "Source", "A paper")
HOSTILE: Final = "x'; DROP TABLE claim; --"


def claim(number: int, **slots: tuple[str, ...]) -> tuple[Claim, Timed]:
    made = Claim(f"paper/{number}", "Appointment", slots, (Citation(PAPER.id, "page 1"),), "It is so.")
    return made, Timed(UNDATED, "UNKNOWN", "UNKNOWN", None)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """A release of each size."""
    graphs = {size: Graph(7, size, SHAPE) for size in SIZES}
    return {
        size: build(graph.entities(), graph.claims(), tmp_path_factory.mktemp(str(size)))
        for size, graph in graphs.items()
    }


@contextmanager
def opened(path: Path, **settings: float) -> Iterator[SqliteStore]:
    store = SqliteStore(path, **settings)
    yield store
    asyncio.run(store.close())


@pytest.fixture
def store(files: dict[int, Path]) -> Iterator[SqliteStore]:
    """The larger of them."""
    with opened(files[SIZES[-1]]) as store:
        yield store


EVERY_CLAIM: Final = Level("claim", Every("Claim"))


def ids(store: SqliteStore, level: Level) -> list[str]:
    return [row.id for page in store.read_now(level).pages.values() for row in page.rows]


# ---- the way an order is walked -------------------------------------------------------------------------------------

OFTEN: Final = Present("role")
PAGES: Final[dict[str, Level]] = {
    "a kind by name": Level("entity", Every("Individual"), limit=50),
    "a family by name": Level("entity", Every("Actor"), limit=50),
    "everything by name": Level("entity", Every("Entity"), limit=50),
    "a relation by start": Level("claim", Every("Appointment"), OFTEN, Order.START_ASC, limit=50),
    "all claims, latest first": Level("claim", Every("Claim"), OFTEN, Order.START_DESC, limit=50),
    "the hub": Level("claim", Of((SHAPE.hub,), "Appointment", "TO"), OFTEN, Order.START_ASC, limit=50),
    "the hub, latest first": Level("claim", Of((SHAPE.hub,), "Appointment", "TO"), OFTEN, Order.START_DESC, limit=50),
    "the hub across relations": Level("claim", Of((SHAPE.hub,), ALL, ENDS), OFTEN, Order.START_ASC, limit=50),
    "many owners": Level(
        "claim",
        Of((SHAPE.hub, *(f"Individual:synthetic-{i}" for i in range(49))), ALL, ENDS),
        fill=("FROM", "TO"),
        limit=5,
    ),
    "a very common word": Level("claim", Matching((exactly(("peace",)),), "Claim"), order=Order.START_ASC, limit=20),
}
WAYS: Final = {
    f"{name}{' from the end' if backward else ''}": replace(level, backward=backward)
    for name, level in PAGES.items()
    for backward in (False, True)
}


@pytest.mark.parametrize("name", WAYS)
def test_an_order_comes_from_an_index_and_nothing_stored_is_scanned_or_sorted(name: str, store: SqliteStore) -> None:
    steps = store.explain(WAYS[name])
    assert steps
    assert [step for step in steps if "TEMP B-TREE" in step or "AUTOMATIC" in step] == []
    assert [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step] == []


@pytest.mark.parametrize("name", WAYS)
def test_a_row_costs_the_same_steps_in_a_file_ten_times_as_large(name: str, files: dict[int, Path]) -> None:
    cost = []
    for file in files.values():
        with opened(file) as store:
            cost.append(store.work(WAYS[name]) / len(ids(store, WAYS[name])))
    small, large = cost
    assert large < 1.5 * small


def test_only_a_source_of_ids_is_sorted(store: SqliteStore) -> None:
    level = Level("entity", Ids(tuple(ids(store, PAGES["a kind by name"]))), limit=5)
    assert [step for step in store.explain(level) if "TEMP B-TREE" in step] == ["USE TEMP B-TREE FOR ORDER BY"]


def test_a_list_is_read_once_a_statement_however_many_owners_there_are(store: SqliteStore) -> None:
    owners = tuple(f"Individual:synthetic-{i}" for i in range(40))
    many = In("id", tuple(f"nobody/{i}" for i in range(5_000)))
    one, all_of_them = (store.work(Level("claim", Of(some, ALL, ENDS), many, limit=5)) for some in (owners[:1], owners))
    assert all_of_them < 1.5 * one


# ---- text and values ------------------------------------------------------------------------------------------------

STARTS: Final[tuple[Start, ...]] = (Every("Claim"), Ids((HOSTILE,)), Of((HOSTILE,), HOSTILE, HOSTILE))


@pytest.mark.parametrize("start", STARTS, ids=lambda start: type(start).__name__)
def test_no_value_enters_the_text_of_a_statement(start: Start) -> None:
    def asked(value: str) -> Level:
        forms: tuple[Predicate, ...] = (
            Cmp("statement", "contains", value),
            In("kind", (value, value)),
            Has("unstated", (("eq", value),)),
            At(value, Cmp("name", "eq", value)),
            Some(value, value, ALWAYS, 2, value),
        )
        return Level("claim", start, All(forms), Order.START_ASC, after=value, limit=1, marks=forms, fill=(value,))

    for made, other in ((rows(asked(HOSTILE)), rows(asked("y"))), (counts(asked(HOSTILE), (NEVER,)), None)):
        assert "DROP" not in made.text
        assert any(HOSTILE in str(value) for value in made.parameters.values())
        assert other is None or other.text == made.text


def test_words_that_fts5_would_take_for_its_own_are_words(tmp_path: Path) -> None:
    odd = Entity("Source:odd", "Source", "NEAR* (tokens: AND) OR NOT")
    with opened(build([PAPER, odd], [], tmp_path)) as store:
        for text in ("near", "NOT or", "AND", "tokens:near", "OR"):
            assert ids(store, Level("entity", Matching((exactly(tokens(text)),), "Entity"))) == [odd.id]
        assert ids(store, Level("entity", Matching((exactly(tokens("near OR paper")),), "Entity"))) == []


@pytest.mark.parametrize("odd", ["\0", "\ud800"], ids=["NUL", "a lone surrogate"])
def test_text_that_no_file_can_hold_is_found_nowhere(odd: str, store: SqliteStore) -> None:
    known = ids(store, PAGES["a kind by name"])[0]
    table: tuple[Predicate, ...] = (
        Cmp("id", "eq", known + odd),
        In("id", (known + odd,)),
        Cmp("id", "startsWith", known + odd),
        Has("called", (("contains", odd),)),
        Some("Appointment", "FROM", Cmp("id", "eq", odd)),
    )
    for form in table:
        assert ids(store, Level("entity", Ids((known,)), form)) == []
        assert ids(store, Level("entity", Ids((known,)), Not(form))) == [known]
    assert ids(store, Level("entity", Ids((known + odd,)))) == []
    assert ids(store, Level("claim", Of((known + odd,), ALL, ENDS))) == []


def test_a_thousand_alternatives_are_no_deeper_than_sqlite_allows(store: SqliteStore) -> None:
    known = ids(store, PAGES["a kind by name"])
    either = disjunction(Has("called", (("eq", f"nobody {i}"),)) for i in range(5_000))
    level = Level("entity", Ids(tuple(known)), Any((either, Cmp("id", "eq", known[0]))))
    assert ids(store, level) == known[:1]


# ---- documents that are kept ----------------------------------------------------------------------------------------


def test_a_document_that_fills_slots_is_parsed_once(store: SqliteStore) -> None:
    level = replace(PAGES["the hub"], fill=("FROM", "TO", "SOURCE"))
    first, second = (store.read_now(level).filled for _ in range(2))
    assert SHAPE.hub in first
    assert all(first[id] is second[id] for id in first)


def test_documents_are_kept_up_to_a_number_and_those_asked_for_longest() -> None:
    kept = Documents(most=10)
    for number in range(100):
        kept.put(str(number), {"id": str(number)})
        assert kept.get("0") == {"id": "0"}
    found = [number for number in reversed(range(100)) if kept.get(str(number)) is not None]
    assert {0, 99} < set(found)
    assert len(found) <= 10


# ---- making a release -----------------------------------------------------------------------------------------------


def test_a_release_is_one_plain_file_that_reading_leaves_as_it_is(tmp_path: Path) -> None:
    graph = Graph(1, 200, SHAPE)
    path = build(graph.entities(), graph.claims(), tmp_path)
    was = path.read_bytes()
    with opened(path) as store:
        assert len(ids(store, EVERY_CLAIM)) == 200
    assert os.listdir(tmp_path) == ["0001.sqlite"]
    assert path.read_bytes() == was
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert file.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_each_release_gets_the_next_number_and_the_highest_is_the_newest(tmp_path: Path) -> None:
    folder = tmp_path / "made when needed"
    assert [build([PAPER], [], folder).name for _ in range(3)] == ["0001.sqlite", "0002.sqlite", "0003.sqlite"]
    releases.find(folder, 2).unlink()
    (folder / "12345.sqlite.part").touch()
    assert releases.numbers(folder) == [1, 3]
    assert releases.find(folder).name == "0003.sqlite"
    with opened(releases.find(folder, 1)) as store:
        assert store.about_now().number == 1


def test_a_release_that_is_not_there_is_told_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"holds none.*peacegraph load"):
        releases.find(tmp_path / "nowhere")
    build([PAPER], [], tmp_path)
    with pytest.raises(StoreUnavailable, match=r"release 7 \(it holds 1\)"):
        releases.find(tmp_path, 7)


def test_it_tells_what_it_was_made_of(tmp_path: Path) -> None:
    ann = Entity("Individual:ann", "Individual", "Ann", merged_from=("Individual:anne",))
    mission = Entity("Mission:m", "Mission", "M")
    with SqliteBuilder(tmp_path) as builder:
        builder.add((), [claim(1, FROM=(ann.id,), TO=(mission.id,))])
        builder.add([ann, mission, PAPER], ())
        made = builder.finish({"digest": "of inputs", "schema": "of ontology"})
    assert (made.number, made.digest, made.schema) == (1, "of inputs", "of ontology")
    assert made.counts == {"INDIVIDUAL": 1, "MISSION": 1, "SOURCE": 1, "APPOINTMENT": 1}
    assert made.redirects == {"Individual:anne": "Individual:ann"}
    with opened(releases.find(tmp_path)) as store:
        assert store.about_now() == made


def test_claims_that_point_at_nothing_are_refused_each_missing_node_by_name(tmp_path: Path) -> None:
    lost = [claim(n, FROM=("Individual:nobody",), TO=("Mission:nowhere",), POST=("paper/9",)) for n in (1, 2)]
    with pytest.raises(Refused) as refused:
        build([PAPER], lost, tmp_path)
    told = [(fault.file, fault.field, fault.reason.split(",")[0]) for fault in refused.value.faults]
    assert told == [
        ("paper/1", "FROM", "points at Individual:nobody"),
        ("paper/1", "POST", "points at paper/9"),
        ("paper/1", "TO", "points at Mission:nowhere"),
    ]
    assert "1 more" in refused.value.message
    assert os.listdir(tmp_path) == []


def test_an_id_that_stands_twice_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"Source:paper.*2 times"):
        build([PAPER, PAPER], [], tmp_path)
    with pytest.raises(Refused, match=r"paper/1.*3 times"):
        build([PAPER], [claim(1)] * 3, tmp_path)
    assert os.listdir(tmp_path) == []


def test_what_is_not_finished_is_no_release_and_leaves_the_former_one(tmp_path: Path) -> None:
    build([PAPER], [], tmp_path)
    with SqliteBuilder(tmp_path) as builder:
        builder.add([PAPER], [claim(n) for n in range(2 * BATCH)])
        assert releases.numbers(tmp_path) == [1]
    assert os.listdir(tmp_path) == ["0001.sqlite"]


def test_one_release_is_built_at_a_time(tmp_path: Path) -> None:
    with SqliteBuilder(tmp_path) as first:
        with pytest.raises(StoreUnavailable, match="another load"):
            SqliteBuilder(tmp_path)
        first.add([PAPER], ())
        first.finish({"digest": "", "schema": ""})
    assert build([PAPER], [], tmp_path).name == "0002.sqlite"


CHILD: Final = """
import os, signal, sys
from pathlib import Path
from bench.generate import Graph, Shape
from graph.stores.sqlite import builder

def killed(*_):
    os.kill(os.getpid(), signal.SIGKILL)

folder, moment = Path(sys.argv[1]), sys.argv[2]
if moment == "before it is on the disk":
    builder._to_disk = killed
elif moment == "before it has its name":
    Path.rename = killed
graph = Graph(1, 2000, Shape("Appointment", "TO", "Mission"))
entities, claims = list(graph.entities()), list(graph.claims())
print("begun", flush=True)
builder.build(entities, claims, folder)
"""
ROOT: Final = Path(__file__).parents[2]


def building(folder: Path, moment: str = "") -> subprocess.Popen[str]:
    """A process that builds a release, and has begun."""
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), moment], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def ended(process: subprocess.Popen[str]) -> int:
    with process:
        return process.wait()


@pytest.mark.parametrize("moment", ["before it is on the disk", "before it has its name"])
def test_killed_at_the_last_moment_a_build_leaves_the_former_release_and_the_next_cleans_up(
    moment: str, tmp_path: Path
) -> None:
    build([PAPER], [], tmp_path)
    assert ended(building(tmp_path, moment)) == -signal.SIGKILL
    assert len(os.listdir(tmp_path)) > 1
    with opened(releases.find(tmp_path)) as store:
        assert store.about_now().counts == {"SOURCE": 1}
    assert build([PAPER], [], tmp_path).name == "0002.sqlite"
    assert sorted(os.listdir(tmp_path)) == ["0001.sqlite", "0002.sqlite"]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_twenty_kills_at_random_moments_each_leave_a_whole_release(tmp_path: Path) -> None:
    random, killed = Random(20), 0
    started = time.monotonic()
    assert ended(building(tmp_path)) == 0
    took = time.monotonic() - started
    with opened(releases.find(tmp_path)) as store:
        wanted = ids(store, EVERY_CLAIM)
    while killed < 20:
        process = building(tmp_path)
        time.sleep(random.uniform(0, took))
        process.kill()
        killed += ended(process) == -signal.SIGKILL
        with opened(releases.find(tmp_path)) as store:
            assert ids(store, EVERY_CLAIM) == wanted


# ---- a file that cannot be read -------------------------------------------------------------------------------------


def told(path: Path) -> str:
    with opened(path) as store, pytest.raises(StoreUnavailable) as raised:
        store.read_now(EVERY_CLAIM)
    assert "peacegraph load" in raised.value.message
    assert "sqlite3" not in raised.value.message
    return raised.value.message


def test_a_missing_file_is_told_until_it_is_there(tmp_path: Path) -> None:
    with opened(tmp_path / "0001.sqlite") as store:
        for _ in range(2):
            with pytest.raises(StoreUnavailable, match=r"0001\.sqlite is missing"):
                asyncio.run(store.about())
        build([PAPER], [], tmp_path)
        assert asyncio.run(store.about()).number == 1
    assert os.listdir(tmp_path) == ["0001.sqlite"]


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    graph = Graph(1, 200, SHAPE)
    whole = build(graph.entities(), graph.claims(), tmp_path)
    cut, text = tmp_path / "cut.sqlite", tmp_path / "text.sqlite"
    cut.write_bytes(whole.read_bytes()[: 50 * 4096])
    text.write_text("this is a letter, and no database\n" * 1000)
    assert "is damaged" in told(cut)
    assert "is damaged" in told(text)


@pytest.mark.parametrize("column", ["claim", "entity"])
def test_a_file_of_another_version_is_told(column: str, tmp_path: Path) -> None:
    path = build([PAPER], [], tmp_path)
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"ALTER TABLE {column} ADD COLUMN more TEXT")
    assert "another version" in told(path)


def test_a_file_that_was_not_finished_is_told(tmp_path: Path) -> None:
    path = tmp_path / "0001.sqlite"
    with closing(sqlite3.connect(path)) as file:
        for statement in (*TABLES, *INDEXES):
            file.execute(statement)
    assert "was not finished" in told(path)


def test_a_file_that_was_replaced_is_not_mixed_with_the_one_that_was_opened(tmp_path: Path) -> None:
    level = Level("entity", Every("Source"))
    with opened(build([PAPER], [], tmp_path / "a", digest="first")) as store:

        def replaced(held: _Reader) -> Answer:
            build([PAPER], [], tmp_path / "b", digest="second").rename(releases.find(tmp_path / "a"))
            with pytest.raises(StoreUnavailable, match=r"replaced.*start the service again"):
                store.read_now(level)
            return held.read(level)

        assert store._answered(replaced).pages[None].rows
        assert ids(store, level) == [PAPER.id]


def test_an_sqlite_that_is_too_old_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 31, 1))
    for act in (lambda: SqliteBuilder(tmp_path), SqliteStore(tmp_path / "0001.sqlite").about_now):
        with pytest.raises(StoreUnavailable, match=r"3\.37\.0 or newer would pass"):
            act()


# ---- time and threads -----------------------------------------------------------------------------------------------


def test_a_read_that_takes_too_long_is_ended_and_the_next_is_answered(files: dict[int, Path]) -> None:
    never = Some("Appointment", "FROM", At("TO", Some("Appointment", "TO", Cmp("statement", "eq", "nobody says so"))))
    slow, quick = Level("entity", Every("Entity"), never), Level("entity", Every("Mission"), limit=1)
    # No seconds at all: whatever lasts until the first look at the clock is late.
    with opened(files[SIZES[-1]], seconds=0) as store:
        for act in (lambda: store.read_now(slow), lambda: store.count_now(slow, (ALWAYS,))):
            with pytest.raises(Timeout, match=r"0 s; ask for less"):
                act()
            assert len(ids(store, quick)) == 1


def test_an_error_of_our_own_is_not_taken_for_a_lost_store(store: SqliteStore) -> None:
    with pytest.raises(sqlite3.OperationalError) as raised:
        store.read_now(Level("entity", Every("Entity"), Cmp("no such column", "eq", "x")))
    assert not isinstance(raised.value, PeacegraphError)


def test_threads_read_side_by_side_and_leave_their_connections_to_the_next(store: SqliteStore) -> None:
    wanted = {name: store.read_now(level) for name, level in PAGES.items()}
    differing: list[str] = []

    def reading() -> None:
        for _ in range(5):
            differing.extend(name for name, level in PAGES.items() if store.read_now(level) != wanted[name])

    threads = [threading.Thread(target=reading) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert differing == []
    assert 1 <= len(store._idle) <= 9
