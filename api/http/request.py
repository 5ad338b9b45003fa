"""The parameters of a GraphQL request, read from the bytes of a body or a URL; what is wrong with them is said here."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from api.http.errors import BatchNotSupported, MalformedJSON, RequestFault

_PARAMETERS = ("query", "variables", "operationName", "extensions")
_EXAMPLE = '{"query": "{ __typename }"}'
_KINDS = {str: "a string", bool: "a boolean", int: "a number", float: "a number", list: "a list", dict: "an object"}


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """One operation as it was asked. With `is_get` only a query may be executed."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None
    is_get: bool


def from_body(body: bytes) -> GraphQLRequest:
    """Read the body of a POST: one JSON object. Raises RequestFault."""
    parameters = _json(body, "The body")
    if type(parameters) is list:
        raise BatchNotSupported(f"The body is a list. Send requests one by one, each an object such as {_EXAMPLE}.")
    if type(parameters) is not dict:
        raise RequestFault(f"The body is {_called(parameters)}. Send a JSON object, such as {_EXAMPLE}.")
    return _request(parameters, is_get=False)


def from_url(query_string: bytes) -> GraphQLRequest:
    """Read the query string of a GET, in which `variables` and `extensions` are JSON. Raises RequestFault."""
    try:
        pairs = parse_qsl(query_string.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise RequestFault("The query string is not percent-encoded UTF-8. Encode it as an HTML form does.") from None
    parameters: dict[str, Any] = {}
    text: str | None
    for name, text in pairs:
        if name in parameters and name in _PARAMETERS:
            raise RequestFault(f"The query string holds `{name}` twice. Give each parameter once.")
        # A form sends an empty field for what was not filled in.
        parameters[name] = text if text or name == "query" else None
    for name in ("variables", "extensions"):
        if text := parameters.get(name):
            parameters[name] = _json(text.encode(), f"The parameter `{name}`")
    return _request(parameters, is_get=True)


def _request(parameters: dict[str, Any], *, is_get: bool) -> GraphQLRequest:
    query = parameters.get("query")
    if query is None:
        raise RequestFault(f"The parameter `query` is missing. Send the document in it, as in {_EXAMPLE}.")
    if type(query) is not str:
        raise RequestFault(f"The parameter `query` is {_called(query)}. Send a string, as in {_EXAMPLE}.")
    name = parameters.get("operationName")
    if name is not None and type(name) is not str:
        raise RequestFault(f"The parameter `operationName` is {_called(name)}. Send a string or null, or leave it out.")
    # A URL may hold NUL as %00.
    if "\0" in query or (name and "\0" in name):
        raise _nul("The parameter `query` or `operationName`")
    variables = _object(parameters, "variables")
    _object(parameters, "extensions")
    return GraphQLRequest(query, variables, name, is_get)


def _object(parameters: dict[str, Any], name: str) -> dict[str, Any]:
    value = parameters.get(name)
    if value is None:
        return {}
    if type(value) is not dict:
        raise RequestFault(f"The parameter `{name}` is {_called(value)}. Send a JSON object or null, or leave it out.")
    return value


def _called(value: object) -> str:
    return _KINDS.get(type(value), "null")


def _json(text: bytes, where: str) -> Any:
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise _malformed(error, text, where) from None
    # JSON has no other way to write NUL than this escape; but after a backslash these are six plain characters.
    if b"\\u0000" in text:
        for path in _paths_to_nul(value):
            raise _nul(f"{where}, at `{'.'.join(path)}`,")
    return value


def _malformed(error: orjson.JSONDecodeError, text: bytes, where: str) -> RequestFault:
    place = f"line {error.lineno}, column {error.colno}"
    if "surrogate in string" in error.msg:
        return RequestFault(
            f"{where} holds half of a surrogate pair in a string ({place}), which is no character. "
            "Send the character itself in UTF-8, or both halves of its escape."
        )
    reason = f"{error.msg}, {place}" if text else "it is empty"
    try:
        text.decode()
    except UnicodeDecodeError as fault:
        reason = f"byte {fault.start} is not UTF-8"
    return MalformedJSON(f"{where} is not JSON: {reason}. Send a JSON object in UTF-8.")


def _nul(where: str) -> RequestFault:
    return RequestFault(f"{where} holds the character NUL (U+0000), which no name or text contains. Leave it out.")


def _paths_to_nul(value: object) -> Iterator[tuple[str, ...]]:
    """Where NUL stands in a JSON value, as in `variables`, `ids`, `3`; in a key if the path ends with that."""
    left: list[tuple[tuple[str, ...], object]] = [((), value)]
    while left:
        path, value = left.pop()
        if isinstance(value, str):
            if "\0" in value:
                yield path
        elif isinstance(value, list):
            left.extend(((*path, str(place)), item) for place, item in enumerate(value))
        elif isinstance(value, dict):
            left.extend(((*path, key), item) for key, item in value.items())
            left.extend(((*path, key), key) for key in value)
