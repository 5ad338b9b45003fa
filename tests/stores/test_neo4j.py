"""What is special to Neo4j: the address, filling from a release file, the graph that people see, a server that is lost
or slow.

What every store promises is in `tests/contract`, and that the answers are right in `tests/differential`.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from neo4j.exceptions import AuthError, Neo4jError, ServiceUnavailable

from bench.generate import Graph, Shape
from graph.claim import Citation, Claim, During, Entity, Timed
from graph.dates import UNDATED
from graph.errors import StoreUnavailable, Timeout
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, CLAIM, ENDS, ENTITY
from graph.plan import Every, Ids, Level, Matching, Of, Order, Table
from graph.predicate import ALWAYS, All, At, Cmp, Not, Present, Some
from graph.spelling import exactly
from graph.stores.columns import labels, slots
from graph.stores.neo4j import statement
from graph.stores.neo4j.builder import fill
from graph.stores.neo4j.connection import lost, parse
from graph.stores.neo4j.layout import EDGE_TYPES, LABEL, PAGE_TYPES, RELEASE, constraints, indexes
from graph.stores.neo4j.statement import Statement
from graph.stores.neo4j.store import Neo4jStore
from graph.stores.sqlite.builder import build
from tests.engines import plain
from tests.oracle import Oracle
from tests.support.neo4j_server import connect, wipe
from tests.support.proxy import Proxy

SHAPE: Final = Shape("Appointment", "TO", "Mission", hub_share=0.3, few=5, holders=0.2, others=0.2)
GRAPH: Final = Graph(11, 150, SHAPE)
SMALLER: Final = Graph(12, 40, SHAPE)
EVERYTHING: Final = Level("claim", Every(CLAIM), order=Order.START_ASC)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(GRAPH.entities(), GRAPH.claims(), tmp_path_factory.mktemp("large"), digest="large", schema="s")


@pytest.fixture(scope="module")
def smaller(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(SMALLER.entities(), SMALLER.claims(), tmp_path_factory.mktemp("small"), digest="small", schema="s")


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    return Oracle(GRAPH.entities(), GRAPH.claims())


@asynccontextmanager
async def opened(url: str, **settings: Any) -> AsyncIterator[Neo4jStore]:
    """A store in which a remark of the server is a warning, and so fails the test."""
    store = Neo4jStore(url, **{"notices": True, **settings})
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture
async def store(neo4j_url: str, release: Path) -> AsyncIterator[Neo4jStore]:
    """The large release, whatever stood in Neo4j before."""
    await fill(release, neo4j_url, only_if_needed=True)
    async with opened(neo4j_url) as store:
        yield store


def asked(url: str, statement: str, **parameters: Any) -> list[Any]:
    """The first column of what a statement answers, as somebody in Neo4j Browser would ask it."""
    driver, database = connect(url)
    with driver, driver.session(database=database) as session:
        return session.run(statement, parameters).value()


# The address


def test_user_and_password_are_percent_encoded_and_the_database_is_the_path() -> None:
    address = parse("neo4j+s://some%40user:p%2Fs%3As%25@graph.example:7999/peace")
    assert (address.uri, address.database) == ("neo4j+s://graph.example:7999", "peace")
    assert address.auth == ("some@user", "p/s:s%")
    assert parse("bolt://graph.example/peace").auth is None


@pytest.mark.parametrize(
    "url", ["http://u:secret@host/db", "neo4j://u:secret@host", "neo4j://u:secret@host/", "neo4j:///db", "secret"]
)
def test_an_address_that_cannot_be_used_says_what_would_pass_and_no_password(url: str) -> None:
    with pytest.raises(ValueError, match="neo4j://user:password@host:7687/database would pass") as fault:
        parse(url)
    assert "secret" not in str(fault.value)


def test_an_address_does_not_show_its_password() -> None:
    assert "secret" not in repr(parse("neo4j://user:secret@host/db"))


def test_a_refused_password_is_told_from_a_store_that_is_not_there() -> None:
    assert lost(AuthError("secret")).message == "the store refuses the user or the password that it is opened with"
    assert "cannot be reached" in lost(ServiceUnavailable("secret")).message


# What stands in the graph


def test_names_of_labels_and_types_never_clash() -> None:
    names = [*labels("entity"), *labels("claim"), RELEASE]
    assert len(set(names)) == len(names)
    types = [*PAGE_TYPES, *EDGE_TYPES]
    assert len(set(types)) == len(types)
    assert all(name.isidentifier() and name.isascii() for name in (*names, *types))


async def test_every_node_bears_its_labels_and_every_filler_stands_once_in_its_slot(
    store: Neo4jStore, neo4j_url: str, oracle: Oracle
) -> None:
    found = asked(neo4j_url, f"MATCH (x:{ENTITY}|{CLAIM}) RETURN [x.id, labels(x)]")
    assert {id: set(named) for id, named in found} == {id: set(oracle.labels(id)) for id in oracle.rows}
    slot = "MATCH (c)-[s]->(x) WHERE type(s) IN $types RETURN [c.id, type(s), x.id, s.n, s.k = c.k, s.kd = c.kd]"
    rows = asked(neo4j_url, slot, types=list(slots()))
    expected = [
        (id, name, node) for id, filled in oracle.fillers.items() for name, ids in filled.items() for node in ids
    ]
    assert Counter((claim, name, node) for claim, name, node, *_ in rows) == Counter(expected)
    assert all(node == n and same and same_down for _, _, node, n, same, same_down in rows)


async def test_every_claim_with_two_ends_is_also_a_bare_edge_for_people(
    store: Neo4jStore, neo4j_url: str, oracle: Oracle
) -> None:
    edges = asked(
        neo4j_url,
        "MATCH (a)-[e]->(b) WHERE type(e) IN $types RETURN e {.*, type: type(e), a: a.id, b: b.id}",
        types=list(EDGE_TYPES),
    )
    expected = []
    for id, (claim, _) in oracle.claims.items():
        relation = ONTOLOGY.relation[claim.relation]
        if relation.directed or relation.symmetric:
            a, b = chain.from_iterable(claim.slots[end.name] for end in relation.ends)
            during, standing = oracle.document(id)["during"], claim.standing
            edge: dict[str, str | None] = {"claim": id, "type": relation.constant, "a": a, "b": b}
            edge |= {"start": during["start"]["edtf"], "end": during["end"]["edtf"]}
            edge |= {"polarity": standing.polarity, "modality": standing.modality, "certainty": standing.certainty}
            expected.append({name: value for name, value in edge.items() if value is not None})
    assert len(edges) == len(expected) > 100
    assert sorted(edges, key=lambda e: e["claim"]) == sorted(expected, key=lambda e: str(e["claim"]))
    assert any(edge["a"] == edge["b"] for edge in edges)


async def test_an_absent_value_and_an_empty_list_are_not_stored(store: Neo4jStore, neo4j_url: str) -> None:
    found = asked(
        neo4j_url, f"MATCH (x:{ENTITY}|{CLAIM}) UNWIND keys(x) AS key RETURN DISTINCT [key, valueType(x[key])]"
    )
    assert not [each for each in found if each[1] == "LIST<NOTHING NOT NULL> NOT NULL"]
    assert ["undated", "BOOLEAN NOT NULL"] in found
    assert ["s0", "INTEGER NOT NULL"] in found
    assert ["called", "LIST<STRING NOT NULL> NOT NULL"] in found


# Filling


async def test_a_fill_puts_a_release_in_place_of_another_and_leaves_alone_what_is_not_ours(
    neo4j_url: str, release: Path, smaller: Path
) -> None:
    wipe(neo4j_url)
    asked(neo4j_url, "CREATE (:Diary {text: 'mine'})-[:NOTES]->(:Diary)")
    await fill(smaller, neo4j_url)
    asked(neo4j_url, f"MATCH (d:Diary {{text: 'mine'}}), (x:{ENTITY}) WITH d, x LIMIT 1 CREATE (d)-[:READS]->(x)")
    await fill(release, neo4j_url)
    assert asked(neo4j_url, "MATCH (d:Diary) RETURN d.text") == ["mine", None]
    assert asked(neo4j_url, "MATCH (:Diary)-[r]-() RETURN DISTINCT type(r)") == ["NOTES"]
    assert asked(neo4j_url, f"MATCH (x:{CLAIM}) RETURN count(x)") == [150]
    wipe(neo4j_url)


async def test_a_second_fill_gives_the_same_graph(store: Neo4jStore, neo4j_url: str, release: Path) -> None:
    def contents() -> list[Any]:
        nodes = asked(neo4j_url, "MATCH (x) RETURN [labels(x), properties(x)]")
        ways = asked(neo4j_url, "MATCH (a)-[r]->(b) RETURN [a.id, type(r), properties(r), b.id]")
        return sorted(map(repr, [*nodes, *ways]))

    before = contents()
    await fill(release, neo4j_url)
    assert contents() == before


async def test_what_a_former_version_made_is_removed_and_what_is_wanted_is_there(neo4j_url: str, release: Path) -> None:
    asked(neo4j_url, "CREATE INDEX peacegraph_Former_k IF NOT EXISTS FOR (x:Former) ON (x.k)")
    asked(neo4j_url, "CREATE CONSTRAINT peacegraph_former IF NOT EXISTS FOR (x:Former) REQUIRE x.id IS UNIQUE")
    asked(neo4j_url, "CREATE INDEX mine IF NOT EXISTS FOR (x:Diary) ON (x.text)")
    await fill(release, neo4j_url)
    found = set(
        asked(neo4j_url, "SHOW INDEXES YIELD name, type, state WHERE type <> 'LOOKUP' AND state = 'ONLINE' RETURN name")
    )
    assert found == {*constraints(), *indexes(), "mine"}
    asked(neo4j_url, "DROP INDEX mine")


async def test_a_fill_only_if_needed_writes_nothing_where_the_release_stands(neo4j_url: str, release: Path) -> None:
    await fill(release, neo4j_url)
    steps: list[str] = []
    await fill(release, neo4j_url, lambda what, done, total: steps.append(what), only_if_needed=True)
    assert steps == []


async def test_progress_goes_up_to_the_number_of_rows(neo4j_url: str, release: Path) -> None:
    told: dict[str, list[tuple[int, int | None]]] = {}
    await fill(release, neo4j_url, lambda what, done, total: told.setdefault(what, []).append((done, total)))
    for what, steps in told.items():
        if what.startswith("writing"):
            assert all(a[0] <= b[0] for a, b in pairwise(steps)), what
            assert steps[-1][0] == steps[-1][1], what
    assert told["writing claims"][-1] == (150, 150)


class Broken(Exception):
    """Stands for a kill: nothing of the fill goes on after it."""


STAGES: Final = (
    "removing what was there",
    "writing entities",
    "writing claims",
    "writing slots",
    "writing edges",
    "indexing",
)


@pytest.mark.parametrize("stage", STAGES)
async def test_a_broken_fill_leaves_no_release_until_another_fill_from_the_file(
    store: Neo4jStore, neo4j_url: str, release: Path, stage: str, oracle: Oracle
) -> None:
    def tick(what: str, done: int, total: int | None) -> None:
        if what == stage:
            raise Broken

    assert (await store.about()).digest == "large"
    with pytest.raises(Broken):
        await fill(release, neo4j_url, tick)
    for ask in (store.about(), store.read(EVERYTHING), store.count(EVERYTHING, ())):
        with pytest.raises(StoreUnavailable, match="no finished release is in Neo4j; `peacegraph load` fills it"):
            await ask
    await fill(release, neo4j_url, only_if_needed=True)
    assert (await store.about()).digest == "large"
    assert plain(await store.read(EVERYTHING)) == plain(oracle.read(EVERYTHING))


async def test_a_fill_that_somebody_wrote_into_is_no_release(neo4j_url: str, release: Path) -> None:
    def tick(what: str, done: int, total: int | None) -> None:
        if what == "writing edges":
            asked(neo4j_url, f"MERGE (x:{ENTITY}:Actor {{id: 'State:smuggled'}})")

    with pytest.raises(StoreUnavailable, match=r"Neo4j holds \d+ of \(x:\w+\) and the release \d+"):
        await fill(release, neo4j_url, tick)
    assert asked(neo4j_url, f"MATCH (x:{RELEASE}) RETURN count(x)") == [0]


async def test_a_file_that_is_no_release_is_refused_before_anything_is_removed(
    store: Neo4jStore, neo4j_url: str, tmp_path: Path
) -> None:
    no_release = tmp_path / "0001.sqlite"
    no_release.write_text("This is no database." * 100)
    for path in (no_release, tmp_path / "missing.sqlite"):
        with pytest.raises(StoreUnavailable, match="cannot be read as a release"):
            await fill(path, neo4j_url)
    assert (await store.about()).digest == "large"


async def test_the_release_is_told_as_its_file_tells_it(store: Neo4jStore, oracle: Oracle) -> None:
    about = await store.about()
    assert (about.number, about.digest, about.schema) == (1, "large", "s")
    assert about.counts == Counter(str(row["kind"]) for row in oracle.rows.values())
    assert about.redirects == {old: e.id for e in oracle.entities.values() for old in e.merged_from} != {}


async def test_an_empty_release_is_a_release(neo4j_url: str, tmp_path: Path) -> None:
    await fill(build((), (), tmp_path, digest="empty"), neo4j_url)
    async with opened(neo4j_url) as store:
        assert (await store.about()).counts == {}
        assert (await store.read(EVERYTHING)).pages == {}
        assert (await store.read(Level("entity", Matching((exactly(("word",)),), ENTITY)))).pages == {}


async def test_an_empty_database_holds_no_release(neo4j_url: str) -> None:
    wipe(neo4j_url)
    levels = (
        EVERYTHING,
        Level("entity", Matching((exactly(("word",)),), ENTITY)),
        Level("claim", Of(("a",), "Appointment", "TO")),
    )
    async with opened(neo4j_url, notices=False) as store:
        for ask in (store.about(), *map(store.read, levels)):
            with pytest.raises(StoreUnavailable, match="no finished release"):
                await ask


async def test_a_store_that_is_filled_with_another_release_answers_when_it_is_opened_again(
    store: Neo4jStore, neo4j_url: str, smaller: Path
) -> None:
    assert (await store.read(EVERYTHING)).pages
    await fill(smaller, neo4j_url)
    for ask in (store.about(), store.read(EVERYTHING), store.count(EVERYTHING, ())):
        with pytest.raises(StoreUnavailable, match="filled with another release"):
            await ask
    async with opened(neo4j_url) as again:
        assert len((await again.read(EVERYTHING)).pages[None].rows) == 40


# How it is read


async def test_a_level_is_one_statement_answered_by_one_record(
    store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    run = store._run

    async def counted(asked: Statement) -> Any:
        statements.append(asked.text)
        return await run(asked)

    monkeypatch.setattr(store, "_run", counted)
    level = Level(
        "claim",
        Of((SHAPE.hub, SHAPE.small), "Appointment", "TO"),
        At("FROM", Present("name")),
        Order.START_DESC,
        limit=3,
        fill=("FROM", "TO", "SOURCE"),
        marks=(Present("role"),),
    )
    assert (await store.read(level)).filled
    await store.count(level, (Present("role"), Not(Present("role"))))
    assert len(statements) == 2


async def test_counts_of_everything_and_of_cases_that_repeat(store: Neo4jStore, oracle: Oracle) -> None:
    asserted = Cmp("polarity", "eq", "ASSERTED")
    for start in (Every("Appointment"), Of((SHAPE.hub, SHAPE.small, "State:none"), "Appointment", "TO")):
        for where in (ALWAYS, Present("role")):
            level = Level("claim", start, where)
            for cases in ((), (ALWAYS,), (asserted, ALWAYS, Not(asserted), ALWAYS, asserted)):
                assert await store.count(level, cases) == oracle.count(level, cases)


async def test_a_quantifier_walks_the_claims_of_its_relation_alone(store: Neo4jStore) -> None:
    """Another relation at the same slot costs nothing: the hub's appointments do not stand in the way of its parts."""
    hub = Level("entity", Ids((SHAPE.hub,)), Some("PartOf", "TO", Present("statement"), 1000))
    small = Level("entity", Ids((SHAPE.small,)), Some("PartOf", "TO", Present("statement"), 1000))
    assert abs(await store.work(hub) - await store.work(small)) < 30
    assert "DirectedRelationshipIndexSeek" in await store.plan_operators(hub)


