"""Where a Neo4j is, and what is told of it when it fails."""

import logging
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from neo4j import AsyncDriver, AsyncGraphDatabase
from neo4j.exceptions import (
    AuthError,
    ConfigurationError,
    ConnectionPoolError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph.errors import StoreUnavailable

_LOG: Final = logging.getLogger(__name__)
_SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
_PASSES: Final = "neo4j://user:password@host:7687/database would pass, user and password percent-encoded"


@dataclass(frozen=True, slots=True)
class Address:
    """`uri` as the driver takes it, without credentials and database; `auth` is (user, password), None where there
    is none."""

    uri: str
    database: str
    auth: tuple[str, str] | None = field(repr=False)


def parse(url: str) -> Address:
    """Of any scheme of the driver; user and password percent-encoded. Raises ValueError, whose message holds
    nothing of the URL."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES:
        raise ValueError(f"the URL of a Neo4j begins with one of {', '.join(_SCHEMES)}; {_PASSES}")
    database = unquote(parts.path.strip("/"))
    if not parts.hostname or not database:
        raise ValueError(f"the URL of a Neo4j names its host and its database; {_PASSES}")
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    return Address(parts._replace(netloc=parts.netloc.rpartition("@")[2], path="").geturl(), database, auth)


def connect(address: Address, *, acquisition: float, notices: bool = False, **settings: Any) -> AsyncDriver:
    """A driver, which connects when it is first used. `acquisition`: seconds to wait for a connection. `notices`:
    whether what the server remarks on a statement becomes a warning."""
    return AsyncGraphDatabase.driver(
        address.uri,
        auth=address.auth,
        connection_acquisition_timeout=acquisition,
        connection_timeout=acquisition,
        telemetry_disabled=True,
        # That no row has a column or fills a slot, so that the server does not know its name, is nothing to remark on.
        notifications_disabled_classifications=["UNRECOGNIZED"],
        notifications_min_severity="INFORMATION" if notices else "OFF",
        warn_notification_severity="INFORMATION" if notices else None,
        **settings,
    )


UNREACHABLE: Final = (ServiceUnavailable, SessionExpired, ConnectionPoolError, ConfigurationError)
"""What the driver raises where it has no connection."""


def is_state(error: Neo4jError) -> bool:
    """Whether the server's state or ours towards it is at fault (stopping, out of memory, no such database, wrong
    password), and not the statement."""
    code = error.code or ""
    return not code.startswith("Neo.ClientError.") or code.startswith(
        ("Neo.ClientError.Security.", "Neo.ClientError.Database.")
    )


def lost(error: Exception) -> StoreUnavailable:
    """What is told of it. The store's own words go to the log and no further."""
    _LOG.warning("Neo4j: %s", error)
    if isinstance(error, AuthError):
        return StoreUnavailable("the store refuses the user or the password that it is opened with")
    return StoreUnavailable("the store cannot be reached; try again in a moment")


def bindable(value: object) -> object:
    """A value that the driver can send: text that UTF-8 cannot hold equals no stored text, and becomes null."""
    if isinstance(value, str) and not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
        return None
    return [bindable(each) for each in value] if isinstance(value, list) else value
