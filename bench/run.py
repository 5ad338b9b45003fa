"""The bench: the service beside a bare application over the same store, on synthetic graphs, as ratios in one run.

For each size a release is built and, where there is a Neo4j, loaded into it. On each store both servers are started and
must give the same `data` to everything that will be asked, or nothing is measured. Then rounds of the one and of the
other follow each other, so that a machine that is slower for a while is slower for both.
"""

import asyncio
import os
import platform
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from random import Random
from statistics import mean, median, quantiles
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

import orjson
from rich.console import Console

from bench.generate import Graph, Shape
from bench.load import HOST, Load
from bench.report import Built, Results, Row, Seen, table
from bench.report import write as write_readme
from graph.stores.sqlite.builder import SqliteBuilder
from graph.stores.sqlite.releases import release_path

ROOT: Final = Path(__file__).parent.parent
RESULTS: Final = ROOT / "bench" / "results"
OPERATIONS: Final = {path.stem.upper(): path.read_text(encoding="utf-8") for path in (ROOT / "bench/ops").iterdir()}
"""The documents, by operation name."""

SEED: Final = 1
SHAPE: Final = Shape("Appointment", "TO", "Mission", holders=0.05, others=0.15)
"""Half of all claims at one mission; twelve appointments a person, of which some seven take part in an answer, so that
a page of people has five each; 1,000 actors within three steps of a person, who share more than 4,000 claims."""

ROUNDS: Final = 5
ACTORS: Final = 2_000
"""Different actors that S asks for in turn."""
PAGES: Final = 100
"""Different pages that M asks for in turn."""
NETWORKS: Final = 8
"""Different networks that L asks for in turn."""
_WIDTH: Final = 140
"""Columns of the table where it is not drawn on a terminal."""
_PATIENCE: Final = 60.0
"""Seconds until a server that has not become ready is given up."""
_PAGE: Final = (
    "query Page($after: String) { individuals(first: 50, after: $after) { pageInfo { endCursor hasNextPage } } }"
)

Tick = Callable[[str, int, int | None], None]
Variables = Mapping[str, Any]
_T = TypeVar("_T")


class Void(Exception):
    """There is nothing that could be compared: a server does not start or answers otherwise than the other."""


def run(sizes: Sequence[int], seconds: float, neo4j: bool, tick: Tick, write: bool = False) -> Results:
    """Measures and prints; gives what was found. `sizes`: of the graphs, in claims; `seconds`: for each operation and
    server; `neo4j`: whether on Neo4j too; `write`: whether the table becomes that of the README. Raises Void."""
    results = Results(_machine(), seconds)
    with ExitStack() as stack:
        work = Path(stack.enter_context(TemporaryDirectory(prefix="peacegraph-bench-")))
        load = stack.enter_context(Load())
        url = _neo4j(stack, results) if neo4j else None
        bench = _Bench(load, seconds, results, tick)
        for size in sorted(sizes):
            bench.measure(size, work / str(size), url)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%S}.json").write_bytes(results.json())
    out = Console(width=None if sys.stdout.isatty() else _WIDTH)
    out.print(table(results))
    for note in results.notes():
        out.print(note, highlight=False)
    if write:
        write_readme(results)
    return results


def _neo4j(stack: ExitStack, results: Results) -> str | None:
    """A Neo4j for this run, or None, which is said loudly and noted."""
    from tests.support.neo4j_server import StartFailed, Unavailable, server

    try:
        return stack.enter_context(server())
    except (Unavailable, StartFailed) as fault:
        results.without = str(fault)
        Console(stderr=True).print(f"[bold red]NOT MEASURED ON NEO4J[/bold red]: {fault}")
        return None


def _machine() -> str:
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


# ---- servers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its port and its process."""

    port: int
    pid: int

    def data(self, document: str, operation: str, variables: Variables) -> Any:
        """What it answers under `data`. Raises Void if it answers with errors."""
        with closing(HTTPConnection(HOST, self.port, timeout=_PATIENCE)) as http:
            http.request(
                "POST", "/graphql", _body(document, operation, variables), {"content-type": "application/json"}
            )
            answer = orjson.loads(http.getresponse().read())
        if "data" not in answer or answer.get("errors"):
            raise Void(f"{operation} {variables} is answered by {str(answer)[:2000]}")
        return answer["data"]

    def processor(self) -> float | None:
        """Time of the processor that it has taken, in ms; None where the system does not tell."""
        status = Path(f"/proc/{self.pid}/stat")
        if not status.exists():
            return None
        # After the name, which may hold anything: fields 14 and 15 are the ticks in the process and in the kernel.
        ticks = status.read_text().rpartition(")")[2].split()[11:13]
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK") * 1000

    def memory(self) -> float | None:
        """Anonymous memory, in MB; None where the system does not tell."""
        status = Path(f"/proc/{self.pid}/status")
        lines = status.read_text().splitlines() if status.exists() else ()
        return next((int(line.split()[1]) / 1000 for line in lines if line.startswith("RssAnon:")), None)