async def test_a_deep_filter_starts_from_the_order_and_not_from_its_middle(store: Neo4jStore) -> None:
    named = All((At("TO", Cmp("id", "eq", SHAPE.hub)), At("FROM", Cmp("name", "contains", "a"))))
    level = Level("entity", Every("Individual"), Some("Appointment", "FROM", named), limit=5)
    operators = await store.plan_operators(level)
    assert "NodeIndexSeekByRange" in operators
    assert not wasteful(operators)


async def test_text_that_no_store_can_hold_equals_nothing(store: Neo4jStore) -> None:
    for op in ("eq", "contains", "startsWith"):
        where = Cmp("name", op, "\ud800")
        assert (await store.read(Level("entity", Every(ENTITY), where))).pages == {}
    assert (await store.read(Level("entity", Ids(("\udfff", SHAPE.hub))))).pages[None].rows[0].id == SHAPE.hub
    assert (await store.read(Level("claim", Of(("\udfff",), ALL, ENDS)))).pages == {}


async def test_words_are_words_and_no_query_of_lucene(neo4j_url: str, tmp_path: Path) -> None:
    entities = [
        Entity(f"State:{n}", "State", name) for n, name in enumerate(("North and South", "AND OR NOT", "north*"))
    ]
    said = Claim(
        "p/1", "Coverage", {}, (Citation("State:0", "page 1"),), "Long " + "a" * 400 + " word.", during=During()
    )
    await fill(
        build(entities, [(said, Timed(UNDATED, "UNKNOWN", "UNKNOWN", None))], tmp_path, digest="words"), neo4j_url
    )
    async with opened(neo4j_url) as store:

        async def found(*words: str, of: Table = "entity") -> set[str]:
            pages = (await store.read(Level(of, Matching((exactly(words),), LABEL[of])))).pages
            return {row.id for page in pages.values() for row in page.rows}

        assert await found("and") == {"State:0", "State:1"}
        assert await found("and", "or", "not") == {"State:1"}
        assert (
            await found("nor") == await found("north*") == await found('north" OR "and') == await found("\\") == set()
        )
        assert await found("north", "south") == {"State:0"}
        assert await found("a" * 400, of="claim") == {"p/1"}
        assert await found("a" * 399, of="claim") == set()
        assert await found(*map(str, range(3000))) == set()
        assert await found(*["north"] * 3000) == {"State:0", "State:2"}


