"""GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/) as a thin ASGI endpoint that knows no schema.

It reads a request, hands it to an `Executor` and writes the answer. It is plain ASGI on purpose: Starlette's Request
and Response would cost a small operation more time than its execution.
"""

import asyncio
import logging
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Protocol

from starlette.types import ASGIApp, Receive, Scope, Send

from api.http.errors import (
    BadContentType,
    InternalFault,
    MethodNotAllowed,
    NotAcceptable,
    TooLarge,
    error_body,
    status_of,
)
from api.http.negotiation import JSON, Media, Wanted, is_plain_json, wanted
from api.http.request import GraphQLRequest, from_body, from_url
from graph.errors import PeacegraphError

logger = logging.getLogger(__name__)

# Seconds until it is asked whether the client is still there. Asking takes a task of its own, which costs about as much
# as all else that is done here, and nearly every request is answered sooner.
_PATIENCE = 0.1

_READ_METHODS = ("GET", "HEAD")
# The answer depends on Accept, and no browser may take it for anything but what it says it is.
_HEADERS = ((b"vary", b"accept"), (b"x-content-type-options", b"nosniff"))
_ALLOW = (b"allow", b"GET, HEAD, POST")


@dataclass(frozen=True, slots=True)
class Answer:
    """A GraphQL response as JSON bytes; `code` is None if it has the entry `data`, else the code of why not."""

    body: bytes
    code: str | None = None


class Executor(Protocol):
    """Answers one operation; a request with `is_get` that is not a query is refused with MethodNotAllowed.

    A PeacegraphError is answered with its code and message; any other exception is logged and answered as INTERNAL. The
    executor is cancelled when the client goes away.
    """

    def __call__(self, request: GraphQLRequest, /) -> Awaitable[Answer]: ...


