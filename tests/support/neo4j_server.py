"""Gives the tests a real Neo4j, and empties it.

`server(version)` takes the first of these that it can have:

1. the one that PEACEGRAPH_TEST_NEO4J names (for the LTS only). THE TESTS WIPE ITS DATA;
2. a container, where `docker info` answers;
3. the Community server from Maven Central, downloaded once to a cache and started with a Java found on this machine.

2 and 3 listen on a free port of 127.0.0.1, keep nothing, and end with the tests, also when those are killed.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from tests.support import guard, maven
from tests.support.java import find_java, installed_javas

LTS = "5.26.30"
NEWEST = "2026.08.1"
NAMED = "PEACEGRAPH_TEST_NEO4J"

# Seconds. Four to six on two idle cores; a loaded machine has been seen to take several times that.
START_TIMEOUT = 120
# Seconds for a container's image, which may have to be pulled first.
PULL_TIMEOUT = 600
# Seconds for a server that is said to be up to answer a first statement.
ANSWER_TIMEOUT = 30
LOG_TAIL = 40
# Rows of one transaction when wiping: a hub's relationships do not fit into one.
WIPE_BATCH = 20_000


class Unavailable(Exception):
    """This machine has nothing that could run the server; the message says what was looked for and what would do."""


class NoJava(Unavailable):
    """There is no Java new enough for this version, and no container engine."""


class StartFailed(Exception):
    """There is a server but it does not answer; the message holds the tail of its log."""


@dataclass(frozen=True, slots=True)
class Edition:
    """How a version is run: its image, the oldest Java that it runs on, its main class, settings of its own."""

    image: str
    java: int
    main: str
    settings: tuple[str, ...] = ()


EDITIONS = {
    LTS: Edition("neo4j:5.26", 17, "org.neo4j.server.CommunityEntryPoint"),
    # The calendar line announces itself to the neighbouring network unless told not to.
    NEWEST: Edition(
        f"neo4j:{NEWEST}", 21, "org.neo4j.server.Neo4jCommunity", ("server.fleet_discovery.enabled=false",)
    ),
}

_SETTINGS = (
    "server.http.enabled=false",
    "server.https.enabled=false",
    "dbms.usage_report.enabled=false",
    "dbms.security.auth_enabled=false",
    "server.memory.pagecache.size=256m",
    # Without it each database lays out a quarter of a gigabyte of empty log files.
    "db.tx_log.preallocate=false",
)

_JVM = (
    *(
        f"--add-opens=java.base/{name}=ALL-UNNAMED"
        for name in ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
    ),
    "-Xms256m",
    "-Xmx1g",
    # Starts sooner and stays smaller than the default collector on a heap of this size.
    "-XX:+UseSerialGC",
)


@dataclass(frozen=True, slots=True)
class _Launch:
    """A command that runs a server in the foreground, the file in which it says `Started.`, and what cleans up."""

    command: tuple[str, ...]
    log: Path
    last: tuple[str, ...] = ()


_Way = Callable[[Path, int], _Launch]


@contextmanager
def server(version: str = LTS) -> Iterator[str]:
    """A running Neo4j of `version`, as the URL that the Neo4j store opens: `neo4j://user:password@host:port/database`.

    The URL's user and password are percent-encoded; a server started here accepts any.

    Raises Unavailable where the machine has none, StartFailed where there is one that does not start or answer.
    """
    named = os.environ.get(NAMED)
    if named and version == LTS:
        _check_answers(named)
        yield named
        return
    with _started(_way(version)) as port:
        url = f"neo4j://neo4j:anything%20goes@127.0.0.1:{port}/neo4j"
        _check_answers(url)
        yield url


def connect(url: str) -> tuple[Driver, str]:
    """An open driver for `url`, and the name of the database in its path. The server's notices are not reported."""
    parts = urlsplit(url)
    if not parts.hostname or not parts.path.strip("/"):
        raise ValueError(
            "a test Neo4j is named with its database, as in neo4j://user:password@host:7687/database, "
            "user and password percent-encoded"
        )
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], path="").geturl()
    driver = GraphDatabase.driver(bare, auth=auth, connection_timeout=ANSWER_TIMEOUT, notifications_min_severity="OFF")
    return driver, parts.path.strip("/")


def wipe(url: str) -> None:
    """Remove every relationship, node, constraint and index from the database of `url`, in batches.

    The two token lookup indexes stay: they stand in every new database.
    """
    driver, database = connect(url)
    with driver, driver.session(database=database) as session:
        # Constraints first: an index that belongs to one cannot be dropped by itself. Data last: no index to tend.
        for name in session.run("SHOW CONSTRAINTS YIELD name").value():
            session.run("DROP CONSTRAINT $name", name=name).consume()
        for name in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name").value():
            session.run("DROP INDEX $name", name=name).consume()
        rows = {"rows": WIPE_BATCH}
        session.run("MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF $rows ROWS", rows).consume()
        session.run("MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF $rows ROWS", rows).consume()


