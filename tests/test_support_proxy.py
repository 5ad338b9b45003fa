"""The proxy that the tests break the network with, tried on an echo server."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.support.proxy import Proxy

# Seconds: long enough for a byte to cross the loopback on a loaded machine, waited out only where none may come.
SILENCE = 0.2


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(1000):
        writer.write(data)
        await writer.drain()
    writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    async with server, Proxy(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}") as proxy:
        yield proxy


class Client:
    """One connection through a proxy, closed with its block."""

    def __init__(self, proxy: Proxy) -> None:
        self._port = proxy.port

    async def __aenter__(self) -> "Client":
        self._reader, self.writer = await asyncio.open_connection("127.0.0.1", self._port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.transport.abort()

    def send(self, text: bytes) -> None:
        self.writer.write(text)

    async def hear(self, count: int, within: float = 10) -> bytes:
        return await asyncio.wait_for(self._reader.readexactly(count), within)

    async def hear_the_end(self) -> bytes:
        return await asyncio.wait_for(self._reader.read(), 10)


async def test_bytes_pass_both_ways_until_told_otherwise(proxy: Proxy) -> None:
    async with Client(proxy) as client:
        client.send(b"hello")
        assert await client.hear(5) == b"hello"
        assert proxy.connections == 1


async def test_more_bytes_than_any_buffer_holds_arrive_whole_and_the_end_of_stream_after_them(proxy: Proxy) -> None:
    sent = bytes(range(256)) * 20_000
    async with Client(proxy) as client:
        client.send(sent)
        client.writer.write_eof()
        assert await client.hear_the_end() == sent


async def test_a_cut_drops_what_stands_and_refuses_what_is_new(proxy: Proxy) -> None:
    async with Client(proxy) as client:
        client.send(b"hello")
        await client.hear(5)
        await proxy.cut()
        assert proxy.connections == 0
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await client.hear(1)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", proxy.port)


async def test_after_a_cut_the_same_port_serves_again(proxy: Proxy) -> None:
    port = proxy.port
    for _ in range(3):
        async with Client(proxy) as client:
            client.send(b"hello")
            assert await client.hear(5) == b"hello"
            await proxy.cut()
        await proxy.resume()
    assert proxy.port == port


async def test_cutting_twice_is_cutting_once(proxy: Proxy) -> None:
    await proxy.cut()
    await proxy.cut()
    await proxy.resume()
    async with Client(proxy) as client:
        client.send(b"hello")
        assert await client.hear(5) == b"hello"


async def test_a_stalled_connection_holds_its_bytes_and_delivers_them_when_resumed(proxy: Proxy) -> None:
    async with Client(proxy) as client:
        client.send(b"one")
        assert await client.hear(3) == b"one"
        await proxy.stall()
        client.send(b"two")
        with pytest.raises(TimeoutError):
            await client.hear(3, within=SILENCE)
        await proxy.resume()
        assert await client.hear(3) == b"two"


async def test_a_stalled_proxy_accepts_and_says_nothing(proxy: Proxy) -> None:
    await proxy.stall()
    async with Client(proxy) as client:
        client.send(b"hello")
        with pytest.raises(TimeoutError):
            await client.hear(5, within=SILENCE)
        await proxy.resume()
        assert await client.hear(5) == b"hello"


async def test_a_stalled_connection_can_be_cut(proxy: Proxy) -> None:
    async with Client(proxy) as client:
        await proxy.stall()
        client.send(b"hello")
        await proxy.cut()
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await client.hear(1)
        assert proxy.connections == 0


async def test_a_client_that_leaves_is_gone_on_the_other_side_too() -> None:
    gone = asyncio.Event()

    async def until_gone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()
        gone.set()

    server = await asyncio.start_server(until_gone, "127.0.0.1", 0)
    async with server, Proxy(f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}") as proxy:
        async with Client(proxy) as client:
            client.send(b"hello")
        await asyncio.wait_for(gone.wait(), 10)


async def test_where_nothing_listens_behind_it_the_proxy_drops_the_connection() -> None:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    async with Proxy(f"tcp://127.0.0.1:{port}") as proxy, Client(proxy) as client:
        assert await client.hear_the_end() == b""


async def test_its_url_is_the_given_one_with_another_host_and_port() -> None:
    async with Proxy("bolt://user:p%40ss@localhost:7687/graph?policy=eu") as proxy:
        assert proxy.url == f"bolt://user:p%40ss@127.0.0.1:{proxy.port}/graph?policy=eu"


def test_a_url_without_host_and_port_is_refused() -> None:
    with pytest.raises(ValueError, match="host and port"):
        Proxy("bolt://localhost/graph")
