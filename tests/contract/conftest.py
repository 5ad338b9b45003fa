"""The contract is kept by the oracle too: what is written by hand here is what it is tested against."""

from collections.abc import Iterator

import pytest

from tests.engines import ENGINES, NEWEST, Engines, opened


@pytest.fixture(scope="session", params=["oracle", *ENGINES, NEWEST])
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The oracle, then each engine, of Neo4j the newest version too."""
    with opened(request, tmp_path_factory) as engines:
        yield engines