def _body(document: str, operation: str, variables: Variables) -> bytes:
    return orjson.dumps({"query": document, "operationName": operation, "variables": variables})


@contextmanager
def _started(command: list[str], port: int, settings: Mapping[str, str], log: Path) -> Iterator[Server]:
    """A server in a process of its own, ready. Raises Void, with the end of its log, if it does not become so."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PEACEGRAPH_")}
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=ROOT,
            env=environment | dict(settings),
            stdout=said,
            stderr=subprocess.STDOUT,
        )
        try:
            until = time.monotonic() + _PATIENCE
            while not _ready(port):
                if process.poll() is not None or time.monotonic() > until:
                    raise Void(f"{' '.join(command[:2])} did not become ready: {log.read_text()[-2000:]}")
                time.sleep(0.1)
            yield Server(port, process.pid)
        finally:
            process.terminate()
            process.wait()


def _ready(port: int) -> bool:
    try:
        with closing(HTTPConnection(HOST, port, timeout=_PATIENCE)) as http:
            http.request("GET", "/readyz")
            return http.getresponse().status == 200
    except OSError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


# ---- measuring -------------------------------------------------------------------------------------------------------


class _Bench:
    def __init__(self, load: Load, seconds: float, results: Results, tick: Tick) -> None:
        self._load, self._seconds, self._results, self._tick = load, seconds, results, tick

    def measure(self, size: int, folder: Path, url: str | None) -> None:
        """Everything at one size; `url`: of the Neo4j, if there is one."""
        file, built = self._build(size, folder)
        filled = None
        if url is not None:
            from graph.stores.neo4j.builder import fill

            began = time.perf_counter()
            asyncio.run(fill(file, url, self._tick))
            filled = time.perf_counter() - began
        self._results.builds.append(Built(size, built, file.stat().st_size, filled))
        self._compare(size, "SQLite", f"sqlite:{folder}", f"sqlite:{file}", file)
        if url is not None:
            self._compare(size, "Neo4j", url, url, file)

    def _build(self, size: int, folder: Path) -> tuple[Path, float]:
        graph = Graph(SEED, size, SHAPE)
        entities = 2 + sum(graph.population.values())
        began = time.perf_counter()
        with SqliteBuilder(folder) as builder:
            builder.add(
                self._told(f"building {entities:,} entities", entities, graph.entities()),
                self._told(f"building {size:,} claims", size, graph.claims()),
            )
            release = builder.finish({"digest": f"synthetic {SEED} {size}", "schema": ""})
        return release_path(folder, release.number), time.perf_counter() - began

    def _told(self, what: str, total: int, items: Iterable[_T]) -> Iterator[_T]:
        for done, item in enumerate(items, 1):
            yield item
            if done % 1_000 == 0 or done == total:
                self._tick(what, done, total)

    def _compare(self, size: int, store: str, address: str, bare_address: str, file: Path) -> None:
        with ExitStack() as stack:
            port, bare_port, folder = _free_port(), _free_port(), file.parent
            settings = {
                "PEACEGRAPH_STORE": address,
                "PEACEGRAPH_RELEASES": str(folder),
                "PEACEGRAPH_PORT": str(port),
                "PEACEGRAPH_LOG_LEVEL": "warning",
            }
            serve, bare_serve = ["peacegraph.py", "serve"], ["-m", "bench.servers", str(bare_port), bare_address]
            service = stack.enter_context(_started(serve, port, settings, folder / "service.log"))
            bare = stack.enter_context(_started(bare_serve, bare_port, {}, folder / "bare.log"))
            asked = {"S": _actors(file), "M": _pages(service), "L": _networks(file, service)}
            for done, (operation, variables) in enumerate(asked.items()):
                self._tick(f"{store}, {size:,} claims", done, len(asked))
                fields = _agreed(service, bare, operation, variables)
                self._results.rows.append(self._row(size, store, operation, fields, variables, service, bare))
            self._tick(f"{store}, {size:,} claims", len(asked), len(asked))

    def _row(
        self,
        size: int,
        store: str,
        operation: str,
        fields: int,
        variables: Sequence[Variables],
        service: Server,
        bare: Server,
    ) -> Row:
        bodies = [_body(OPERATIONS[operation], operation, each) for each in variables]
        measured = [_Measured(self._load, server, bodies) for server in (service, bare)]
        for each in measured:
            each.warm(self._seconds / 2)
        for _ in range(ROUNDS):
            for each in measured:
                each.round(self._seconds / ROUNDS)
        ours, theirs = measured
        ratio = median(a / b for a, b in zip(ours.rates, theirs.rates, strict=True))
        return Row(size, store, operation, fields, ours.seen(), theirs.seen(), ratio)


class _Measured:
    """One operation on one server."""

    def __init__(self, load: Load, server: Server, bodies: list[bytes]) -> None:
        self._load, self._server, self._bodies = load, server, bodies
        self._asked = 0
        self._latencies: list[float] = []
        self._bytes = 0
        self._memory: list[float] = []
        self._processor: float | None = None
        self.rates: list[float] = []

    def warm(self, seconds: float) -> None:
        self._asked += len(self._load.round(self._server.port, self._bodies, seconds).latencies)

    def round(self, seconds: float) -> None:
        before = self._server.processor()
        seen = self._load.round(self._server.port, self._bodies, seconds, self._asked)
        after = self._server.processor()
        if before is not None and after is not None:
            self._processor = (self._processor or 0.0) + after - before
        self._asked += len(seen.latencies)
        self._latencies += seen.latencies
        self._bytes += seen.bytes
        self.rates.append(seen.rate)
        if (memory := self._server.memory()) is not None:
            self._memory.append(memory)

    def seen(self) -> Seen:
        latencies, memory = self._latencies, self._memory
        p99 = quantiles(latencies, n=100, method="inclusive")[98]
        number = len(latencies)
        processor = None if self._processor is None else self._processor / number
        most = max(memory) if memory else None
        return Seen(median(self.rates), median(latencies), p99, processor, self._bytes // number, most)


# ---- what is asked ---------------------------------------------------------------------------------------------------


def _actors(file: Path) -> list[Variables]:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        ids = [id for (id,) in db.execute("SELECT id FROM entity WHERE family = 'Actor' ORDER BY id")]
    return [{"id": id} for id in Random(SEED).sample(ids, min(ACTORS, len(ids)))]


def _pages(service: Server) -> list[Variables]:
    """The pages of people in order, by the cursors that the service gives; the last one, being short, is left out."""
    found: list[Variables] = []
    after = None
    while len(found) < PAGES:
        info = service.data(_PAGE, "Page", {"after": after})["individuals"]["pageInfo"]
        if not info["hasNextPage"]:
            break
        found.append({"after": after})
        after = info["endCursor"]
    return found


def _networks(file: Path, service: Server) -> list[Variables]:
    """Around those people, of some drawn, whose networks are largest."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as db:
        ids = [id for (id,) in db.execute("SELECT id FROM entity WHERE kind = 'INDIVIDUAL' ORDER BY id")]
    drawn = Random(SEED).sample(ids, min(2 * NETWORKS, len(ids)))

    def size(id: str) -> int:
        network = service.data(OPERATIONS["L"], "L", {"id": id})["neighbourhood"]
        return len(network["claims"]) + len(network["entities"])

    return [{"id": id} for id in sorted(drawn, key=size, reverse=True)[:NETWORKS]]


def _agreed(service: Server, bare: Server, operation: str, variables: Sequence[Variables]) -> int:
    """How many fields the answers have on average. Raises Void where the two do not answer alike."""
    numbers = []
    for each in variables:
        ours, theirs = (server.data(OPERATIONS[operation], operation, each) for server in (service, bare))
        if ours != theirs:
            raise Void(f"{operation} {each}: {_difference(ours, theirs)}; the comparison is void")
        numbers.append(_fields(ours))
    return round(mean(numbers))


def _fields(value: Any) -> int:
    if isinstance(value, dict):
        return sum(1 + _fields(each) for each in value.values())
    return sum(map(_fields, value)) if isinstance(value, list) else 0


def _difference(ours: Any, theirs: Any, path: str = "data") -> str:
    """Where two answers first differ."""
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        return next(_difference(ours[k], theirs[k], f"{path}.{k}") for k in ours if ours[k] != theirs[k])
    if isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        pairs = enumerate(zip(ours, theirs, strict=True))
        return next(_difference(a, b, f"{path}[{i}]") for i, (a, b) in pairs if a != b)
    return f"at {path} the service has {str(ours)[:300]} and the bare application {str(theirs)[:300]}"
