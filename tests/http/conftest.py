"""The service that the protocol tests are run against."""

from collections.abc import Iterator

import pytest

from tests.http.toy import application, served


def pytest_configure(config: pytest.Config) -> None:
    """Make known the mark of this folder."""
    config.addinivalue_line("markers", "node: needs Node.js and npm; skipped loudly without, a failure with CI=true")


@pytest.fixture(scope="session")
def service_url() -> Iterator[str]:
    """The address of a running service, without a path."""
    with served(application()) as url:
        yield url
