"""The bench runs and measures what it says. No time is asserted: a machine may be as slow as it likes."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from bench import report, run
from bench.report import BEGIN, END, HEADS, Built, Results, Row, Seen
from bench.run import OPERATIONS, Server, Void
from tests.support.neo4j_server import NAMED


class Said(Server):
    """A server that gives the same answer to everything."""

    answer: Any = None

    def data(self, document: str, operation: str, variables: run.Variables) -> Any:
        return self.answer


def saying(answer: Any) -> Said:
    said = type("Saying", (Said,), {"answer": answer})
    made: Said = said(port=0, pid=0)
    return made


def tick(what: str, done: int, total: int | None) -> None:
    pass


def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, neo4j: bool) -> Results:
    monkeypatch.setattr(run, "RESULTS", tmp_path)
    monkeypatch.setattr(run, "ACTORS", 100)
    monkeypatch.setattr(run, "NETWORKS", 2)
    return run.run(sizes=[10_000], seconds=0.5, neo4j=neo4j, tick=tick)


def is_whole(row: Row) -> bool:
    return all(seen.rate > 0 and 0 < seen.p50 <= seen.p99 and seen.bytes > 0 for seen in (row.service, row.bare))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_on_sqlite_every_operation_is_answered_alike_and_gets_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    results = measured(tmp_path, monkeypatch, neo4j=False)

    assert [(row.store, row.operation) for row in results.rows] == [("SQLite", name) for name in "SML"]
    assert all(map(is_whole, results.rows))
    assert "ratio" in capsys.readouterr().out
    (kept,) = tmp_path.iterdir()
    assert len(orjson.loads(kept.read_bytes())["rows"]) == len(OPERATIONS)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_on_neo4j_every_operation_is_answered_alike_and_gets_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, neo4j_url: str
) -> None:
    monkeypatch.setenv(NAMED, neo4j_url)

    results = measured(tmp_path, monkeypatch, neo4j=True)

    assert results.without is None
    found = [(row.store, row.operation) for row in results.rows]
    assert found == [(store, name) for store in ("SQLite", "Neo4j") for name in "SML"]
    assert all(map(is_whole, results.rows))


def test_answers_that_differ_void_the_comparison_and_the_place_is_named() -> None:
    ours = saying({"node": {"id": "State:a", "aliases": [{"name": "A"}, {"name": "B"}]}})
    theirs = saying({"node": {"id": "State:a", "aliases": [{"name": "A"}, {"name": "C"}]}})

    with pytest.raises(Void, match=r"data\.node\.aliases\[1\]\.name .*B.*C"):
        run._agreed(ours, theirs, "S", [{"id": "State:a"}])


def test_fields_of_an_answer_are_counted_through_lists() -> None:
    answer = {"node": {"id": "State:a", "aliases": [{"name": "A"}, {"name": "B"}]}}

    assert run._agreed(saying(answer), saying(answer), "S", [{}]) == 5


def test_where_there_is_no_neo4j_it_is_said_loudly_and_sqlite_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from contextlib import ExitStack

    from tests.support import neo4j_server

    def none(version: str = "") -> Any:
        raise neo4j_server.Unavailable("no Java here")

    monkeypatch.setattr(neo4j_server, "server", none)
    results = Results("a machine", 1)

    with ExitStack() as stack:
        assert run._neo4j(stack, results) is None

    assert "NOT MEASURED ON NEO4J: no Java here" in capsys.readouterr().err
    assert "NOT MEASURED ON NEO4J: no Java here." in list(results.notes())


def test_the_table_is_written_between_its_marks_and_nothing_else_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n\n{BEGIN}\nold\n{END}\nafter\n")
    monkeypatch.setattr(report, "README", readme)
    seen = Seen(rate=1234.5, p50=0.5, p99=12.34, processor=None, bytes=2_000, memory=None)
    results = Results(
        "a machine", 1, [Built(10_000, 1.5, 30_000_000)], [Row(10_000, "SQLite", "S", 10, seen, seen, 1.0)]
    )

    report.write(results)

    text = readme.read_text()
    assert text.startswith(f"before\n\n{BEGIN}\n\n| {' | '.join(HEADS)} |")
    assert (
        "| 10,000 | SQLite | S | 10 | 2.0 | 1,234 | 1,234 | 1.00 | 0.500 / 0.500 | 12.3 / 12.3 | – / – | – / – |"
        in text
    )
    assert "old" not in text
    assert text.endswith(f"\n\n{END}\nafter\n")


def test_the_growth_of_a_page_compares_the_least_claims_with_the_most() -> None:
    def row(claims: int, p50: float, operation: str = "M") -> Row:
        seen = Seen(rate=1, p50=p50, p99=p50, processor=None, bytes=1, memory=None)
        return Row(claims, "Neo4j", operation, 1, seen, seen, 1.0)

    results = Results("a machine", 1, rows=[row(100_000, 3.0), row(10_000, 2.0), row(100_000, 9.0, "L")])

    assert results.growth() == (1.5, 1.5)
