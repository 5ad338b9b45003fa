"""A service of three fields, executed by graphql-core: what the protocol is tested on, apart from what is asked."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import uvicorn
from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationType,
    build_schema,
    execute_sync,
    get_operation_ast,
    parse,
    validate,
)
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from api.http.errors import MethodNotAllowed
from api.http.graphiql import graphiql_files, graphiql_page
from api.http.graphql import Answer, Executor, GraphQLEndpoint
from api.http.request import GraphQLRequest

SCHEMA = build_schema("""
    type Query { greet(name: String = "world"): String!  sum(of: [Int!]!): Int! }
    type Mutation { forget: Boolean! }
""")


class Root:
    """Resolves the fields of SCHEMA."""

    def greet(self, info: object, name: str) -> str:
        return f"Hello {name}"

    def sum(self, info: object, of: list[int]) -> int:
        return sum(of)

    def forget(self, info: object) -> bool:
        return True


async def toy_executor(request: GraphQLRequest) -> Answer:
    """Answer `request` from SCHEMA, as graphql-core does."""
    try:
        document = parse(request.query)
    except GraphQLError as error:
        return _refusal([error])
    if errors := validate(SCHEMA, document):
        return _refusal(errors)
    operation = get_operation_ast(document, request.operation_name)
    if request.is_get and operation and operation.operation is not OperationType.QUERY:
        raise MethodNotAllowed("Only a query may be sent by GET. Send this operation by POST.")
    name = request.operation_name
    result = execute_sync(SCHEMA, document, Root(), variable_values=request.variables, operation_name=name)
    assert isinstance(result, ExecutionResult)
    if result.data is None and result.errors and not result.errors[0].path:
        return _refusal(result.errors)
    return Answer(orjson.dumps(result.formatted))


def _refusal(errors: list[GraphQLError]) -> Answer:
    body: dict[str, Any] = {"errors": [{**error.formatted, "extensions": {"code": "BAD_INPUT"}} for error in errors]}
    return Answer(orjson.dumps(body), "BAD_INPUT")


def application(executor: Executor = toy_executor, max_body_bytes: int = 1_000_000) -> ASGIApp:
    """The endpoint and GraphiQL before `executor`."""
    endpoint = GraphQLEndpoint(executor, graphiql_page(), max_body_bytes)
    return Starlette(routes=[Route("/graphql", endpoint), graphiql_files()])


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """`app` behind uvicorn on a free port, as its address; what it logs of errors reaches the root logger."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(
            uvicorn.Config(app, lifespan="on", log_config=None, log_level="error", access_log=False)
        )
        thread = threading.Thread(target=server.run, args=([listener],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
