"""Every error code of the house, with what it means and what a client would send instead: what docs/errors.md says."""

import ast
import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from graph.errors import PeacegraphError

ROOT: Final = Path(__file__).parents[1]
ROOMS: Final = ("graph", "api")

PASSES: Final[Mapping[str, str]] = {
    "INTERNAL": "The same request again; if it stays, a report with the `incident` that the error carries.",
    "BAD_INPUT": "What the message names.",
    "BAD_FILTER": "The filter, mended at the path with which the message begins.",
    "BAD_DATE": "An EDTF date or interval, as in `1956`, `1956-05`, `1956~`, `195X` or `1956/1958`.",
    "BAD_PAGE": "`first` with `after`, or `last` with `before`, from 1 to 500.",
    "BAD_CURSOR": "An `endCursor` or `startCursor` as it was given; below the root, under a single parent.",
    "CURSOR_MISMATCH": "The field, parent, filter, reading, order and release that it came from; else the first page.",
    "COST_EXCEEDED": "The page size or the number that the message names, or a filter that lets fewer rows in.",
    "DEPTH_EXCEEDED": "A document that nests no deeper than the message allows, or two documents.",
    "GRAPHQL_PARSE_FAILED": "A GraphQL document, mended at the line and column of `locations`.",
    "GRAPHQL_VALIDATION_FAILED": "A document that fits the schema; GraphiQL and `schema.graphql` show it.",
    "NOT_FOUND": "The id of something that is in the release.",
    "UNAVAILABLE": "The same request a little later.",
    "STORE_UNAVAILABLE": "The same request when `/readyz` answers 200 again.",
    "TIMEOUT": "A narrower question, or the same one when the store is less busy.",
    "REFUSED": "Files in which each fault is mended at its line; said by `load` and `check`, never over HTTP.",
    "BAD_REQUEST": "The parameters `query`, `variables`, `operationName`, in the types that the message names.",
    "MALFORMED_JSON": "One JSON object in UTF-8.",
    "BATCH_NOT_SUPPORTED": "One request at a time.",
    "BAD_CONTENT_TYPE": "`Content-Type: application/json`, uncompressed.",
    "NOT_ACCEPTABLE": "`Accept: application/graphql-response+json` or `application/json`.",
    "METHOD_NOT_ALLOWED": "POST, or GET for a query.",
    "TOO_LARGE": "A body within the limit that the message names: fewer ids, or several requests.",
}
"""For each code what a client would send instead. What a code means stands in the tree that declares it."""

_DRAWN: Final = re.compile(r"^[│├└─ ]*(?P<name>\w+) {2,}(?P<code>[A-Z_]+)(?: {2,}(?P<meaning>\S.*))?$", re.MULTILINE)


def modules() -> Iterator[Path]:
    """The files of the rooms that serve."""
    return (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))


def codes() -> dict[str, str]:
    """Every code that an error of `graph` or `api` carries, in the order of the tree, with what the classes that bear
    it mean: as their module draws them, else the first line of the class, else the codes of its branches."""
    found: dict[str, dict[str, None]] = {}
    for error in _errors():
        module = inspect.getmodule(error)
        drawn = {each["name"]: each["meaning"] for each in _DRAWN.finditer((module and module.__doc__) or "")}
        doc = inspect.cleandoc(error.__doc__ or "").partition("\n\n")[0].replace("\n", " ").rstrip(".")
        meaning = drawn[error.__name__] or "" if error.__name__ in drawn else doc
        found.setdefault(error.code, {}).update({meaning: None} if meaning else {})
    return {code: "; ".join(map(_lowered, meanings)) or _branches(code) for code, meanings in found.items()}


def _errors() -> list[type[PeacegraphError]]:
    """The tree as it is drawn, after every module was imported that adds a branch to it."""
    for path in modules():
        nodes = ast.parse(path.read_text("utf-8")).body
        if any(isinstance(node, ast.ClassDef) and _bears_a_code(node) for node in nodes):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))

    def branch(error: type[PeacegraphError]) -> Iterator[type[PeacegraphError]]:
        yield error
        ours = [each for each in error.__subclasses__() if each.__module__.partition(".")[0] in ROOMS]
        # whatever was imported first: the tree of the domain, then the modules by name, each in its own order
        for each in sorted(ours, key=lambda e: (e.__module__ != PeacegraphError.__module__, e.__module__)):
            yield from branch(each)

    return [error for error in branch(PeacegraphError) if "code" in vars(error)]


def _bears_a_code(node: ast.ClassDef) -> bool:
    return any(isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "code" for each in node.body)


def _branches(code: str) -> str:
    parents = tuple(error for error in _errors() if error.code == code)
    below = (error.code for error in _errors() if issubclass(error, parents) and error not in parents)
    return f"any of {', '.join(f'`{each}`' for each in below)}"


def _lowered(text: str) -> str:
    """A sentence as part of another: `The text` → `the text`, but `GraphQL`."""
    return text[0].lower() + text[1:] if text.partition(" ")[0].istitle() else text


def remedy(code: str) -> str:
    """What a client would send instead. Raises LookupError for a code of which PASSES does not say it."""
    if code not in PASSES:
        raise LookupError(f"{code}: say in PASSES of {__name__} what a client would send instead")
    return PASSES[code]
