"""The service that the audits are run against: the real one, over the curated papers."""

from collections.abc import Iterator

import pytest

from api.app import create_app
from api.settings import Settings
from graph.stores.sqlite.builder import SqliteBuilder
from seed.load import inputs, load
from tests.http.toy import served


def pytest_configure(config: pytest.Config) -> None:
    """Make known the mark of this folder."""
    config.addinivalue_line("markers", "node: needs Node.js and npm; skipped loudly without, a failure with CI=true")


@pytest.fixture(scope="session")
def service_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running service, without a path."""
    folder = tmp_path_factory.mktemp("audited")
    with SqliteBuilder(folder) as builder:
        load(builder, inputs())
    with served(create_app(Settings(store=f"sqlite:{folder}"))) as url:
        yield url
