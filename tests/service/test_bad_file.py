"""A curated file with a fault: every fault is named by file and line, nothing is loaded, and the release before goes on
being served."""

import os
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from graph.errors import Refused
from graph.stores.sqlite.builder import SqliteBuilder
from seed.load import load
from seed.tree import FILE_LIMIT
from tests.http.toy import served
from tests.seed.example import EXAMPLE, changed, line_of

WHEN = 'during: {start: "1956", end: "1957-37~"}'
BOMB = "\n".join(f"    {b}: &{b} [*{a}, *{a}, *{a}]" for a, b in zip("abcdefgh", "bcdefghi", strict=True))

BAD: dict[str, tuple[str, str, str]] = {
    "a wrong kind": ("kind: PART_OF", "kind: PARTOF", "kind: 'PARTOF' is not a kind of claim"),
    "an unknown term": ("role: FORCE_COMMANDER", "role: BOSS", "role: 'BOSS' is not a value of"),
    "an unknown term of an open list": (
        "    to: State:country",
        "    to: State:country\n    involves: [{role: NORM, node: Term:purpose/none}]",
        "'Term:purpose/none' is nowhere declared",
    ),
    "a dangling reference": ("to: Mission:example", "to: Mission:exmaple", "'Mission:exmaple' is nowhere declared"),
    "a cyclic anchor": (WHEN, "during: {anchors: [{how: AFTER, node: example-2020/1}]}", "anchors go in a circle"),
    "an impossible date": ('"1956"', '"2011-02-29"', "no such day, February 2011 has days 01 to 28"),
    "a duplicate number": ("id: example-2020/2", "id: example-2020/1", "id: example-2020/1 stands twice"),
    "a tab": ("name: Country", "name:\tCountry", "it holds a tab"),
    "a broken byte": ("name: Country", "name: C\udcf4te", "byte 0xf4 is not UTF-8"),
    "a line of ten megabytes": ("name: Country", f"name: {'x' * 10_000_000}", f"and {FILE_LIMIT:,} are read at most"),
    "a YAML bomb": ("    name: Country", f"    name: Country\n    a: &a [lol]\n{BOMB}", "&a is an anchor"),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of releases that holds one."""
    folder = tmp_path_factory.mktemp("releases")
    path = tmp_path_factory.mktemp("papers") / "example-2020.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    with SqliteBuilder(folder) as builder:
        load(builder, [path])
    return folder


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    """A running service over that folder."""
    with served(create_app(Settings(store=f"sqlite:{folder}", releases=folder))) as url:
        yield url


def refused(folder: Path, *paths: Path) -> list[str]:
    with pytest.raises(Refused) as error, SqliteBuilder(folder) as builder:
        load(builder, paths)
    return [str(fault) for fault in error.value.faults]


def bad_file(folder: Path, ill: str, slug: str = "example-2020") -> tuple[Path, int, str]:
    """A file with one ill: its path, the line of the ill, what is to be said of it."""
    old, new, says = BAD[ill]
    text = changed((old, new))
    path = folder / f"{slug}.yaml"
    path.write_bytes(text.replace("example-2020", slug).encode("utf-8", "surrogateescape"))
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old.split("\n"), new.split("\n"), strict=False))
    )
    return path, line_of(EXAMPLE, old) + same, says.replace("example-2020", slug)


def still_served(url: str, folder: Path) -> None:
    answer = httpx.post(f"{url}/graphql", json={"query": "{ dataset { release } appointments { totalCount } }"}).json()
    assert answer["data"] == {"dataset": {"release": 1}, "appointments": {"totalCount": 1}}
    assert os.listdir(folder) == ["0001.sqlite"]


@pytest.mark.parametrize("ill", BAD)
def test_a_file_with_a_fault_is_refused_by_file_and_line_and_the_former_release_goes_on(
    url: str, folder: Path, tmp_path: Path, ill: str
) -> None:
    path, line, says = bad_file(tmp_path, ill)
    found = refused(folder, path)
    assert [fault for fault in found if fault.startswith(f"{path}:{line}: ") and says in fault], found
    still_served(url, folder)


def test_every_fault_of_every_file_is_named_in_one_run(url: str, folder: Path, tmp_path: Path) -> None:
    files = [bad_file(tmp_path, ill, f"example-20{number:02}") for number, ill in enumerate(BAD, start=30)]
    found = refused(folder, *(path for path, _, _ in files))
    # A file that is lost in part may declare what others miss: nothing is said to be undeclared then.
    for path, line, says in files:
        told = any(fault.startswith(f"{path}:{line}: ") and says in fault for fault in found)
        assert told or "nowhere declared" in says, (path.name, says, found)
    still_served(url, folder)