@pytest.mark.parametrize("few", [0, 3])
@pytest.mark.parametrize("order", [Order.START_ASC, Order.START_DESC])
async def test_words_that_stand_everywhere_are_found_in_order_without_sorting_all_of_them(
    store: Neo4jStore, oracle: Oracle, monkeypatch: pytest.MonkeyPatch, few: int, order: Order
) -> None:
    monkeypatch.setattr(statement, "_FEW", few)
    appointed = All((At("TO", Present("name")), Not(Cmp("certainty", "eq", "ALLEGATION"))))
    for words in (("north",), ("north", "union"), ("no", "such"), ("union",)):
        for backward, after in ((False, None), (True, None), (False, "5"), (True, "5")):
            start = Matching((exactly(words),), "Appointment")
            level = Level("claim", start, appointed, order, backward, after, limit=4, fill=("TO",))
            assert plain(await store.read(level)) == plain(oracle.read(level))


# A server that is lost, slow, or not there


@pytest.fixture
async def proxy(neo4j_url: str, release: Path) -> AsyncIterator[Proxy]:
    await fill(release, neo4j_url, only_if_needed=True)
    async with Proxy(neo4j_url) as proxy:
        yield proxy


async def test_a_store_that_is_lost_is_told_and_found_again_by_itself(proxy: Proxy) -> None:
    async with opened(proxy.url, acquisition=2.0) as store:
        answers = await asyncio.gather(*(store.read(EVERYTHING) for _ in range(8)))
        assert all(answer.pages for answer in answers)
        await proxy.cut()
        for ask in (lambda: store.read(EVERYTHING), lambda: store.count(EVERYTHING, ()), store.about):
            with pytest.raises(StoreUnavailable, match="the store cannot be reached"):
                await ask()
        await proxy.resume()
        assert (await store.read(EVERYTHING)).pages
        assert (await store.about()).digest == "large"


