"""A folder of releases: `NNNN.sqlite`, numbered from 1; the highest is current. Taking it away is a roll-back."""

import re
from pathlib import Path
from typing import Final

from graph.errors import StoreUnavailable

_NAME: Final = re.compile(r"(\d{4,})\.sqlite")


def release_path(folder: Path, number: int) -> Path:
    """Where a release stands, or would stand."""
    return folder / f"{number:04d}.sqlite"


def numbers(folder: Path) -> list[int]:
    """The numbers of the releases in a folder, lowest first; none where there is no such folder."""
    if not folder.is_dir():
        return []
    found = (_NAME.fullmatch(entry.name) for entry in folder.iterdir())
    return sorted(int(match[1]) for match in found if match)


def next_number(folder: Path) -> int:
    """The number that the next release gets."""
    return max(numbers(folder), default=0) + 1


def find(folder: Path, number: int | None = None) -> Path:
    """The file of a release, by number or the newest. Raises StoreUnavailable where it is missing."""
    known = numbers(folder)
    if number is None and known:
        return release_path(folder, known[-1])
    if number in known:
        return release_path(folder, number)
    there = f"it holds {', '.join(map(str, known))}" if known else "it holds none"
    wanted = "a release" if number is None else f"release {number}"
    raise StoreUnavailable(f"{folder} has no file of {wanted} ({there}); `peacegraph load` builds the next one")
