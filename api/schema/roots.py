"""The root fields in one table: what each takes, and what its arguments ask of the graph.

A root field is called with its arguments as GraphQL hands them over (GraphQL names, absent ones absent) and answers
with what is asked, without the selection: number, path, fill and hops are the planner's."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, Literal

from api.schema.arguments import MOST_PAGE, Arguments, order, paging, plain, reading, where
from api.schema.enums import TYPENAMES
from api.schema.outputs import page_arguments
from api.schema.shape import Argument
from api.schema.values import NODE
from graph.analysis.network import EDGES
from graph.errors import BadInput, BadPage, CostExceeded
from graph.filters import MOST_IDS
from graph.names import tokens
from graph.ontology import ONTOLOGY
from graph.ontology.types import CLAIM, ENTITY, is_claim_id
from graph.plan import Every, Ids, Neighbourhood, Plan, Resolve, Root, Search, Table
from graph.reading import Reading
from graph.resolve import MOST_CANDIDATES, MOST_LETTERS, MOST_NAMES

NETWORK_DEPTH: Final = 4
"""Steps of a network at most; each is a round of the store."""
NETWORK_NODES: Final = 2_000
NETWORK_EDGES: Final = 8_000
"""Entities and claims of a network at most: twice the large network view that the bench measures."""

Asked = tuple[Root | tuple[Plan, Plan] | None, Reading]
"""What a root field asks: one root; two plans, of entities and of claims (`nodes`); or nothing of the store."""


@dataclass(frozen=True, slots=True)
class RootField:
    """A field of Query. `type`, `many`, `null` and `arguments` are as in `api.schema.shape.Field`. `one`: it
    answers the one node that its argument `id` names. Calling it raises BadInput for arguments that cannot be
    understood."""

    name: str
    type: str
    doc: str
    arguments: tuple[Argument, ...]
    read: Callable[[Arguments], Asked]
    many: bool = False
    null: bool = False
    one: bool = False

    def __call__(self, arguments: Mapping[str, Any]) -> Asked:
        return self.read(plain(arguments))


_READING: Final = Argument("reading", "Reading", "Which claims take part; the default reading, if left out.")


def _plan(name: str, of: Table, start: Every | Ids) -> Plan:
    return Plan(number=0, path=name, of=of, start=start)


# By id


def _ids(arguments: Arguments, most: int) -> tuple[str, ...]:
    ids = tuple(dict.fromkeys(arguments["ids"]))
    if not 1 <= len(ids) <= most:
        raise BadInput(f"ids names {len(ids)} nodes; 1 to {most} pass")
    return ids


def _node(arguments: Arguments) -> Asked:
    id = arguments["id"]
    return _plan("node", "claim" if is_claim_id(id) else "entity", Ids((id,))), reading(arguments)


def _nodes(arguments: Arguments) -> Asked:
    ids = _ids(arguments, MOST_IDS)
    entities = tuple(id for id in ids if not is_claim_id(id))
    claims = tuple(id for id in ids if is_claim_id(id))
    return (_plan("nodes", "entity", Ids(entities)), _plan("nodes", "claim", Ids(claims))), reading(arguments)


# Connections


def _rows(name: str, of: Table, label: str, relation: str | None, arguments: Arguments) -> Asked:
    plan = Plan(
        number=0,
        path=name,
        of=of,
        start=Every(label),
        where=where(label, arguments),
        order=order(arguments, of),
        paging=paging(arguments),
        relation=relation,
    )
    return plan, reading(arguments)


def _connection(name: str, label: str, of: Table, doc: str, relation: str | None = None) -> RootField:
    arguments = (
        *page_arguments(f"{label}Where", "EntityOrder" if of == "entity" else "ClaimOrder", told=True),
        Argument("last", "Int", "How many rows at most, from the back: 1 to 500."),
        Argument("before", "String", "Only rows that stand before this cursor."),
        _READING,
    )
    return RootField(name, f"{label}Connection", doc, arguments, partial(_rows, name, of, label, relation))


def _plural(label: str) -> str:
    """The root field of a label that stands for several kinds: `Actor` → `actors`, `Entity` → `entities`."""
    word = label[0].lower() + label[1:]
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"


def _connections() -> Iterator[RootField]:
    yield _connection(_plural(ENTITY), ENTITY, "entity", "Entities of every kind.")
    for family in ONTOLOGY.families:
        yield _connection(_plural(family), family, "entity", f"Entities of the kinds that are {family}.")
    for kind in ONTOLOGY.kinds:
        yield _connection(kind.field, kind.name, "entity", f"Entities of kind {kind.constant}: {kind.doc}")
    yield _connection(_plural(CLAIM), CLAIM, "claim", "Claims of every kind.")
    for relation in ONTOLOGY.relations:
        doc = f"Claims of kind {relation.constant}: {relation.doc}"
        yield _connection(relation.field, relation.name, "claim", doc, relation.name)


# Search and network


def _kinds(arguments: Arguments, name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The chosen kinds as `known` calls them; none, if the argument is left out."""
    given = arguments.get(name)
    if given is None:
        return ()
    if not given:
        raise BadInput(f"{name} is an empty list; leave it out, or name at least one kind")
    for each in given:
        if each not in known:
            raise BadInput(f"{name}: {each} does not pass here; {', '.join(known)} pass")
    return tuple(dict.fromkeys(known[each] for each in given))


