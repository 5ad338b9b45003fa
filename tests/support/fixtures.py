"""The fixtures of the tests that need a Neo4j, as a pytest plugin (`pytest_plugins` in tests/conftest.py).

`neo4j_url` and `neo4j_newest_url` start their server when the first test asks for it, one for the whole run, and end it
with the run. A test that asks for either is marked `neo4j`. What could not be tested is said in a section of its own at
the end of the run; with CI=true it is a failure.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.support.neo4j_server import LTS, NEWEST, NoJava, Unavailable, server, wipe

_FIXTURES = {"neo4j_url", "neo4j_newest_url"}
_UNTESTED = pytest.StashKey[dict[str, str]]()


@pytest.fixture(scope="session")
def neo4j_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of an empty Neo4j of the long-term line. Tests share it: each wipes what it needs empty."""
    with ExitStack() as stack:
        yield _open(stack, pytestconfig, LTS)


@pytest.fixture(scope="session")
def neo4j_newest_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of an empty Neo4j of the newest calendar version. Skipped where its Java is missing, with CI=true too."""
    with ExitStack() as stack:
        yield _open(stack, pytestconfig, NEWEST)


def _open(stack: ExitStack, config: pytest.Config, version: str) -> str:
    try:
        url = stack.enter_context(server(version))
    except Unavailable as fault:
        reason = fault
    else:
        wipe(url)
        return url
    config.stash.setdefault(_UNTESTED, {})[version] = str(reason)
    excused = version == NEWEST and isinstance(reason, NoJava)
    if os.environ.get("CI", "").lower() == "true" and not excused:
        pytest.fail(f"Neo4j {version} must be tested where CI=true: {reason}", pytrace=False)
    pytest.skip(f"Neo4j {version} was not tested: {reason}")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what asks for a Neo4j, so that `-m` can choose it; and as slow what is so there alone."""
    if not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
        item.add_marker("neo4j")
    if item.get_closest_marker("slow_on_neo4j") and "neo4j" in item.name.rpartition("[")[2]:
        item.add_marker("slow")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say loudly what was not tested, and why."""
    untested = config.stash.get(_UNTESTED, {})
    if untested:
        terminalreporter.section("NOT TESTED ON NEO4J", sep="!", red=True, bold=True)
    for version, reason in untested.items():
        terminalreporter.line(f"Neo4j {version}: every test of it was left out, because {reason}.", red=True)
