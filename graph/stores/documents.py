"""Documents read and parsed already, kept while they are asked for."""

from collections.abc import Mapping
from typing import Any, Final

Document = Mapping[str, Any]

MOST: Final = 10_000
"""Documents kept: some 5 KiB each as Python values, so 50 MB of the 300 that the service may take."""


class Documents:
    """A cache in two generations, each half of `most`. What is found in the old one moves to the young; when the young
    is full it becomes the old, and what nobody asked for meanwhile is forgotten. Each step is one operation on a dict,
    so that threads need no lock."""

    def __init__(self, most: int = MOST) -> None:
        self._half = most // 2
        self._young: dict[str, Document] = {}
        self._old: dict[str, Document] = {}

    def get(self, id: str) -> Document | None:
        found = self._young.get(id)
        if found is None and (found := self._old.get(id)) is not None:
            self.put(id, found)
        return found

    def put(self, id: str, document: Document) -> None:
        if len(self._young) >= self._half:
            self._old, self._young = self._young, {}
        self._young[id] = document
