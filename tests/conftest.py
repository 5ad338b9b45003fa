"""What the tests share.

Where test data comes from, from the smallest to the largest:

- A test of a rule writes the two or three entities and claims that it is about, in the test.
- Whatever holds of every graph is tested on small synthetic ones (`bench.generate`), drawn from a seed that stands in
  the test: dense in duplicates, absent values, self-loops and odd names, which is where engines err. What must be
  answered is said by the oracle (`tests.oracle`), never by a file of recorded answers.
- Whatever must not grow with the graph is tested on the same generator at 10,000 and 100,000 claims.
- What a user reads (documents of `tests/consumers`, the README) is tested on the release of the papers in `seed/`.

No test needs the order of another, the network, or what an earlier run left behind.
"""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.engines import ENGINES, Engines, opened

# A busy machine is no fault of an example: a test never asserts a time.
settings.register_profile("peacegraph", deadline=None)
settings.load_profile("peacegraph")

pytest_plugins = ("tests.support.fixtures",)


@pytest.fixture(scope="session", params=ENGINES)
def engines(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Each engine in turn: `engines.load(entities, claims)` opens it with a graph."""
    with opened(request, tmp_path_factory) as engines:
        yield engines
