"""The load: eight connections that each ask again as soon as they are answered, in a process of its own.

`Load` starts it and asks it for rounds. The process reads a line of JSON for each round and writes one with what it
saw. It parses no more of an answer than it must, so that it is not what is measured.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self, cast

import orjson
import uvloop

CONNECTIONS: Final = 8
HOST: Final = "127.0.0.1"
_LEAST: Final = 1
"""Answers that each connection waits for in a round, however short that is."""
_PATIENCE: Final = 60.0
"""Seconds that a round may take beyond its end until it is given up."""
_GOOD: Final = b'{"data":{'


class LoadFailed(Exception):
    """A server gave something else than an answer with data; the message shows it."""


@dataclass(frozen=True, slots=True)
class Round:
    """What a round saw: answers, the seconds that they took all together, the latency of each in milliseconds, and the
    bytes of their bodies."""

    seconds: float
    latencies: tuple[float, ...]
    bytes: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


class Load:
    """The other process. To be used in a `with`."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.load"]
        root = Path(__file__).parent.parent
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def round(self, port: int, bodies: Sequence[bytes], seconds: float, first: int = 0) -> Round:
        """Asks the server at the port for so long, with the bodies in turn, beginning at `first`. Raises LoadFailed."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        turned = [*bodies[first % len(bodies) :], *bodies[: first % len(bodies)]]
        asked = {"port": port, "bodies": [body.decode() for body in turned], "seconds": seconds}
        stdin.write(orjson.dumps(asked) + b"\n")
        stdin.flush()
        seen = orjson.loads(stdout.readline() or b'{"fault": "the load generator ended"}')
        if "fault" in seen:
            raise LoadFailed(seen["fault"])
        return Round(seen["seconds"], tuple(seen["latencies"]), seen["bytes"])


def request(body: bytes) -> bytes:
    """The bytes of a POST."""
    return (
        f"POST /graphql HTTP/1.1\r\nhost: {HOST}\r\ncontent-type: application/json\r\naccept: application/json\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    ).encode() + body


# ---- in the process of its own ---------------------------------------------------------------------------------------


class _Round:
    """A round under way, shared by its connections."""

    def __init__(self, requests: list[bytes], seconds: float) -> None:
        self.requests = requests
        self.sent = 0
        self.latencies: list[float] = []
        self.bytes = 0
        self.began = self.ended = time.perf_counter()
        self.until = self.began + seconds
        self.fault: str | None = None

    def next(self) -> bytes:
        self.sent += 1
        return self.requests[self.sent % len(self.requests) - 1]

    def answered(self, latency: float, size: int) -> bool:
        """Takes note of an answer; whether there shall be another."""
        self.latencies.append(latency * 1e3)
        self.bytes += size
        self.ended = time.perf_counter()
        return self.ended < self.until or self.sent < _LEAST * CONNECTIONS


class _Connection(asyncio.Protocol):
    """Asks, waits for the answer, asks again."""

    def __init__(self, round: _Round, done: asyncio.Future[None]) -> None:
        self._round, self._done = round, done
        self._head = b""
        self._missing = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is one in all but name
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._done.done():
            self._fail(f"the connection was closed ({error or 'without a word'})")

    def data_received(self, data: bytes) -> None:
        if self._missing < 0:
            self._head += data
            head, found, body = self._head.partition(b"\r\n\r\n")
            if not found or len(body) < len(_GOOD):
                return
            if not head.startswith(b"HTTP/1.1 200") or not body.startswith(_GOOD):
                self._fail((head + b"\n" + body)[:1000].decode(errors="replace"))
                return
            lines = head.lower().split(b"\r\n")
            self._size = next(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
            self._missing = self._size - len(body)
        else:
            self._missing -= len(data)
        if self._missing == 0:
            self._answered()

    def _ask(self) -> None:
        self._head, self._missing = b"", -1
        self._at = time.perf_counter()
        self._transport.write(self._round.next())

    def _answered(self) -> None:
        if self._round.answered(time.perf_counter() - self._at, self._size) and self._round.fault is None:
            self._ask()
        else:
            self._done.set_result(None)
            self._transport.close()

    def _fail(self, what: str) -> None:
        self._round.fault = what
        if not self._done.done():
            self._done.set_result(None)
        self._transport.close()


async def _run(port: int, bodies: list[str], seconds: float) -> _Round:
    loop = asyncio.get_running_loop()
    round = _Round([request(body.encode()) for body in bodies], seconds)
    waiting = [loop.create_future() for _ in range(CONNECTIONS)]
    for done in waiting:
        await loop.create_connection(lambda done=done: _Connection(round, done), HOST, port)  # type: ignore[misc]
    try:
        async with asyncio.timeout(seconds + _PATIENCE):
            await asyncio.gather(*waiting)
    except TimeoutError:
        round.fault = f"no answer within {_PATIENCE:g} s after the end of the round"
    return round


def main() -> None:
    """Runs the rounds that standard input asks for."""
    # Buffered whatever PYTHONUNBUFFERED says: unbuffered, a long line may be written in part.
    out = open(sys.stdout.fileno(), "wb", closefd=False)  # noqa: SIM115  # it lives as long as the process
    for line in sys.stdin.buffer:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            round = runner.run(_run(**orjson.loads(line)))
        seen = (
            {"fault": round.fault}
            if round.fault
            else {"seconds": round.ended - round.began, "latencies": round.latencies, "bytes": round.bytes}
        )
        out.write(orjson.dumps(seen) + b"\n")
        out.flush()


if __name__ == "__main__":
    main()
