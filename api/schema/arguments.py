"""Arguments as the domain takes them: from plain values under GraphQL names to where, order, page and reading.

`plain` comes first: what GraphQL hands over holds members of Strawberry's enums, and strings that no store can hold."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import Enum
from typing import Any, Final

from api.schema.inputs import PUBLISHED, READING, STANDING
from api.schema.species import Link
from graph import filters
from graph.errors import BadFilter, BadInput, BadPage
from graph.facets import tally
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, CLAIM, ROLES, Vocabulary
from graph.plan import Order, Paging, Plan, Table, Tally, Under
from graph.predicate import ALWAYS, At, Cmp, During, Match, Owner, Predicate, conjunction, disjunction
from graph.reading import DEFAULT, Reading

PAGE: Final = 50
"""Rows of a page if none is asked for."""
MOST_PAGE: Final = 500
"""Rows of a page at most; further ones are read page by page."""

Arguments = Mapping[str, Any]
_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether a name, text or id may hold this."""
    return _UNSTORABLE.search(text) is None


def plain(value: Any, path: str = "") -> Any:
    """The value with the members of enums as their names. Raises BadInput for NUL and for half a surrogate pair, which
    GraphQL can write as an escape, and no name, text or id contains."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, str):
        if found := _UNSTORABLE.search(value):
            raise BadInput(
                f"{path or 'the string'} holds U+{ord(found[0]):04X}, which no text, name or id contains; leave it out"
                f"{', or write the character itself' if found[0] != chr(0) else ''}"
            )
        return value
    if isinstance(value, Mapping):
        return {key: plain(each, f"{path}.{key}" if path else key) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, f"{path}[{i}]") for i, each in enumerate(value)]
    return value


# Pages


def paging(arguments: Arguments) -> Paging:
    """The page that first and after, or last and before, ask for; null means left out. Raises BadPage."""
    given = {name: arguments[name] for name in ("first", "after", "last", "before") if arguments.get(name) is not None}
    forward, back = given.keys() & {"first", "after"}, given.keys() & {"last", "before"}
    if forward and back:
        one, other = min(forward), max(back)
        raise BadPage(
            f"{one} and {other} do not go together; first with after reads forwards, last with before backwards"
        )
    size = given.get("last" if back else "first", PAGE)
    if not 1 <= size <= MOST_PAGE:
        raise BadPage(f"{'last' if back else 'first'} is {size}; 1 to {MOST_PAGE} pass")
    return Paging(size, bool(back), given.get("before" if back else "after"))


def order(arguments: Arguments, table: Table) -> Order:
    """The order asked for; by default entities by name and claims by time."""
    default = Order.NAME_ASC if table == "entity" else Order.START_ASC
    chosen = arguments.get("orderBy")
    return Order[chosen] if chosen is not None else default


# Filters


def where(target: str, arguments: Arguments) -> Predicate:
    """The meaning of the argument `where` on rows of a type: `Claim`, `Entity`, or the name of a kind, family or
    relation. Left out, it always holds. Raises BadFilter, BadDate."""
    if "where" not in arguments:
        return ALWAYS
    return filters.where(f"{target}Where", _given(arguments, "where", ""), "where")


def chosen_roles(arguments: Arguments) -> tuple[str, ...] | None:
    """The roles that the argument `role` lists; None, which is all, if it is left out. Raises BadFilter."""
    if "role" not in arguments:
        return None
    return _chosen(arguments, "role", tuple(role.name for role in ONTOLOGY.roles), "")


def nested(link: Link, arguments: Arguments) -> Plan:
    """The connection of a link under its parents, as far as its arguments (as GraphQL hands them over) say it: start,
    where, order and page. Raises BadInput."""
    arguments = plain(arguments)
    target = CLAIM if link.relation == ALL else link.relation
    slot, held = link.slot, where(target, arguments)
    roles = chosen_roles(arguments) if slot == ROLES else None
    if roles is not None:
        if len(roles) == 1:
            slot = roles[0]  # claims stand under each single role, so that it needs no condition
        else:
            held = conjunction((held, disjunction(At(role, Cmp("id", "eq", Owner())) for role in roles)))
    return Plan(
        number=0,
        path="",
        of="claim",
        start=Under(link.relation, slot),
        where=held,
        order=order(arguments, "claim"),
        paging=paging(arguments),
        relation=None if link.relation == ALL else link.relation,
    )


def facet(relation: str | None, link: Link | None, arguments: Arguments) -> Tally:
    """What is counted by the arguments of `facets`, on a connection of a relation (None: of all) at a root, or of a
    link. Raises BadFilter, BadPage."""
    given = plain(arguments)
    for name in ("distinct", "first"):
        _given(given, name, "facets.")
    known = ONTOLOGY.relation[relation] if relation else None
    return tally(known, link.slot if link else None, given["by"], given["distinct"], given["first"])


# The reading


def reading(arguments: Arguments) -> Reading:
    """The argument `reading` as a value; the default if left out. Raises BadFilter, BadDate."""
    if "reading" not in arguments:
        return DEFAULT
    given = _given(arguments, "reading", "")
    if not isinstance(given, Mapping):
        raise BadFilter("reading must be an object")
    found = Reading()
    for name in given:
        if name not in _READERS:
            raise BadFilter(f"reading.{name} is not a field of {READING.name}; it has {', '.join(_READERS)}")
        found = _READERS[name](found, given)
    return found


def _given(arguments: Arguments, name: str, path: str) -> Any:
    value = arguments[name]
    if value is None:
        raise BadFilter(f"{path}{name} is null; leave it out, or give it a value")
    return value


def _list(arguments: Arguments, name: str, path: str) -> tuple[Any, ...]:
    """The values of a list, each once. A single value is a list of one, as in GraphQL."""
    value = _given(arguments, name, path)
    values = value if isinstance(value, list | tuple) else [value]
    if not 1 <= len(values) <= filters.MOST_IDS:
        raise BadFilter(f"{path}{name} holds {len(values)} values; 1 to {filters.MOST_IDS} pass, or leave it out")
    for i, each in enumerate(values):
        if each is None:
            raise BadFilter(f"{path}{name}[{i}] is null; leave it out, or give it a value")
    return tuple(dict.fromkeys(values))


def _chosen(arguments: Arguments, name: str, known: tuple[str, ...], path: str) -> tuple[str, ...]:
    values = _list(arguments, name, path)
    for each in values:
        if each not in known:
            raise BadFilter(f"{path}{name}: {each} is not known; {', '.join(known)} pass")
    return values


_Reader = Callable[[Reading, Arguments], Reading]


def _sources(held: Reading, given: Arguments) -> Reading:
    return replace(held, sources=_list(given, "sources", "reading."))


def _release(held: Reading, given: Arguments) -> Reading:
    number = _given(given, "release", "reading.")
    if not isinstance(number, int) or number < 1:
        raise BadFilter(f"reading.release is {number}; the number of a release passes, from 1")
    return replace(held, release=number)


def _as_of(held: Reading, given: Arguments) -> Reading:
    asked = filters.when("overlaps", _given(given, "asOf", "reading."), "reading.asOf")
    assert isinstance(asked, During)
    return replace(held, as_of=asked)


def _match(held: Reading, given: Arguments) -> Reading:
    (name,) = _chosen(given, "match", ONTOLOGY.vocabularies["Match"].values, "reading.")
    return replace(held, match=Match[name])


def _one_of(name: str, vocabulary: Vocabulary) -> _Reader:
    def read(held: Reading, given: Arguments) -> Reading:
        changed: dict[str, Any] = {name: _chosen(given, name, vocabulary.values, "reading.")}
        return replace(held, **changed)

    return read


_READERS: Final[dict[str, _Reader]] = {
    "sources": _sources,
    "release": _release,
    "asOf": _as_of,
    "match": _match,
    **{prop.name: _one_of(prop.name, prop.type) for prop in STANDING if isinstance(prop.type, Vocabulary)},
}
assert _READERS.keys() == PUBLISHED[READING.name].fields.keys(), "every published field of the reading has its reader"
