"""A pytest plugin under which one module of `graph` is not what its file says: `PEACEGRAPH_MUTANT` names the mutant.

Only the memory of that one process is changed. A text that is to be replaced must stand in the file just once; where
the code has moved on, the run stops with a usage error, so that a mutant that no longer exists never counts as killed.
"""

import importlib.abc
import importlib.machinery
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests.mutants.mutants import MUTANTS, Mutant


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        """Compiled from the changed text, past the cache of bytecode."""
        source = Path(self.path).read_text("utf-8")
        if source.count(self._mutant.old) != 1:
            raise pytest.UsageError(f"{self._mutant.name}: its text stands {source.count(self._mutant.old)} times")
        code: CodeType = self.source_to_code(source.replace(self._mutant.old, self._mutant.new).encode(), self.path)
        return code


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._mutant.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.origin is not None:
            spec.loader = _Loader(fullname, spec.origin, self._mutant)
        return spec


def pytest_load_initial_conftests() -> None:
    """Before anything of `graph` is imported."""
    name = os.environ["PEACEGRAPH_MUTANT"]
    mutant = next(mutant for mutant in MUTANTS if mutant.name == name)
    assert mutant.module not in sys.modules
    sys.meta_path.insert(0, _Finder(mutant))
