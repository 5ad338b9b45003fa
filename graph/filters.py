"""A filter, in the ontology's words, → its meaning (`graph.predicate`). Faults name the path, as in
`where.and[0].to.name`.

Values are plain (dicts, lists, strings, numbers; an enum's value is its name): this module knows no GraphQL."""

import difflib
from collections.abc import Callable, Mapping
from typing import Any as Anything
from typing import Final

from graph.dates import asked, definite
from graph.errors import BadDate, BadFilter
from graph.names import fold
from graph.ontology import ONTOLOGY
from graph.ontology.types import ALL, CLAIM, ENDS, ENTITY, FACT, ROLES, Relation
from graph.predicate import (
    ALWAYS,
    All,
    Any,
    At,
    Cmp,
    During,
    Has,
    In,
    Not,
    Operator,
    Predicate,
    Present,
    Some,
    Value,
    Within,
    conjunction,
    disjunction,
    negation,
)
from graph.stores import columns

MOST_IDS: Final = 1_000
"""Values in one list of a filter. A list is one parameter of the store, and a page of `nodes` may hold as many."""


def where(name: str, value: object, path: str) -> Predicate:
    """The meaning of a `…Where` input. Raises BadFilter for an unknown field, a null, or a wrong operand."""
    from graph.grammar import INPUTS  # the grammar is made of these readers

    fields = INPUTS[name].fields
    items = []
    for key, operand in _object(value, path).items():
        if key not in fields:
            raise BadFilter(f"{path}.{key} is not a field of {name}{_nearest(key, fields)}")
        read = fields[key].read
        assert read is not None, "every field of a Where has a reader"
        items.append(read(_given(operand, f"{path}.{key}"), f"{path}.{key}"))
    return conjunction(items)


