"""Faults of the HTTP protocol, joined to the tree of `graph/errors.py`, and how any error of that tree is answered.

PeacegraphError                      INTERNAL
├── RequestFault                     BAD_REQUEST           the parameters are not what the protocol takes
│   ├── MalformedJSON                MALFORMED_JSON        the body, or a parameter, is not JSON in UTF-8
│   ├── BatchNotSupported            BATCH_NOT_SUPPORTED   a list of requests in one body
│   ├── BadContentType               BAD_CONTENT_TYPE      the body is something else than plain application/json
│   ├── NotAcceptable                NOT_ACCEPTABLE        the client takes no media type that is served
│   ├── MethodNotAllowed             METHOD_NOT_ALLOWED    neither GET nor POST, or a GET that is not a query
│   └── TooLarge                     TOO_LARGE             the body is longer than the service reads
└── InternalFault                    INTERNAL              a fault of the service; bears the id of its log entry
"""

import secrets
from collections.abc import Mapping

import orjson

from graph.errors import PeacegraphError

# What a proxy, a monitor or a script must see whatever media type was asked for. A code that is not listed is a fault
# in the question itself: 400 in application/graphql-response+json, 200 in application/json, as the protocol asks.
STATUS: Mapping[str, int] = {
    "BAD_REQUEST": 400,
    "MALFORMED_JSON": 400,
    "BATCH_NOT_SUPPORTED": 400,
    "METHOD_NOT_ALLOWED": 405,
    "NOT_ACCEPTABLE": 406,
    "TOO_LARGE": 413,
    "BAD_CONTENT_TYPE": 415,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "STORE_UNAVAILABLE": 503,
    "TIMEOUT": 504,
}


class RequestFault(PeacegraphError):
    """The request cannot be understood as GraphQL over HTTP; the question in it was not looked at."""

    code = "BAD_REQUEST"


class MalformedJSON(RequestFault):
    """The body or a parameter is not JSON in UTF-8."""

    code = "MALFORMED_JSON"


class BatchNotSupported(RequestFault):
    """The body is a list of requests."""

    code = "BATCH_NOT_SUPPORTED"


class BadContentType(RequestFault):
    """The body is declared to be something else than application/json in UTF-8, uncompressed."""

    code = "BAD_CONTENT_TYPE"


class NotAcceptable(RequestFault):
    """No media type of the Accept header is served."""

    code = "NOT_ACCEPTABLE"


class MethodNotAllowed(RequestFault):
    """A method other than GET and POST, or an operation by GET that is not a query."""

    code = "METHOD_NOT_ALLOWED"


class TooLarge(RequestFault):
    """The body is longer than the service reads."""

    code = "TOO_LARGE"


class InternalFault(PeacegraphError):
    """What a client learns of an unexpected exception: only `incident`, the id under which the log tells the rest."""

    code = "INTERNAL"

    def __init__(self) -> None:
        self.incident = secrets.token_hex(6)
        super().__init__(
            "The service met a fault of its own; nothing is known to be wrong with the request. "
            f"Try again, and if it stays, report incident {self.incident}."
        )


def status_of(code: str, *, strict: bool) -> int:
    """The HTTP status of an answer without data for the reason `code`; `strict` in the media type of GraphQL."""
    return STATUS.get(code) or (400 if strict else 200)


def graphql_error(error: PeacegraphError) -> dict[str, object]:
    """The error as an entry of the list `errors` of a GraphQL response."""
    extensions = {"code": error.code}
    if isinstance(error, InternalFault):
        extensions["incident"] = error.incident
    return {"message": error.message, "extensions": extensions}


def error_body(error: PeacegraphError) -> bytes:
    """A whole GraphQL response, without data, that says `error`."""
    return orjson.dumps({"errors": [graphql_error(error)]})
