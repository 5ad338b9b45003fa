"""The protocol between a client and /graphql: what is served, and what is said of everything that is not.

The executor is a toy (`toy.py`), because here nothing depends on what is asked. Requests go in as ASGI messages; only
what depends on sockets goes through uvicorn.
"""

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import Any

import httpx
import orjson
import pytest
from starlette.types import Message, Scope

from api.http.errors import STATUS
from api.http.graphql import Answer, Executor
from api.http.request import GraphQLRequest
from graph.errors import BadFilter, StoreUnavailable, Timeout
from tests.http.toy import application, served, toy_executor

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
MEDIA = pytest.mark.parametrize("accept", [GRAPHQL, JSON])


def client(executor: Executor = toy_executor, **settings: int) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(application(executor, **settings))
    return httpx.AsyncClient(transport=transport, base_url="http://peacegraph.test")


@pytest.fixture
async def service() -> AsyncIterator[httpx.AsyncClient]:
    async with client() as service:
        yield service


async def post(service: httpx.AsyncClient, body: object, **headers: str) -> httpx.Response:
    """POST `body`: bytes as they are, anything else as JSON. A header given as "" is left out."""
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    named = {"content-type": JSON, "accept": GRAPHQL}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    request = service.build_request("POST", "/graphql", content=content, headers=named)
    for name, value in named.items():
        if not value:
            del request.headers[name]
    return await service.send(request)


def refused(answer: httpx.Response, status: int, code: str, *said: str) -> dict[str, Any]:
    """Assert that `answer` is one coded error, without data, whose message holds all of `said`; return the error."""
    assert (answer.status_code, list(answer.json())) == (status, ["errors"])
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == code
    for words in said:
        assert words in error["message"]
    assert "Traceback" not in answer.text
    assert answer.headers["content-type"] in (f"{JSON}; charset=utf-8", f"{GRAPHQL}; charset=utf-8")
    return error  # type: ignore[no-any-return]


# What is served


async def test_a_query_by_post_is_answered(service: httpx.AsyncClient) -> None:
    answer = await post(service, {"query": "query A($a: String) { greet(name: $a) }", "variables": {"a": "Zoë 🕊"}})
    assert (answer.status_code, answer.json()) == (200, {"data": {"greet": "Hello Zoë 🕊"}})


async def test_a_query_by_get_is_answered(service: httpx.AsyncClient) -> None:
    parameters = {
        "query": "query A($of: [Int!]!) { sum(of: $of) } query B { greet }",
        "variables": '{"of": [1, 2]}',
        "operationName": "A",
    }
    answer = await service.get("/graphql", params=parameters)
    assert (answer.status_code, answer.json()) == (200, {"data": {"sum": 3}})


async def test_a_get_may_leave_optional_parameters_empty(service: httpx.AsyncClient) -> None:
    parameters = {"query": "{ greet }", "variables": "", "operationName": "", "extensions": ""}
    answer = await service.get("/graphql", params=parameters)
    assert answer.json() == {"data": {"greet": "Hello world"}}


async def test_parameters_that_nobody_knows_are_ignored(service: httpx.AsyncClient) -> None:
    for answer in (
        await post(service, {"query": "{ greet }", "variables": None, "extensions": {"a": [1]}, "id": 7}),
        await service.get("/graphql?query={greet}&id=7&id=8"),
    ):
        assert answer.json() == {"data": {"greet": "Hello world"}}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        ("application/json; charset=UTF-8", JSON),
        (GRAPHQL, GRAPHQL),
        ("APPLICATION/GraphQL-Response+JSON", GRAPHQL),
        ("application/graphql-response+json, application/json;q=0.9", GRAPHQL),
        ("application/graphql-response+json;q=0.5, application/json;q=0.9", JSON),
        ("application/json, application/graphql-response+json", JSON),
        ("application/graphql-response+json, application/json", GRAPHQL),
        ("*/*, application/graphql-response+json", GRAPHQL),
        ("multipart/mixed;deferSpec=20220824, application/graphql-response+json, application/json", GRAPHQL),
        ("application/*, application/json;q=0", GRAPHQL),
        ("text/html, */*;q=0.1", JSON),
        ("text/plain, application/json;q=nonsense, application/graphql-response+json;q=0.1", GRAPHQL),
        (", ;;=, application/json", JSON),
    ],
)
async def test_the_accept_header_chooses_the_media_type(service: httpx.AsyncClient, accept: str, media: str) -> None:
    answer = await post(service, {"query": "{ greet }"}, accept=accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, f"{media}; charset=utf-8")
    assert answer.headers["vary"] == "accept"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_accept_headers_in_several_lines_are_one_list(service: httpx.AsyncClient) -> None:
    headers = [("content-type", JSON), ("accept", GRAPHQL), ("accept", "text/plain")]
    answer = await service.post("/graphql", content=b'{"query": "{ greet }"}', headers=headers)
    assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


