"""A TCP proxy that can lose, refuse or hold connections: between the service and its store, or before the service."""

import asyncio
import socket
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_CHUNK = 65_536


class Proxy:
    """A way to the host and port of a URL that passes every byte on until it is told otherwise.

    `async with Proxy("bolt://127.0.0.1:7687/neo4j") as proxy:` listens on a free port of 127.0.0.1 until the block is
    left; `proxy.url` is the same URL with the proxy's host and port. A driver on a `neo4j://` URL stays on the proxy
    too, because a server that stands alone routes back to the address it was asked at. A cluster would lead it around.

    - `cut()`: every connection is dropped and a new one refused: the store is lost.
    - `stall()`: connections stay and new ones are accepted, but no byte passes either way: the store is slow.
    - `resume()`: new connections pass again, and what `stall` held is delivered.

    The proxy runs in the event loop of the block; what speaks through it must not block that loop.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if not parts.hostname or not parts.port:
            raise ValueError("a proxy needs a URL with host and port")
        self._url, self._upstream = parts, (parts.hostname, parts.port)
        self._flowing = asyncio.Event()
        self._pairs: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self._socket: socket.socket | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """The URL that was given, by way of the proxy."""
        credentials, at, _ = self._url.netloc.rpartition("@")
        return self._url._replace(netloc=f"{credentials}{at}127.0.0.1:{self.port}").geturl()

    @property
    def connections(self) -> int:
        """How many connections stand."""
        return len(self._pairs)

    async def __aenter__(self) -> Self:
        self._socket = _bound(0)
        self.port = int(self._socket.getsockname()[1])
        await self.resume()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()
        if self._socket is not None:
            self._socket.close()

    async def cut(self) -> None:
        """Drop every connection and refuse new ones."""
        await self._close()

    async def stall(self) -> None:
        """Accept connections and hold every byte."""
        self._flowing.clear()
        await self._listen()

    async def resume(self) -> None:
        """Pass bytes, those held first."""
        self._flowing.set()
        await self._listen()

    async def _listen(self) -> None:
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, sock=self._socket)

    async def _close(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        # Bound without listening: a connection is refused, and nobody else can take the port before `resume`.
        self._socket = _bound(self.port)
        pairs = tuple(self._pairs)
        for pair in pairs:
            pair.cancel()
        await asyncio.gather(*pairs, return_exceptions=True)
        await server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._server is None:  # accepted by the kernel before the cut
            writer.transport.abort()
            return
        pair = asyncio.get_running_loop().create_task(self._connect(reader, writer))
        self._pairs.add(pair)
        pair.add_done_callback(self._pairs.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ends = [writer]
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._upstream)
            ends.append(far_writer)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(reader, far_writer))
                both.create_task(self._pump(far_reader, writer))
            for end in ends:
                end.close()
                await end.wait_closed()
        except* OSError:
            pass  # One side is gone: `finally` makes the other see it.
        finally:
            for end in ends:
                end.transport.abort()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        while data := await source.read(_CHUNK):
            await self._flowing.wait()
            sink.write(data)
            await sink.drain()
        await self._flowing.wait()
        sink.write_eof()


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind(("127.0.0.1", port))
    return bound