async def test_a_server_started_again_is_found_by_the_first_read(proxy: Proxy) -> None:
    """The connections in the pool are dead, and nobody has noticed."""
    async with opened(proxy.url, acquisition=2.0) as store:
        await asyncio.gather(*(store.read(EVERYTHING) for _ in range(4)))
        await proxy.cut()
        await proxy.resume()
        answers = await asyncio.gather(*(store.read(EVERYTHING) for _ in range(4)))
        assert all(answer.pages for answer in answers)


async def test_a_store_that_does_not_answer_is_given_up_and_found_again(proxy: Proxy) -> None:
    async with opened(proxy.url, timeout=0.3, acquisition=1.0) as store:
        await store.about()
        await proxy.stall()
        told = await asyncio.gather(*(store.read(EVERYTHING) for _ in range(3)), return_exceptions=True)
        assert all(isinstance(each, Timeout | StoreUnavailable) for each in told)
        await proxy.resume()
        assert (await store.read(EVERYTHING)).pages


async def test_a_statement_that_takes_too_long_is_ended_by_the_server(store: Neo4jStore, neo4j_url: str) -> None:
    endless = "UNWIND range(1, 1000000000000) AS i WITH count(i) AS n RETURN [] AS pages, [n] AS release"
    async with opened(neo4j_url, timeout=0.2) as hasty:
        with pytest.raises(Timeout, match=r"did not answer within 0\.2 seconds") as told:
            await hasty._record(Statement(endless, {}))
        assert isinstance(told.value.__cause__, Neo4jError)
        assert (await hasty.about()).digest == "large"