async def test_a_very_long_accept_header_is_understood(service: httpx.AsyncClient) -> None:
    answer = await post(service, {"query": "{ greet }"}, accept=", ".join(["text/plain"] * 1000 + [GRAPHQL]))
    assert answer.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"


@pytest.mark.parametrize("content_type", [JSON, "application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"'])
async def test_a_body_in_json_is_read(service: httpx.AsyncClient, content_type: str) -> None:
    assert (await post(service, {"query": "{ greet }"}, content_type=content_type)).status_code == 200


async def test_head_is_answered_as_get_is(service: httpx.AsyncClient) -> None:
    assert (await service.head("/graphql", params={"query": "{ greet }"})).status_code == 200


async def test_a_mutation_by_post_reaches_the_executor(service: httpx.AsyncClient) -> None:
    assert (await post(service, {"query": "mutation { forget }"})).json() == {"data": {"forget": True}}


async def test_a_backslash_before_an_escape_makes_no_nul(service: httpx.AsyncClient) -> None:
    body = rb'{"query": "query A($a: String) { greet(name: $a) }", "variables": {"a": "\\u0000"}}'
    answer = await post(service, body)
    assert answer.json() == {"data": {"greet": r"Hello \u0000"}}


# A fault in the question: the media type decides about the status


@pytest.mark.parametrize("query", ["{", "{ unknown }", "query A($of: [Int!]!) { sum(of: $of) }"])
async def test_a_fault_in_the_question_sets_the_status_in_the_newer_media_type_only(
    service: httpx.AsyncClient, query: str
) -> None:
    refused(await post(service, {"query": query}), 400, "BAD_INPUT")
    refused(await post(service, {"query": query}, accept=JSON), 200, "BAD_INPUT")


async def test_an_answer_with_data_and_errors_has_status_200() -> None:
    async def partial(request: GraphQLRequest) -> Answer:
        return Answer(b'{"data":null,"errors":[{"message":"no","path":["a"]}]}')

    async with client(partial) as service:
        assert (await post(service, {"query": "{ a }"})).status_code == 200


@MEDIA
@pytest.mark.parametrize(("error", "status"), [(StoreUnavailable("down"), 503), (Timeout("slow"), 504)])
async def test_a_fault_of_the_service_sets_the_status_in_both_media_types(
    accept: str, error: StoreUnavailable | Timeout, status: int
) -> None:
    async def fail(request: GraphQLRequest) -> Answer:
        raise error

    async with client(fail) as service:
        refused(await post(service, {"query": "{ a }"}, accept=accept), status, error.code, error.message)


async def test_an_error_of_the_domain_is_answered_with_its_code_and_message() -> None:
    async def fail(request: GraphQLRequest) -> Answer:
        raise BadFilter("where.role: null; leave it out")

    async with client(fail) as service:
        refused(await post(service, {"query": "{ a }"}), 400, "BAD_FILTER", "where.role: null; leave it out")


# A fault in the request: the same status in both media types


@MEDIA
@pytest.mark.parametrize(
    ("body", "code", "said"),
    [
        (b"", "MALFORMED_JSON", "it is empty"),
        (b'{ "not a JSON', "MALFORMED_JSON", "line 1, column"),
        (b"query=%7B+greet+%7D", "MALFORMED_JSON", "Send a JSON object"),
        (b'{"query": "\xff"}', "MALFORMED_JSON", "byte 11 is not UTF-8"),
        (b'{"query": "\xed\xa0\x80"}', "MALFORMED_JSON", "byte 11 is not UTF-8"),
        (b'{"query": "a\x00"}', "MALFORMED_JSON", "control character"),
        (b"[" * 100_000, "MALFORMED_JSON", "depth"),
        (b'{"query": NaN}', "MALFORMED_JSON", "line 1, column"),
        ([], "BATCH_NOT_SUPPORTED", "one by one"),
        ([{"query": "{ greet }"}, {"query": "{ greet }"}], "BATCH_NOT_SUPPORTED", "one by one"),
        ("{ greet }", "BAD_REQUEST", "The body is a string"),
        (7, "BAD_REQUEST", "The body is a number"),
        (None, "BAD_REQUEST", "The body is null"),
        ({}, "BAD_REQUEST", "`query` is missing"),
        ({"qeury": "{ greet }"}, "BAD_REQUEST", "`query` is missing"),
        ({"query": None}, "BAD_REQUEST", "`query` is missing"),
        ({"query": 0}, "BAD_REQUEST", "`query` is a number"),
        ({"query": ["{ greet }"]}, "BAD_REQUEST", "`query` is a list"),
        ({"query": "{ greet }", "operationName": False}, "BAD_REQUEST", "`operationName` is a boolean"),
        ({"query": "{ greet }", "operationName": {}}, "BAD_REQUEST", "`operationName` is an object"),
        ({"query": "{ greet }", "variables": [1]}, "BAD_REQUEST", "`variables` is a list"),
        ({"query": "{ greet }", "variables": "{}"}, "BAD_REQUEST", "`variables` is a string"),
        ({"query": "{ greet }", "variables": 0.5}, "BAD_REQUEST", "`variables` is a number"),
        ({"query": "{ greet }", "extensions": "x"}, "BAD_REQUEST", "`extensions` is a string"),
        ({"query": "{ greet }", "extensions": False}, "BAD_REQUEST", "`extensions` is a boolean"),
        ({"query": "{ gr\0eet }"}, "BAD_REQUEST", "`query`"),
        ({"query": "{ greet }", "operationName": "\0"}, "BAD_REQUEST", "`operationName`"),
        ({"query": "{ greet }", "variables": {"a": [{"b": "x\0y"}]}}, "BAD_REQUEST", "`variables.a.0.b`"),
        ({"query": "{ greet }", "variables": {"a": {"b\0": 1}}}, "BAD_REQUEST", "NUL"),
        (rb'{"query": "\ud800"}', "BAD_REQUEST", "half of a surrogate pair"),
        (rb'{"query": "{ greet }", "variables": {"a": "\ud83d x"}}', "BAD_REQUEST", "line 1, column"),
        (rb'{"query": "{ greet }", "variables": {"a": "\ude00"}}', "BAD_REQUEST", "half of a surrogate pair"),
        (rb'{"query": "{ greet }", "variables": {"\ud83d\u0041": 1}}', "BAD_REQUEST", "half of a surrogate pair"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    service: httpx.AsyncClient, accept: str, body: object, code: str, said: str
) -> None:
    refused(await post(service, body, accept=accept), 400, code, said)


@MEDIA
@pytest.mark.parametrize(
    ("query_string", "code", "said"),
    [
        ("", "BAD_REQUEST", "`query` is missing"),
        ("subquery={greet}", "BAD_REQUEST", "`query` is missing"),
        ("query={greet}&query={greet}", "BAD_REQUEST", "`query` twice"),
        ("query={greet%00}", "BAD_REQUEST", "NUL"),
        ("query={greet}&operationName=%00", "BAD_REQUEST", "NUL"),
        ("query=%ff", "BAD_REQUEST", "percent-encoded UTF-8"),
        ("query=%ed%a0%80", "BAD_REQUEST", "percent-encoded UTF-8"),
        ("query={greet}&variables={", "MALFORMED_JSON", "`variables` is not JSON"),
        ("query={greet}&variables=[]", "BAD_REQUEST", "`variables` is a list"),
        ("query={greet}&extensions=0", "BAD_REQUEST", "`extensions` is a number"),
        (r'query={greet}&variables={"a":"\u0000"}', "BAD_REQUEST", "`variables`, at `a`, holds the character NUL"),
        (r'query={greet}&variables={"a":"\ud800"}', "BAD_REQUEST", "half of a surrogate pair"),
    ],
)
async def test_a_url_that_cannot_be_read_is_refused(
    service: httpx.AsyncClient, accept: str, query_string: str, code: str, said: str
) -> None:
    url = httpx.URL("http://peacegraph.test/graphql", query=query_string.encode())
    refused(await service.get(url, headers={"accept": accept}), 400, code, said)


@MEDIA
async def test_an_operation_by_get_that_is_no_query_is_refused(service: httpx.AsyncClient, accept: str) -> None:
    answer = await service.get("/graphql", params={"query": "mutation { forget }"}, headers={"accept": accept})
    refused(answer, 405, "METHOD_NOT_ALLOWED", "POST")
    assert answer.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"])
async def test_other_methods_are_refused(service: httpx.AsyncClient, method: str) -> None:
    answer = await service.request(method, "/graphql", headers={"content-type": JSON})
    refused(answer, 405, "METHOD_NOT_ALLOWED", method, "POST")
    assert answer.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "accept",
    [
        "text/html",
        "image/png, text/*",
        "application/json;q=0",
        "application/json;charset=latin-1",
        "json",
        "application/json;q=nan",
    ],
)
async def test_an_accept_header_that_takes_nothing_of_ours_is_refused(service: httpx.AsyncClient, accept: str) -> None:
    for answer in (
        await post(service, {"query": "{ greet }"}, accept=accept),
        await service.get("/graphql", params={"query": "{ greet }"}, headers={"accept": accept}),
    ):
        refused(answer, 406, "NOT_ACCEPTABLE", GRAPHQL)
        assert answer.headers["content-type"] == f"{JSON}; charset=utf-8"


@MEDIA
@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=iso-8859-1",
        "application/jsonp",
    ],
)
async def test_another_content_type_is_refused(service: httpx.AsyncClient, accept: str, content_type: str) -> None:
    answer = await post(service, {"query": "{ greet }"}, accept=accept, content_type=content_type)
    refused(answer, 415, "BAD_CONTENT_TYPE", "`Content-Type: application/json`")


async def test_a_compressed_body_is_refused(service: httpx.AsyncClient) -> None:
    answer = await post(service, b"\x1f\x8b", content_encoding="gzip")
    refused(answer, 415, "BAD_CONTENT_TYPE", "Content-Encoding", "plain")


# Long bodies


async def test_the_longest_body_that_is_read_is_a_setting() -> None:
    body = orjson.dumps({"query": "{ greet }"})
    async with client(max_body_bytes=len(body)) as service:
        assert (await post(service, body)).status_code == 200
        refused(await post(service, body + b" "), 413, "TOO_LARGE", f"{len(body)} bytes")


async def exchange(
    incoming: Iterable[Message], executor: Executor = toy_executor, **scope: Any
) -> tuple[list[Message], int]:
    """Send the messages `incoming` to the endpoint as a POST; what it answered, and how many of them it took."""
    messages = iter(incoming)
    taken = 0
    sent: list[Message] = []

    async def receive() -> Message:
        nonlocal taken
        taken += 1
        return next(messages)

    async def send(message: Message) -> None:
        sent.append(message)

    full: Scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "headers": [(b"content-type", JSON.encode())],
        **scope,
    }
    await application(executor)(full, receive, send)
    return sent, taken


