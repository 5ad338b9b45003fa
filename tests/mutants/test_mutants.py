"""Every mutant is killed by the smallest suite that is to kill it: one that lets it live tests nothing of that sort."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutants.mutants import MUTANTS, Mutant

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize("mutant", [pytest.param(each, id=each.name) for each in MUTANTS if not each.neo4j])
def test_the_mutant_is_killed(mutant: Mutant) -> None:
    assert_killed(mutant)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", [pytest.param(each, id=each.name) for each in MUTANTS if each.neo4j])
def test_the_mutant_of_what_neo4j_is_told_is_killed(mutant: Mutant, neo4j_url: str) -> None:
    assert_killed(mutant, PEACEGRAPH_TEST_NEO4J=neo4j_url)


def assert_killed(mutant: Mutant, **environment: str) -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "tests.mutants.mutation",
            "-p",
            "no:cacheprovider",
            *mutant.suite,
        ],
        cwd=ROOT,
        env={**os.environ, **environment, "PEACEGRAPH_MUTANT": mutant.name},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == pytest.ExitCode.TESTS_FAILED, (
        f"{mutant.name} lives:\n{run.stdout[-2000:]}{run.stderr[-2000:]}"
    )


def test_there_are_ten_mutants_and_each_has_a_name_of_its_own() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 10
