"""The address of a Neo4j: `neo4j://user:password@host:7687/database`."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


@dataclass(frozen=True, slots=True)
class Address:
    """`uri` as the driver takes it, without credentials and database; `auth` is (user, password), None where none is given."""

    uri: str
    database: str
    auth: tuple[str, str] | None = field(repr=False)


def parse(url: str) -> Address:
    """Any scheme of the driver; user and password percent-encoded. Raises ValueError, whose message does not repeat the password."""
    parts = urlsplit(url)
    wanted = "neo4j://user:password@host:7687/database would pass, user and password percent-encoded"
    if parts.scheme not in SCHEMES:
        raise ValueError(f"the address of a Neo4j begins with one of {', '.join(SCHEMES)}; {wanted}")
    database = parts.path.strip("/")
    if not parts.hostname or not database:
        raise ValueError(f"the address of a Neo4j names its host and its database; {wanted}")
    auth = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
    bare = parts._replace(netloc=parts.netloc.rpartition("@")[2], path="").geturl()
    return Address(bare, unquote(database), auth)