def chunks(size: int) -> Iterable[Message]:
    while True:
        yield {"type": "http.request", "body": b" " * size, "more_body": True}


async def test_an_endless_body_is_refused_once_it_is_longer_than_the_limit() -> None:
    sent, taken = await exchange(chunks(100_000))
    assert (sent[0]["status"], taken) == (413, 11)


async def test_a_body_that_is_declared_too_long_is_refused_unread() -> None:
    headers = [(b"content-type", JSON.encode()), (b"content-length", b"1000001")]
    sent, taken = await exchange([], headers=headers)
    assert (sent[0]["status"], taken) == (413, 0)


async def test_a_body_in_pieces_is_put_together() -> None:
    text = orjson.dumps({"query": "{ greet }"})
    pieces = [{"type": "http.request", "body": bytes([byte]), "more_body": True} for byte in text]
    sent, _ = await exchange([*pieces, {"type": "http.request"}])
    assert (sent[0]["status"], orjson.loads(sent[1]["body"])) == (200, {"data": {"greet": "Hello world"}})


def test_a_connection_goes_on_after_a_body_that_was_too_long() -> None:
    with served(application()) as url, httpx.Client(base_url=url, headers={"content-type": JSON}) as service:
        for _ in range(2):
            refused(service.post("/graphql", content=iter([b" " * 100_000] * 50)), 413, "TOO_LARGE")
            assert service.post("/graphql", content=b'{"query": "{ greet }"}').status_code == 200