def _check_answers(url: str) -> None:
    driver, database = connect(url)
    with driver:
        deadline = time.monotonic() + ANSWER_TIMEOUT
        while True:
            try:
                with driver.session(database=database) as session:
                    session.run("RETURN 1").consume()
            except (DriverError, Neo4jError) as fault:
                if not fault.is_retryable() or time.monotonic() > deadline:
                    raise StartFailed(f"Neo4j at {_without_password(url)} does not answer: {fault}") from fault
                time.sleep(0.2)
            else:
                return


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _way(version: str) -> _Way:
    try:
        return _container(version)
    except Unavailable as no_container:
        try:
            return _from_maven(version)
        except Unavailable as no_maven:
            unnamed = f"{NAMED} names none; " if version == LTS else ""
            raise type(no_maven)(f"{unnamed}{no_container}; {no_maven}") from None


def _container(version: str) -> _Way:
    docker = shutil.which("docker")
    if not docker or not _succeeds([docker, "info"], START_TIMEOUT):
        raise Unavailable("no container engine answers to `docker info`")
    image = EDITIONS[version].image
    if not _succeeds([docker, "image", "inspect", image], START_TIMEOUT) and not _succeeds(
        [docker, "pull", "--quiet", image], PULL_TIMEOUT
    ):
        raise Unavailable(f"`docker pull {image}` failed")

    def launch(home: Path, port: int) -> _Launch:
        settings = ("--env", "NEO4J_AUTH=none", "--env", "NEO4J_dbms_usage__report_enabled=false")
        published = ("--publish", f"127.0.0.1:{port}:7687")
        run = (docker, "run", "--rm", "--name", home.name, *published, *settings, image)
        return _Launch(run, home / guard.CONSOLE, (docker, "rm", "--force", "--volumes", home.name))

    return launch


def _succeeds(command: list[str], timeout: float) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=timeout, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def _from_maven(version: str) -> _Way:
    edition = EDITIONS[version]
    java = find_java(edition.java)
    if java is None:
        raise NoJava(
            f"Neo4j {version} needs Java {edition.java} or newer (found in JAVA_HOME, /usr/lib/jvm and on PATH: "
            f"{installed_javas()})"
        )
    try:
        jars = maven.server_jars(version)
    except maven.DownloadFailed as fault:
        raise Unavailable(str(fault)) from fault

    def launch(home: Path, port: int) -> _Launch:
        settings = (*_SETTINGS, *edition.settings, f"server.bolt.listen_address=127.0.0.1:{port}")
        conf = home / "conf"
        conf.mkdir()
        (conf / "neo4j.conf").write_text("\n".join(settings) + "\n")
        command = (str(java), *_JVM, "-cp", f"{jars}/*", edition.main, f"--home-dir={home}", f"--config-dir={conf}")
        return _Launch(command, home / "logs" / "neo4j.log")

    return launch


@contextmanager
def _started(way: _Way) -> Iterator[int]:
    """Start a server by `way` and yield its port. A port that another process took in the meantime is tried anew."""
    for attempt in range(3):
        home, port = Path(tempfile.mkdtemp(prefix="peacegraph-neo4j-")), _free_port()
        keeper: subprocess.Popen[bytes] | None = None
        try:
            launch = way(home, port)
            keeper = _keep(home, launch)
            try:
                _await_start(keeper, home, launch.log)
            except StartFailed as fault:
                if "already in use" in str(fault) and attempt < 2:
                    continue
                raise
            yield port
            return
        finally:
            if keeper is not None:
                keeper.communicate()
            shutil.rmtree(home, ignore_errors=True)


def _keep(home: Path, launch: _Launch) -> subprocess.Popen[bytes]:
    spec = json.dumps({"home": str(home), "command": launch.command, "last": launch.last})
    # In a session of its own: Ctrl-C reaches the tests alone, and the server ends when they have put away what uses it.
    return subprocess.Popen([sys.executable, guard.__file__, spec], stdin=subprocess.PIPE, start_new_session=True)


def _await_start(keeper: subprocess.Popen[bytes], home: Path, log: Path) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while True:
        if log.exists() and "Started." in log.read_text(errors="replace"):
            return
        if (home / guard.ENDED).exists():
            raise StartFailed(
                f"Neo4j ended while starting, exit code {(home / guard.ENDED).read_text()}.{_tails(home, log)}"
            )
        if keeper.poll() is not None:
            raise StartFailed(f"the guard of Neo4j ended, exit code {keeper.returncode}")
        if time.monotonic() > deadline:
            raise StartFailed(f"Neo4j did not start within {START_TIMEOUT} seconds.{_tails(home, log)}")
        time.sleep(0.1)


def _tails(home: Path, log: Path) -> str:
    said = ""
    for file in sorted({home / guard.CONSOLE, log}):
        lines = file.read_text(errors="replace").splitlines() if file.exists() else []
        said += f"\nThe end of {file.name}:\n" + ("\n".join(lines[-LOG_TAIL:]) or "(empty)")
    return said


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