class GraphQLEndpoint:
    """The ASGI application behind /graphql.

    `executor` answers the operations. `page` is the ASGI application that a browser is shown, which asks for HTML and
    sends no query. `max_body_bytes` is the longest body that is read, in bytes; of a longer one no more is held.
    """

    __slots__ = ("_executor", "_max_body_bytes", "_page", "_watch")

    def __init__(self, executor: Executor, page: ASGIApp, max_body_bytes: int) -> None:
        self._executor = executor
        self._page = page
        self._max_body_bytes = max_body_bytes
        self._watch = _Watch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; a client that went away gets nothing, and the log is not troubled with it."""
        headers = _Headers(scope["headers"])
        takes = wanted(headers.accept)
        if takes.page and scope["method"] in _READ_METHODS and b"&query=" not in b"&" + scope["query_string"]:
            await self._page(scope, receive, send)
            return
        try:
            answer = await self._answer(scope, receive, headers, takes)
        except _ClientGone:
            return
        except PeacegraphError as error:
            answer = Answer(error_body(error), error.code)
        except Exception:
            fault = InternalFault()
            logger.exception("Incident %s", fault.incident)
            answer = Answer(error_body(fault), fault.code)
        await _respond(send, takes.media or JSON, answer)

    async def _answer(self, scope: Scope, receive: Receive, headers: "_Headers", takes: Wanted) -> Answer:
        if takes.media is None:
            raise NotAcceptable(
                "The header Accept takes no media type that is served. "
                "Send `Accept: application/graphql-response+json` or `Accept: application/json`."
            )
        method = scope["method"]
        if method == "POST":
            request = from_body(await self._body(receive, headers))
        elif method in _READ_METHODS:
            request = from_url(scope["query_string"])
        else:
            raise MethodNotAllowed(f"The method {method} is not served here. Send a POST, or a query by GET.")
        with _Answering(receive, self._watch):
            return await self._executor(request)

    async def _body(self, receive: Receive, headers: "_Headers") -> bytes:
        """The body of a POST, whole. It is measured as it comes, since a declared length may be missing."""
        if not is_plain_json(headers.content_type):
            raise BadContentType(
                "The header Content-Type does not say that the body is JSON in UTF-8. "
                "Send `Content-Type: application/json`."
            )
        if headers.content_encoding not in (b"", b"identity"):
            raise BadContentType("The header Content-Encoding says that the body is compressed. Send it plain.")
        if headers.content_length.isdigit():
            self._measure(int(headers.content_length))
        chunk, more = await _chunk(receive)
        self._measure(len(chunk))
        if not more:
            return chunk
        body = bytearray(chunk)
        while more:
            chunk, more = await _chunk(receive)
            self._measure(len(body) + len(chunk))
            body += chunk
        return bytes(body)

    def _measure(self, size: int) -> None:
        if size > self._max_body_bytes:
            raise TooLarge(
                f"The body is longer than {self._max_body_bytes} bytes, the most that is read. "
                "Ask for less at a time: fewer ids, or several requests."
            )


class _Headers:
    """The four headers of a request that matter here; a header that is not there is empty."""

    __slots__ = ("accept", "content_encoding", "content_length", "content_type")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.accept = self.content_encoding = self.content_length = self.content_type = b""
        for name, value in headers:
            if name == b"accept":  # the one of them that may come in several lines, which are then one list
                self.accept = self.accept + b"," + value if self.accept else value
            elif name == b"content-type":
                self.content_type = value
            elif name == b"content-length":
                self.content_length = value
            elif name == b"content-encoding":
                self.content_encoding = value


class _ClientGone(Exception):
    """There is nobody left to answer."""


async def _chunk(receive: Receive) -> tuple[bytes, bool]:
    """A piece of the body, and whether there is more."""
    message = await receive()
    if message["type"] == "http.disconnect":
        raise _ClientGone
    return message.get("body", b""), message.get("more_body", False)


class _Answering:
    """A request that is being answered, as a context. When its client goes away its task is cancelled, and leaves the
    context with _ClientGone."""

    __slots__ = ("_gone", "_receive", "_task", "_watch", "_watcher", "seen")

    def __init__(self, receive: Receive, watch: "_Watch") -> None:
        self._receive, self._watch = receive, watch
        self._gone = False
        self._watcher: asyncio.Task[None] | None = None
        self.seen = False

    def __enter__(self) -> None:
        self._task = asyncio.current_task()
        self._watch.add(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watch.remove(self)
        if self._watcher:
            self._watcher.cancel()
        if self._gone and self._task:
            self._task.uncancel()
            raise _ClientGone from None

    def begin(self) -> None:
        """Looks for the client from now on."""
        if self._watcher is None:
            self._watcher = asyncio.get_running_loop().create_task(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._task:
            self._task.cancel()


class _Watch:
    """Sees to it that the client of a request is looked for that has been under way for longer than _PATIENCE, and at
    most twice that. One timer for all of them: to set and take back one for each would take as long as a small
    query."""

    __slots__ = ("_set", "_under_way")

    def __init__(self) -> None:
        self._under_way: dict[_Answering, None] = {}
        self._set = False

    def add(self, request: _Answering) -> None:
        self._under_way[request] = None
        if not self._set:
            self._set = True
            asyncio.get_running_loop().call_later(_PATIENCE, self._look)

    def remove(self, request: _Answering) -> None:
        del self._under_way[request]

    def _look(self) -> None:
        for request in self._under_way:
            if request.seen:
                request.begin()
            request.seen = True
        self._set = bool(self._under_way)
        if self._set:
            asyncio.get_running_loop().call_later(_PATIENCE, self._look)


async def _respond(send: Send, media: Media, answer: Answer) -> None:
    status = 200 if answer.code is None else status_of(answer.code, strict=media.strict)
    headers = [
        (b"content-type", media.content_type),
        (b"content-length", b"%d" % len(answer.body)),
        *_HEADERS,
    ]
    if status == 405:
        headers.append(_ALLOW)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