# Exceptions


@MEDIA
async def test_an_unexpected_exception_tells_the_client_an_incident_and_the_log_the_rest(
    accept: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(request: GraphQLRequest) -> Answer:
        raise RuntimeError("MATCH (n) RETURN n of /srv/secret")

    async with client(broken) as service:
        answer = await post(service, {"query": "{ a }"}, accept=accept)
    error = refused(answer, 500, "INTERNAL")
    incident = error["extensions"]["incident"]
    assert incident in error["message"]
    for leak in ("MATCH", "secret", "RuntimeError", "broken", ".py"):
        assert leak not in answer.text
    (record,) = caplog.records
    assert (record.levelno, incident in record.getMessage()) == (logging.ERROR, True)
    assert record.exc_info
    assert "secret" in str(record.exc_info[1])


async def test_two_incidents_have_two_ids() -> None:
    async def broken(request: GraphQLRequest) -> Answer:
        raise RuntimeError

    async with client(broken) as service:
        first, second = [(await post(service, {"query": "{ a }"})).json()["errors"][0] for _ in range(2)]
    assert first["extensions"]["incident"] != second["extensions"]["incident"]


def test_every_code_that_sets_a_status_belongs_to_an_error_that_is_raised() -> None:
    from graph.errors import PeacegraphError

    def codes(error: type[PeacegraphError]) -> set[str]:
        return {error.code}.union(*map(codes, error.__subclasses__()))

    assert set(STATUS) <= codes(PeacegraphError)


# Clients that go away


class Sleeper:
    """An executor that never answers, and tells when it was begun and when it was cancelled."""

    def __init__(self) -> None:
        self.begun = threading.Event()
        self.cancelled = threading.Event()

    async def __call__(self, request: GraphQLRequest) -> Answer:
        self.begun.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            self.cancelled.set()
            raise
        raise AssertionError("woken")


REQUEST: Message = {"type": "http.request", "body": b'{"query": "{ greet }"}'}
GONE: Message = {"type": "http.disconnect"}
RAW_POST = (
    b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 22\r\n\r\n"
    b'{"query": "{ greet }"}'
)


def raw_post(url: str, sent: bytes = RAW_POST) -> socket.socket:
    address = httpx.URL(url)
    connection = socket.create_connection((address.host, address.port or 0), timeout=10)
    connection.sendall(sent)
    return connection


def test_a_client_that_goes_away_ends_the_execution_quietly(caplog: pytest.LogCaptureFixture) -> None:
    sleeper = Sleeper()
    with served(application(sleeper)) as url:
        with raw_post(url):
            assert sleeper.begun.wait(10)
        assert sleeper.cancelled.wait(10)
    assert caplog.records == []


def test_a_client_that_goes_away_within_its_body_is_forgotten_quietly(caplog: pytest.LogCaptureFixture) -> None:
    with served(application()) as url:
        raw_post(url, RAW_POST[:-5]).close()
        with httpx.Client(base_url=url) as service:
            assert service.get("/graphql", params={"query": "{ greet }"}).status_code == 200
    assert caplog.records == []


async def test_a_slow_answer_reaches_a_client_that_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.graphql._PATIENCE", 0.001)

    async def slow(request: GraphQLRequest) -> Answer:
        await asyncio.sleep(0.05)
        return await toy_executor(request)

    async with client(slow) as service:
        assert (await post(service, {"query": "{ greet }"})).json() == {"data": {"greet": "Hello world"}}
        await asyncio.sleep(0.05)  # in which a watch that was left on would cancel this very task


async def test_a_client_that_goes_away_is_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.graphql._PATIENCE", 0.001)
    for incoming in ([GONE], [{**REQUEST, "more_body": True}, GONE], [REQUEST, GONE]):
        assert await exchange(incoming, Sleeper()) == ([], len(incoming))
    task = asyncio.current_task()
    assert task
    assert task.cancelling() == 0


async def test_nothing_is_taken_from_a_connection_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.http.graphql._PATIENCE", 0.001)
    # A second message is there, so that whoever still listens would take it.
    incoming: Iterator[Message] = iter([REQUEST, GONE])
    await exchange(incoming)
    await asyncio.sleep(0.05)
    assert list(incoming) == [GONE]


async def test_a_cancellation_from_elsewhere_is_passed_on() -> None:
    sleeper = Sleeper()
    waiting = asyncio.create_task(exchange([REQUEST], sleeper))
    assert await asyncio.to_thread(sleeper.begun.wait, 10)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


# Browsers

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


async def test_a_browser_is_shown_graphiql(service: httpx.AsyncClient) -> None:
    answer = await service.get("/graphql", headers={"accept": BROWSER})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "GraphiQL" in answer.text
    assert answer.headers["vary"] == "accept"


async def test_a_browser_that_sends_a_query_is_answered_in_json(service: httpx.AsyncClient) -> None:
    answer = await service.get("/graphql", params={"query": "{ greet }"}, headers={"accept": BROWSER})
    assert answer.json() == {"data": {"greet": "Hello world"}}


@pytest.mark.parametrize("accept", ["*/*", JSON, "application/json, text/html;q=0.9"])
async def test_who_does_not_prefer_html_is_told_what_is_missing(service: httpx.AsyncClient, accept: str) -> None:
    refused(await service.get("/graphql", headers={"accept": accept}), 400, "BAD_REQUEST", "`query` is missing")