async def test_a_reader_that_goes_away_leaves_the_store_usable(store: Neo4jStore) -> None:
    for delay in (0.0, 0.0005, 0.002, 0.005):
        # Only what is connected goes away: a connection that is broken off while it is made, the driver leaves to the
        # garbage collector, with a warning.
        assert (await store.read(EVERYTHING)).pages
        reading = asyncio.create_task(store.read(EVERYTHING))
        await asyncio.sleep(delay)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    assert (await store.read(EVERYTHING)).pages


@pytest.mark.parametrize(
    "url",
    [
        "neo4j://user:secret@127.0.0.1:1/neo4j",
        "bolt://user:secret@127.0.0.1:1/neo4j",
        "neo4j://user:secret@no-such-host.invalid/neo4j",
        "bolt://user:secret@no-such-host.invalid/neo4j",
    ],
)
async def test_what_is_told_of_a_store_that_is_not_there_holds_nothing_of_its_own_words(
    url: str, release: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(url, acquisition=1.0) as store:
        asks: tuple[Callable[[], Any], ...] = (store.about, lambda: store.read(EVERYTHING), lambda: fill(release, url))
        for ask in asks:
            with caplog.at_level(logging.WARNING), pytest.raises(StoreUnavailable) as told:
                await ask()
            assert told.value.message == "the store cannot be reached; try again in a moment"
    assert "Neo4j: " in caplog.text
    assert "secret" not in caplog.text


async def test_a_database_that_is_not_there_is_told(neo4j_url: str) -> None:
    async with opened(neo4j_url.rpartition("/")[0] + "/nowhere") as store:
        with pytest.raises(StoreUnavailable, match="the store cannot be reached"):
            await store.about()


# The newest version, which the contract is tested on as well


@pytest.mark.slow
async def test_the_newest_version_plans_alike(neo4j_newest_url: str, release: Path, oracle: Oracle) -> None:
    await fill(release, neo4j_newest_url)
    served = Some("Appointment", "FROM", At("TO", Some(ALL, ENDS, Present("statement"), 2)))
    levels = (
        Level("entity", Every("Actor"), served, limit=20, marks=(Not(served), Present("description"))),
        Level("claim", Of((SHAPE.hub, SHAPE.small), "Appointment", "TO"), limit=6, fill=("FROM", "TO", "SOURCE")),
        Level("claim", Of((SHAPE.hub,), ALL, ENDS), order=Order.START_DESC, skeleton=True, dated=True, fill=("FROM",)),
    )
    async with opened(neo4j_newest_url) as store:
        for level in levels:
            assert not wasteful(await store.plan_operators(level))
            assert plain(await store.read(level)) == plain(oracle.read(level))


def wasteful(operators: set[str]) -> list[str]:
    """Those that scan or sort what is stored, or start from two places at once."""
    return [name for name in operators if any(word in name for word in ("Scan", "Sort", "Top", "Join", "Cartesian"))]