def _shown(value: object) -> str:
    return "null" if value is None else str(value)


def _letters(text: str, path: str) -> str:
    if len(text) > MOST_LETTERS:
        raise CostExceeded(f"{path} has {len(text)} characters; {MOST_LETTERS} pass")
    return text


def _strict(arguments: Arguments) -> bool:
    strict = arguments["strict"]
    if strict is None:
        raise BadInput("strict is not null; leave it out for false")
    return bool(strict)


def _search(arguments: Arguments) -> Asked:
    _letters(arguments["text"], "text")
    if not tokens(arguments["text"]):
        raise BadInput("text holds no letter and no digit; give at least one word")
    size = arguments["first"]
    if size is None or not 1 <= size <= MOST_PAGE:
        raise BadPage(f"first is {_shown(size)}; 1 to {MOST_PAGE} pass")
    kinds = _kinds(arguments, "kinds", {kind: kind for kind in TYPENAMES})
    plans = (_plan("search", "entity", Ids(())), _plan("search", "claim", Ids(())))
    return Search(arguments["text"], kinds, size, *plans, strict=_strict(arguments)), reading(arguments)


def _resolve(arguments: Arguments) -> Asked:
    names = tuple(arguments["names"])
    if not names:
        raise BadInput(f"names is an empty list; 1 to {MOST_NAMES} names pass")
    if len(names) > MOST_NAMES:
        raise CostExceeded(
            f"names holds {len(names)} names; {MOST_NAMES} pass, so ask for the rest in a second question"
        )
    for i, name in enumerate(names):
        _letters(name, f"names[{i}]")
    kinds = _kinds(arguments, "kinds", {kind.constant: kind.constant for kind in ONTOLOGY.kinds})
    plans = (_plan("resolve", "entity", Ids(())), _plan("resolve", "claim", Ids(())))
    return Resolve(names, kinds, _strict(arguments), *plans), reading(arguments)


_TYING: Final = {relation.constant: relation.constant for relation in EDGES}
"""The kinds of claim that tie two nodes, and so are edges of a network."""


def _up_to(arguments: Arguments, name: str, most: int) -> int:
    value = arguments[name]
    if not isinstance(value, int) or not 1 <= value <= most:
        raise BadInput(f"{name} is {_shown(value)}; 1 to {most} pass")
    return value


def _neighbourhood(arguments: Arguments) -> Asked:
    most = _up_to(arguments, "maxNodes", NETWORK_NODES)
    ids = _ids(arguments, min(most, MOST_IDS))
    for id in ids:
        if is_claim_id(id):
            raise BadInput(f"ids: {id} is the id of a claim; ids of entities pass, such as those of its ends")
    direction: Literal["OUT", "IN", "BOTH"] | None = arguments["direction"]
    if direction is None or arguments["roles"] is None:
        raise BadInput("direction and roles are not null; leave them out for BOTH and false")
    asked = Neighbourhood(
        ids=ids,
        depth=_up_to(arguments, "depth", NETWORK_DEPTH),
        relations=_kinds(arguments, "relations", _TYING),
        roles=arguments["roles"],
        direction=direction,
        most_nodes=most,
        most_edges=_up_to(arguments, "maxEdges", NETWORK_EDGES),
        entities=_plan("neighbourhood", "entity", Ids(())),
        claims=_plan("neighbourhood", "claim", Ids(())),
    )
    return asked, reading(arguments)


