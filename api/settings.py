"""Every setting of the service, with its unit and why it is what it is. Read from the environment, `PEACEGRAPH_…`."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """The service's settings. A store's password stands in `store` alone, which is never logged or shown."""

    model_config = SettingsConfigDict(env_prefix="PEACEGRAPH_", frozen=True, extra="ignore")

    store: SecretStr = Field(
        SecretStr("sqlite:releases"),
        description="Where the graph is read: `sqlite:FOLDER`, or `neo4j://user:password@host:7687/database` of any "
        "scheme of its driver, user and password percent-encoded.",
    )
    releases: Path | None = Field(
        None,
        description="The folder of releases, `NNNN.sqlite`. With a SQLite store it is that store's folder; a Neo4j "
        "store is filled from here, and earlier releases are read from here.",
    )
    host: str = Field("127.0.0.1", description="The address that is listened on. 0.0.0.0 is for containers.")
    port: int = Field(8000, ge=0, le=65535, description="The TCP port that is listened on.")
    workers: int = Field(
        2,
        ge=1,
        le=64,
        description="Threads that read SQLite, each with a connection of its own. Python runs one at a time, but "
        "SQLite lets go of the interpreter while it reads. A long question holds up short ones only if there is one "
        "thread; four on two cores answered a fifth fewer pages than two, waiting for one another.",
    )
    store_timeout: float = Field(
        10.0,
        gt=0,
        description="Seconds until a statement of the store is given up with TIMEOUT. The dearest page measured takes "
        "well under one second at a million claims.",
    )
    acquire_timeout: float = Field(
        5.0,
        gt=0,
        description="Seconds to wait for a connection to Neo4j before STORE_UNAVAILABLE is answered: long enough for a "
        "new leader, short enough for a person.",
    )
    max_body_bytes: int = Field(
        256 * 1024,
        ge=1024,
        description="Bytes of a request's body that are read. The largest document that passes the analyser is a tenth "
        "of it; 1,000 ids in variables take about 60 kB.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged, at least.")

    def folder(self) -> Path:
        """The folder of releases. Raises ValueError where a Neo4j store has none named."""
        scheme, _, rest = self.store.get_secret_value().partition(":")
        if scheme == "sqlite":
            return Path(rest)
        return self.releases or Path("releases")

    def is_sqlite(self) -> bool:
        """Whether the embedded store is used."""
        return self.store.get_secret_value().startswith("sqlite:")
