"""The harness of the Neo4j tests: what it says where there is no Neo4j, and that it leaves no process behind."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support import guard, neo4j_server
from tests.support.java import feature_version
from tests.support.neo4j_server import connect, wipe

ROOT = Path(__file__).parent.parent
# Starts a guarded command as the harness does and then hangs, to be killed in the middle.
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, sys.argv[1], sys.argv[2]], stdin=subprocess.PIPE, start_new_session=True)
time.sleep(60)
"""
ASKS_FOR_NEO4J = """
def test_of_the_long_term_line(neo4j_url): ...
def test_of_the_newest(neo4j_newest_url): ...
"""

NO_JAVA = """
from tests.support import neo4j_server
neo4j_server.find_java = lambda least: None
"""
# Notes that it was called, makes half of the folder that Maven is asked for, and after a while the other half.
SLOW_MVN = """#!/bin/sh
echo called >> "$MVN_CALLS"
for argument in "$@"; do case "$argument" in -DoutputDirectory=*) lib="${argument#*=}";; esac; done
mkdir "$lib"; echo > "$lib/one.jar"; sleep 1; echo > "$lib/two.jar"
"""
FETCH = (
    "from tests.support.maven import server_jars; print(*sorted(jar.name for jar in server_jars('1.2.3').iterdir()))"
)