def _fixed() -> Iterator[RootField]:
    yield RootField(
        "node",
        NODE,
        "The entity or claim of this id; null if there is none. A merged id answers with the survivor.",
        (Argument("id", "ID", "The id: `Kind:name` of an entity, `paper/number` of a claim.", required=True), _READING),
        _node,
        null=True,
        one=True,
    )
    yield RootField(
        "nodes",
        NODE,
        "The entities and claims of these ids, in their order; null for an id that names nothing.",
        (Argument("ids", "ID", f"The ids, 1 to {MOST_IDS:,}.", many=True, required=True), _READING),
        _nodes,
        many=True,
        null=True,
    )


def _views() -> Iterator[RootField]:
    yield RootField(
        "search",
        "SearchAnswer",
        "Entities and claims whose names, descriptions or statements hold every word, whatever its case and accents, "
        "and with a slip forgiven in each word of five letters or more.",
        (
            Argument("text", "String", f"One word or several; at most {MOST_LETTERS} characters.", required=True),
            Argument("kinds", "Kind", "Only of these kinds; of all, if left out.", many=True),
            Argument("strict", "Boolean", "Whether every word must stand as it is written.", default=False),
            Argument("first", "Int", f"How many at most: 1 to {MOST_PAGE}.", default=20),
            _READING,
        ),
        _search,
    )
    yield RootField(
        "resolve",
        "ResolvedName",
        "For each name, in order, the entities that may be meant by it, and what each is to the name. Accents may be "
        "missing, a slip is forgiven in each word of five letters or more, ranks and titles may stand in front and a "
        "year behind, initials or the family name alone may be given; what followed the bearer of a name, or went "
        "before it, is named as well. A description counts only as it is, where `reading.sources` holds its source.",
        (
            Argument(
                "names",
                "String",
                f"The names, 1 to {MOST_NAMES}, of at most {MOST_LETTERS} characters; of each at most "
                f"{MOST_CANDIDATES} candidates are told.",
                many=True,
                required=True,
            ),
            Argument("kinds", "Kind", "Only entities of these kinds; of all, if left out.", many=True),
            Argument(
                "strict",
                "Boolean",
                "Whether a candidate must bear the very name, but for case, accents and spacing.",
                default=False,
            ),
            _READING,
        ),
        _resolve,
        many=True,
    )
    yield RootField(
        "neighbourhood",
        "Network",
        "The network around some entities, step by step along their claims.",
        (
            Argument("ids", "ID", "The entities to begin with.", many=True, required=True),
            Argument("depth", "Int", f"How many steps: 1 to {NETWORK_DEPTH}.", default=1),
            Argument("relations", "Kind", "Along these kinds of claim; along all, if left out.", many=True),
            Argument("roles", "Boolean", "Whether also along what takes part by a role.", default=False),
            Argument("direction", "Direction", "Which way directed claims are followed.", default="BOTH"),
            Argument("maxNodes", "Int", f"How many entities at most: 1 to {NETWORK_NODES:,}.", default=500),
            Argument("maxEdges", "Int", f"How many claims at most: 1 to {NETWORK_EDGES:,}.", default=2000),
            _READING,
        ),
        _neighbourhood,
    )
    yield RootField(
        "dataset", "Dataset", "The release that answers, and the ontology.", (), lambda _: (None, Reading())
    )


def _roots() -> dict[str, RootField]:
    found: dict[str, RootField] = {}
    for each in (*_fixed(), *_connections(), *_views()):
        if each.name in found:
            raise ValueError(f"two root fields are called {each.name}; rename a kind, a relation or its field")
        found[each.name] = each
    return found


ROOTS: Final[Mapping[str, RootField]] = _roots()