def _nearest(key: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(key, known, 1)
    return f"; did you mean {close[0]}?" if close else f"; it has {', '.join(known)}"


def _given(value: Anything, path: str) -> Anything:
    if value is None:
        raise BadFilter(f"{path} is null; leave it out, or ask for absence with isNull: true")
    return value


def _object(value: object, path: str) -> Mapping[str, Anything]:
    if not isinstance(value, Mapping):
        raise BadFilter(f"{path} must be an object")
    return value


def _list(value: Anything, path: str) -> list[Anything]:
    values = value if isinstance(value, list | tuple) else [value]
    if not values:
        raise BadFilter(f"{path} is an empty list; leave it out, or name at least one value")
    if len(values) > MOST_IDS:
        raise BadFilter(f"{path} holds {len(values)} values; at most {MOST_IDS} pass")
    return [_given(each, f"{path}[{i}]") for i, each in enumerate(values)]


# Logic


def every_of(name: str, value: Anything, path: str) -> Predicate:
    return conjunction(where(name, each, f"{path}[{i}]") for i, each in enumerate(_list(value, path)))


def one_of(name: str, value: Anything, path: str) -> Predicate:
    return disjunction(where(name, each, f"{path}[{i}]") for i, each in enumerate(_list(value, path)))


def negated(name: str, value: Anything, path: str) -> Predicate:
    return negation(where(name, value, path))


def _operands(value: Anything, path: str, readers: Mapping[str, Callable[[Anything, str], Predicate]]) -> Predicate:
    """All operands of a small filter together; one of them at least."""
    items = []
    for key, operand in _object(value, path).items():
        if key not in readers:
            raise BadFilter(f"{path}.{key} is not an operand here{_nearest(key, readers)}")
        items.append(readers[key](_given(operand, f"{path}.{key}"), f"{path}.{key}"))
    if not items:
        raise BadFilter(f"{path} is empty; give one of {', '.join(readers)}")
    return conjunction(items)


# Columns


def _value(column: str, value: Anything, path: str) -> Value:
    """A value as its column holds it: text folded where the column is."""
    if isinstance(value, str) and columns.folded(column):
        text = fold(value)
        if not text:
            raise BadFilter(f"{path} holds nothing that a name could be compared by; give a letter or a digit")
        return text
    return value  # type: ignore[no-any-return]


def scalar(column: str, value: Anything, path: str) -> Predicate:
    def compare(op: Operator) -> Callable[[Anything, str], Predicate]:
        return lambda operand, at: Cmp(column, op, _value(column, operand, at))

    def among(operand: Anything, at: str) -> Predicate:
        return In(column, tuple(_value(column, each, at) for each in _list(operand, at)))

    readers: dict[str, Callable[[Anything, str], Predicate]] = {
        "eq": compare("eq"),
        "in": among,
        "notIn": lambda operand, at: Not(among(operand, at)),
        "gt": compare("gt"),
        "gte": compare("gte"),
        "lt": compare("lt"),
        "lte": compare("lte"),
        "contains": compare("contains"),
        "startsWith": compare("startsWith"),
        "isNull": lambda operand, _: Not(Present(column)) if operand else Present(column),
    }
    return _operands(value, path, readers)


def listed(column: str, value: Anything, path: str) -> Predicate:
    def has(operand: Anything, at: str) -> Predicate:
        return Has(column, (("eq", _value(column, operand, at)),))

    def some(operand: Anything, at: str) -> Predicate:
        return disjunction(has(each, at) for each in _list(operand, at))

    readers: dict[str, Callable[[Anything, str], Predicate]] = {
        "has": has,
        "hasSome": some,
        "hasEvery": lambda operand, at: conjunction(has(each, at) for each in _list(operand, at)),
        "hasNone": lambda operand, at: negation(some(operand, at)),
    }
    return _operands(value, path, readers)


def _element(
    column: str, op: Operator, fixed: tuple[tuple[Operator, Value], ...] = ()
) -> Callable[[Anything, str], Predicate]:
    return lambda operand, at: Has(column, (*fixed, (op, _value(column, operand, at))))


def called(value: Anything, path: str) -> Predicate:
    readers: dict[str, Callable[[Anything, str], Predicate]] = {
        "eq": _element("called", "eq"),
        "in": lambda operand, at: disjunction(
            Has("called", (("eq", _value("called", each, at)),)) for each in _list(operand, at)
        ),
        "contains": _element("called", "contains"),
        "startsWith": _element("called", "startsWith"),
    }
    return _operands(value, path, readers)


def identifier(value: Anything, path: str) -> Predicate:
    given = _object(value, path)
    if "scheme" not in given or "eq" not in given:
        raise BadFilter(f"{path} needs scheme and eq, as in {{scheme: ISO3166, eq: HTI}}")
    return Has("identifiers", (("eq", f"{_given(given['scheme'], path)}{columns.PAIR}{_given(given['eq'], path)}"),))


def wording(value: Anything, path: str) -> Predicate:
    given = dict(_object(value, path))
    if not given:
        raise BadFilter(f"{path} is empty; give one of field, eq, startsWith, contains")
    place = columns.wording_field(_given(given.pop("field"), f"{path}.field") if "field" in given else None)
    tests: list[tuple[Operator, Value]] = [("startsWith", place)]
    for op, operand in given.items():
        if op not in ("eq", "startsWith", "contains"):
            raise BadFilter(f"{path}.{op} is not an operand here; it has field, eq, startsWith, contains")
        text = fold(_given(operand, f"{path}.{op}"))
        tests.append(("contains", text) if op == "contains" else (op, place + text))  # type: ignore[arg-type]
    return Has("wording", tuple(tests))


# Slots and relations


def filled(slot: str, name: str, value: Anything, path: str) -> Predicate:
    return At(slot, where(name, value, path))


def _quantifiers(
    at: Callable[[Predicate], Predicate], name: str, claims: Callable[[Predicate], Predicate] | None = None
) -> dict[str, Callable[[Anything, str], Predicate]]:
    """some, none, every over whatever `at` reaches; `claim` where claims may stand there too."""
    readers: dict[str, Callable[[Anything, str], Predicate]] = {
        "some": lambda operand, path: at(where(name, operand, path)),
        "none": lambda operand, path: negation(at(where(name, operand, path))),
        "every": lambda operand, path: negation(at(negation(where(name, operand, path)))),
    }
    if claims is not None:
        readers["claim"] = lambda operand, path: claims(where(f"{CLAIM}Where", operand, path))
    return readers


def role(slot: str, value: Anything, path: str) -> Predicate:
    return _operands(value, path, _quantifiers(lambda w: At(slot, w), f"{ENTITY}Where", lambda w: At(slot, w, "claim")))


def ends(relation: Relation | None, value: Anything, path: str) -> Predicate:
    slots = _end_slots(relation)
    readers = _quantifiers(lambda w: disjunction(At(slot, w) for slot in slots), f"{ENTITY}Where")
    del readers["none"]
    return _operands(value, path, readers)


def between(relation: Relation | None, value: Anything, path: str) -> Predicate:
    ids = _list(value, path)
    if len(ids) != 2:
        raise BadFilter(f"{path} takes the ids of two ends; {len(ids)} given")
    one, other = (Cmp("id", "eq", id) for id in ids)
    pairs = (
        [(end.name, end.name) for end in relation.ends]
        if relation and not relation.directed
        else [("FROM", "TO"), ("TO", "FROM")]
    )
    if relation is None:
        pairs += [(slot, slot) for slot in _end_slots(None) if slot not in ("FROM", "TO")]
    return disjunction(conjunction((At(a, one), At(b, other))) for a, b in pairs)


def _end_slots(relation: Relation | None) -> tuple[str, ...]:
    chosen = ONTOLOGY.relations if relation is None else (relation,)
    return tuple(dict.fromkeys(slot.name for each in chosen for slot in each.ends))


def conflicts(value: Anything, path: str) -> Predicate:
    return At("CONFLICTS_WITH", where(f"{CLAIM}Where", value, path), "claim")


def source(value: Anything, path: str) -> Predicate:
    return At("SOURCE", scalar("id", value, path))


def involves(value: Anything, path: str) -> Predicate:
    given = dict(_object(value, path))
    known = [role.name for role in ONTOLOGY.roles]
    roles = [str(each) for each in _list(given.pop("role"), f"{path}.role")] if "role" in given else known
    if unknown := [role for role in roles if role not in known]:
        raise BadFilter(f"{path}.role: {unknown[0]} is no role; {', '.join(known)} pass")
    inner = (
        ALWAYS
        if "some" not in given
        else where(f"{ENTITY}Where", _given(given.pop("some"), f"{path}.some"), f"{path}.some")
    )
    items = [] if "claim" in given and inner is ALWAYS else [disjunction(At(r, inner) for r in roles)]
    if "claim" in given:
        claim = where(f"{CLAIM}Where", _given(given.pop("claim"), f"{path}.claim"), f"{path}.claim")
        items.append(disjunction(At(r, claim, "claim") for r in roles))
    if given:
        raise BadFilter(f"{path}.{next(iter(given))} is not an operand here; it has role, some, claim")
    return conjunction(items)


def branch(kind: str, name: str, value: Anything, path: str) -> Predicate:
    return conjunction((Cmp("kind", "eq", kind), where(name, value, path)))


def quantified(relation: Relation | None, slot: str, value: Anything, path: str) -> Predicate:
    """some, none, every, count over the claims of a relation (None: of all) in whose slot the entity stands."""
    name = relation.name if relation else ALL
    readers = _quantifiers(lambda w: Some(name, slot, w), f"{relation.name if relation else CLAIM}Where")
    readers["count"] = lambda operand, at: _count(relation, slot, operand, at)
    return _operands(value, path, readers)


def _count(relation: Relation | None, slot: str, value: Anything, path: str) -> Predicate:
    given = dict(_object(value, path))
    name = relation.name if relation else CLAIM
    inner = (
        where(f"{name}Where", _given(given.pop("where"), f"{path}.where"), f"{path}.where")
        if "where" in given
        else ALWAYS
    )
    distinct = _distinct(relation, slot, given.pop("distinct", "CLAIM"), path)

    def least(n: int) -> Predicate:
        return ALWAYS if n <= 0 else Some(relation.name if relation else ALL, slot, inner, n, distinct)

    items: list[Predicate] = []
    for op, n in given.items():
        if not isinstance(n, int) or n < 0:
            raise BadFilter(f"{path}.{op} must be a whole number from 0")
        match op:
            case "eq":
                items += [least(n), negation(least(n + 1))]
            case "gte":
                items.append(least(n))
            case "gt":
                items.append(least(n + 1))
            case "lte":
                items.append(negation(least(n + 1)))
            case "lt":
                items.append(negation(least(n)))
            case _:
                raise BadFilter(f"{path}.{op} is not an operand here; it has distinct, where, eq, gt, gte, lt, lte")
    if not items:
        raise BadFilter(f"{path} compares with nothing; give one of eq, gt, gte, lt, lte")
    return conjunction(items)


def _distinct(relation: Relation | None, slot: str, asked_for: str, path: str) -> str | None:
    """CLAIM → None; FACT; OTHER, or the name of the opposite end → that end (of a symmetric relation: its one slot)."""
    if asked_for == "CLAIM":
        return None
    if asked_for == FACT:
        return FACT
    names = [end.name for end in relation.ends] if relation else []
    other = next((name for name in names if name != slot or (relation and relation.symmetric)), None)
    if other and asked_for in ("OTHER", other):
        return other
    raise BadFilter(
        f"{path}.distinct: {asked_for} is no other end here; {'OTHER, ' if other else ''}CLAIM or {FACT} would pass"
    )


# Time and roll-up


def when(op: str, value: Anything, path: str) -> Predicate:
    """The meaning of `overlaps`, `before` or `after` a When: `{date}` or `{node}`."""
    given = _object(value, path)
    if len(given) != 1 or next(iter(given)) not in ("date", "node"):
        raise BadFilter(f"{path} takes exactly one of date and node")
    (key, operand), *_ = given.items()
    _given(operand, f"{path}.{key}")
    if key == "node":
        return During(op, (), operand)  # type: ignore[arg-type]
    try:
        return During(op, (definite(*asked(operand)),))  # type: ignore[arg-type]
    except BadDate as fault:
        raise BadDate(f"{path}.date: {fault}") from None


def during(value: Anything, path: str) -> Predicate:
    readers = {op: (lambda operand, at, op=op: when(op, operand, at)) for op in ("overlaps", "before", "after")}
    return _operands(value, path, readers)


VIA: Final = tuple(relation.constant for relation in ONTOLOGY.relations if relation.rolls_up)
"""What a roll-up may follow, the default first; Terms follow their broader term by themselves."""
MOST_STEPS: Final = 32
"""Steps of a roll-up; each is one call of the store."""


def within(value: Anything, path: str) -> Predicate:
    given = _object(value, path)
    ids = _list(_given(given.get("ids"), f"{path}.ids"), f"{path}.ids")
    via = given.get("via")
    depth = given.get("depth", 8)
    if not isinstance(depth, int) or not 0 <= depth <= MOST_STEPS:
        raise BadFilter(f"{path}.depth must be from 0 to {MOST_STEPS}")
    return Within(tuple(ids), tuple(_list(via, f"{path}.via")) if via is not None else VIA[:1], depth)


__all__ = ["ENDS", "ROLES", "All", "Any", "where"]