def _run_where_nothing_is(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Two tests that ask for a Neo4j, where no program is on PATH and the cache is empty."""
    (folder / "test_asks.py").write_text(ASKS_FOR_NEO4J)
    clean = {"PATH": str(folder), "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache"), "JAVA_HOME": ""}
    plugins = ["-p", "tests.support.fixtures", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), *plugins, *options]
    return _run([*command, str(folder)], folder, clean | environment)


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=100, check=False
    )


def _wait_until_gone(path: Path) -> None:
    deadline = time.monotonic() + 20
    while path.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not path.exists()


def test_without_any_neo4j_the_tests_are_skipped_and_the_run_ends_by_saying_so(tmp_path: Path) -> None:
    run = _run_where_nothing_is(tmp_path)
    assert run.returncode == 0, run.stdout
    assert "2 skipped" in run.stdout
    assert "NOT TESTED ON NEO4J" in run.stdout
    assert "no container engine answers to `docker info`" in run.stdout


def test_without_any_neo4j_ci_fails(tmp_path: Path) -> None:
    run = _run_where_nothing_is(tmp_path, "-k", "long_term", CI="true")
    assert run.returncode == 1
    assert "1 error" in run.stdout
    assert "NOT TESTED ON NEO4J" in run.stdout


def test_where_no_java_is_found_ci_excuses_the_newest_version_alone(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text(NO_JAVA)
    run = _run_where_nothing_is(tmp_path, CI="true")
    assert run.returncode == 1
    assert "1 skipped, 1 error" in run.stdout
    assert "needs Java 21 or newer" in run.stdout


def test_what_asks_for_a_neo4j_is_marked_so(tmp_path: Path) -> None:
    assert "2 deselected" in _run_where_nothing_is(tmp_path, "-m", "not neo4j").stdout


def test_a_named_neo4j_that_does_not_answer_is_a_failure_that_hides_the_password(tmp_path: Path) -> None:
    ask = "from tests.support import neo4j_server as s; s.ANSWER_TIMEOUT = 0.1\nwith s.server(): ..."
    named = {"PEACEGRAPH_TEST_NEO4J": "bolt://neo4j:se%20cret@127.0.0.1:1/neo4j", "PYTHONPATH": str(ROOT)}
    run = _run([sys.executable, "-c", ask], tmp_path, named)
    assert run.returncode == 1
    assert "Neo4j at bolt://127.0.0.1:1/neo4j does not answer" in run.stderr
    assert "se%20cret" not in run.stderr
    assert "se cret" not in run.stderr


def test_a_neo4j_named_without_its_database_is_refused() -> None:
    with pytest.raises(ValueError, match="named with its database"):
        connect("neo4j://user:password@localhost:7687")


def test_the_feature_version_of_a_java_is_read_from_what_it_prints() -> None:
    assert feature_version('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment') == 17
    assert feature_version('java version "1.8.0_402"') == 8
    assert feature_version('openjdk version "25" 2025-09-16') == 25
    assert feature_version("no java here") is None


def test_a_guarded_command_and_its_folder_do_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    command = [sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)"]
    spec = json.dumps({"home": str(home), "command": command, "last": []})
    parent = subprocess.Popen([sys.executable, "-c", PARENT, guard.__file__, spec])
    console, deadline = home / guard.CONSOLE, time.monotonic() + 20
    while not (console.exists() and console.read_text().strip()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    child = int(console.read_text())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    _wait_until_gone(home)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_command_that_ends_by_itself_leaves_its_exit_code_and_its_words_until_they_are_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    spec = json.dumps({"home": str(home), "command": [sys.executable, "-c", "print('why'); exit(3)"], "last": []})
    keeper = subprocess.Popen([sys.executable, guard.__file__, spec], stdin=subprocess.PIPE)
    deadline = time.monotonic() + 20
    while not (home / guard.ENDED).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert (home / guard.ENDED).read_text() == "3"
    assert (home / guard.CONSOLE).read_text() == "why\n"
    keeper.communicate()
    assert not home.exists()


def _fetch(folder: Path) -> subprocess.Popen[str]:
    mvn = folder / "mvn"
    if not mvn.exists():
        mvn.write_text(SLOW_MVN)
        mvn.chmod(0o755)
    environment = {
        "PATH": f"{folder}:/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "MVN_CALLS": str(folder / "calls"),
    }
    return subprocess.Popen([sys.executable, "-c", FETCH], env=environment, stdout=subprocess.PIPE, text=True)


def test_two_that_want_the_server_at_once_download_it_once(tmp_path: Path) -> None:
    both = [_fetch(tmp_path), _fetch(tmp_path)]
    assert [fetch.communicate(timeout=60)[0] for fetch in both] == ["one.jar two.jar\n"] * 2
    assert (tmp_path / "calls").read_text() == "called\n"


def test_an_interrupted_download_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    broken, deadline = _fetch(tmp_path), time.monotonic() + 20
    while not list(tmp_path.glob("cache/peacegraph/*/lib/one.jar")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    broken.kill()
    broken.communicate()
    assert _fetch(tmp_path).communicate(timeout=60)[0] == "one.jar two.jar\n"
    assert sorted(path.name for path in tmp_path.glob("cache/peacegraph/*")) == ["neo4j-1.2.3", "neo4j-1.2.3.lock"]


def test_wiping_leaves_nothing_but_what_a_new_database_has(neo4j_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neo4j_server, "WIPE_BATCH", 300)
    driver, database = connect(neo4j_url)
    with driver:
        for statement in (
            "CREATE CONSTRAINT one FOR (n:Thing) REQUIRE n.id IS UNIQUE",
            "CREATE INDEX two FOR ()-[r:HAS]-() ON (r.n, r.k)",
            "CREATE FULLTEXT INDEX three FOR (n:Thing) ON EACH [n.name]",
            "CREATE (hub:Thing {id: -1}) WITH hub UNWIND range(1, 1000) AS i "
            "CREATE (hub)-[:HAS {n: i, k: i}]->(:Thing {id: i})",
        ):
            driver.execute_query(statement, database_=database)
        wipe(neo4j_url)
        nodes = driver.execute_query("MATCH (n) RETURN count(n) AS n", database_=database).records[0]["n"]
        kinds = driver.execute_query("SHOW INDEXES YIELD type RETURN type", database_=database).records
        rules = driver.execute_query("SHOW CONSTRAINTS YIELD name RETURN name", database_=database).records
    assert nodes == 0
    assert {record["type"] for record in kinds} <= {"LOOKUP"}
    assert rules == []
