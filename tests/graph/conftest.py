"""The walk is tested on the oracle too, which shows whether a fault is the walk's or an engine's."""

from collections.abc import Iterator

import pytest

from tests.engines import ENGINES, Engines, opened


@pytest.fixture(scope="session", params=["oracle", *ENGINES])
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """The oracle, then each engine."""
    with opened(request, tmp_path_factory) as engines:
        yield engines
