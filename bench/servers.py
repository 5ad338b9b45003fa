"""The bare peers: ASGI applications that answer the three operations of `ops/` by statements written by hand, over the
documents that the service reads too, with orjson and nothing else. They know neither GraphQL nor the domain, and are
what the service is measured against.

    python -m bench.servers PORT sqlite:FILE | NEO4J_URL

A request is the same as the service gets; `operationName` chooses the answer, which is the same JSON under `data`.
"""

import base64
import gc
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, Final, LiteralString, Protocol, TypeVar

import orjson
import uvicorn
from neo4j import READ_ACCESS, Record
from starlette.types import Receive, Scope, Send

from graph.analysis import network
from graph.stores.neo4j.connection import connect, parse

Data = dict[str, Any]
Doc = Mapping[str, Any]
_T = TypeVar("_T")

# What the documents of `ops/` ask for, and what a network reads under each node of a step.
PEOPLE, POSTS = 50, 5
DEPTH, NODES, EDGES, READ = 3, 1_000, 4_000, 20_000
PORTION: Final = 1_000
"""Claims of a step of a network of which more is read at a time, since a full network takes in no more."""

CERTAINTIES: Final = ("STATED", "HEDGED", "REPORTED")
"""With ASSERTED and ACTUAL, the claims that take part unless a question says otherwise."""
TYING: Final = tuple(relation.constant for relation in network.EDGES)
"""Claims that tie two nodes; the one list that is not written again by hand."""


class Bare(Protocol):
    """Answers each operation with its `data`."""

    async def s(self, variables: Mapping[str, Any]) -> Data: ...
    async def m(self, variables: Mapping[str, Any]) -> Data: ...
    async def l(self, variables: Mapping[str, Any]) -> Data: ...  # noqa: E743  # the operations are called S, M and L
    async def close(self) -> None: ...


# ---- from documents to answers ---------------------------------------------------------------------------------------


def key_of(cursor: str | None) -> str:
    """The order key in a cursor of the service: what follows nine bytes that bind it to its question."""
    return base64.urlsafe_b64decode(cursor)[9:].decode() if cursor else ""


def actor(doc: Doc | None) -> Data:
    """The answer to S."""
    if doc is None:
        return {"node": None}
    return {
        "node": {
            "id": doc["id"],
            "kind": doc["kind"],
            "name": doc["name"],
            "named": doc["named"],
            "description": doc.get("description"),
            "mergedFrom": doc["mergedFrom"],
            "aliases": [{"name": alias["name"]} for alias in doc["aliases"]],
            "identifiers": [{"value": each["value"]} for each in doc["identifiers"]],
        }
    }


def people(found: Iterable[tuple[Doc, list[Doc]]], fillers: Iterable[Doc]) -> Data:
    """The answer to M, from each person with their appointments, and what fills the slots of these."""
    ends, sources = {}, {}
    for doc in fillers:
        ends[doc["id"]] = {"id": doc["id"], "kind": doc["kind"], "name": doc["name"]}
        sources[doc["id"]] = {"id": doc["id"], "title": doc.get("title")}
    nodes = [
        {
            "id": person["id"],
            "name": person["name"],
            "appointments": {
                "nodes": [
                    {
                        "id": post["id"],
                        "ends": [ends[id] for id in post["ends"]],
                        "citations": [
                            {"locator": cited["locator"], "source": sources[cited["source"]]}
                            for cited in post["citations"]
                        ],
                    }
                    for post in posts
                ]
            },
        }
        for person, posts in found
    ]
    return {"individuals": {"nodes": nodes}}


def edge(doc: Doc) -> Data:
    """A claim of the answer to L."""
    during = doc["during"]
    return {
        "id": doc["id"],
        "kind": doc["kind"],
        "ends": [{"id": id} for id in doc["ends"]],
        "during": {"start": {"edtf": during["start"]["edtf"]}, "end": {"edtf": during["end"]["edtf"]}},
        "certainty": doc["certainty"],
    }


class Network:
    """What a breadth-first search has reached. A claim is known by whatever its store calls it."""

    def __init__(self, start: str) -> None:
        self.entities: dict[str, None] = {start: None}
        self.claims: dict[Any, None] = {}
        self.truncated = False
        self.frontier = [start]

    @property
    def limit(self) -> int:
        """Claims read under each node of the frontier."""
        return max(1, min(EDGES + 1, READ // len(self.frontier)))

    def portions(self, found: Mapping[str, _T]) -> Iterator[list[_T]]:
        """The claims of a step, given by their order keys, that are not yet in it, in order and in portions, until it
        is full. The nodes that came in with them are then the frontier."""
        before = len(self.entities)
        claims = [found[key] for key in sorted(found) if found[key] not in self.claims]
        for start in range(0, len(claims), PORTION):
            if len(self.claims) >= EDGES:
                self.truncated = True
                break
            yield claims[start : start + PORTION]
        self.frontier = list(self.entities)[before:]

    def take(self, claim: Hashable, tied: Iterable[str]) -> bool:
        """Takes in a claim with the nodes that it ties, if its bounds allow."""
        new = [id for id in tied if id not in self.entities]
        if len(self.claims) >= EDGES or len(self.entities) + len(new) > NODES:
            self.truncated = True
            return False
        self.claims[claim] = None
        for id in new:
            self.entities[id] = None
        return True

    def answer(self, entities: Iterable[Doc], claims: list[Data]) -> Data:
        """The answer to L, from the documents of the entities, in any order, and the claims in order."""
        named = {doc["id"]: {"id": doc["id"], "kind": doc["kind"], "name": doc["name"]} for doc in entities}
        listed = [named[id] for id in self.entities]
        return {"neighbourhood": {"truncated": self.truncated, "entities": listed, "claims": claims}}


# ---- SQLite ----------------------------------------------------------------------------------------------------------

_PART: Final = f"c.polarity = 'ASSERTED' AND c.modality = 'ACTUAL' AND c.certainty IN {CERTAINTIES}"
_ACTOR: Final = "SELECT CAST(doc AS BLOB) FROM entity WHERE id = ?"
_PEOPLE: Final = (
    f"SELECT id, CAST(doc AS BLOB) FROM entity WHERE kind = 'INDIVIDUAL' AND k > ? ORDER BY k LIMIT {PEOPLE}"
)
# Not by row_number(): that reads every appointment of a person before it takes five.
_POSTS: Final = f"""
SELECT CAST(p.doc AS BLOB) FROM json_each(?) o CROSS JOIN adj a CROSS JOIN claim p ON p.seq = a.claim
WHERE a.n = o.value AND a.relation = 'Appointment' AND a.slot = 'FROM' AND a.k IN (
  SELECT b.k FROM adj b CROSS JOIN claim c ON c.seq = b.claim
  WHERE b.n = o.value AND b.relation = 'Appointment' AND b.slot = 'FROM' AND {_PART} ORDER BY b.k LIMIT {POSTS})
ORDER BY o.key, a.k"""
_ENTITIES: Final = "SELECT CAST(e.doc AS BLOB) FROM json_each(?) o CROSS JOIN entity e ON e.id = o.value"
_CLAIMS: Final = "SELECT CAST(c.doc AS BLOB) FROM json_each(?) o CROSS JOIN claim c ON c.seq = o.value ORDER BY o.key"
_STEP: Final = f"""
SELECT c.k, c.seq FROM adj b CROSS JOIN claim c ON c.seq = b.claim
WHERE b.n = ? AND b.relation = '*' AND b.slot = 'ENDS' AND c.kind IN {TYING} AND {_PART} ORDER BY b.k LIMIT ?"""
# `+`: the slots of a claim are one short range of the key, and not four seeks.
_TIED: Final = """
SELECT f.claim, f.n FROM json_each(?) o CROSS JOIN fill f ON f.claim = o.value WHERE +f.slot IN ('FROM', 'TO', 'END')"""


class OverSqlite:
    """Answers from a release file, on the event loop itself: a thread would cost more than it gives."""

    def __init__(self, file: str) -> None:
        self._db = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True, isolation_level=None)
        self._db.execute(f"PRAGMA mmap_size = {2 << 30}")

    async def s(self, variables: Mapping[str, Any]) -> Data:
        found = self._db.execute(_ACTOR, (variables["id"],)).fetchone()
        return actor(found and orjson.loads(found[0]))

    async def m(self, variables: Mapping[str, Any]) -> Data:
        read = self._db.execute(_PEOPLE, (key_of(variables["after"]),)).fetchall()
        found: dict[str, tuple[Doc, list[Doc]]] = {id: (orjson.loads(doc), []) for id, doc in read}
        needed: dict[str, None] = {}
        for (doc,) in self._all(_POSTS, found):
            post = orjson.loads(doc)
            found[post["from"]][1].append(post)
            needed |= dict.fromkeys(post["ends"])
            needed |= dict.fromkeys(cited["source"] for cited in post["citations"])
        return people(found.values(), (orjson.loads(doc) for (doc,) in self._all(_ENTITIES, needed)))

    async def l(self, variables: Mapping[str, Any]) -> Data:  # noqa: E743
        network = Network(variables["id"])
        for _ in range(DEPTH):
            for portion in network.portions(self._step(network)):
                tied: dict[int, dict[str, None]] = {claim: {} for claim in portion}
                for claim, id in self._all(_TIED, portion):
                    tied[claim][id] = None
                for claim, ids in tied.items():
                    network.take(claim, ids)
        entities = (orjson.loads(doc) for (doc,) in self._all(_ENTITIES, network.entities))
        claims = [edge(orjson.loads(doc)) for (doc,) in self._db.execute(_CLAIMS, (_json(network.claims),))]
        return network.answer(entities, claims)

    async def close(self) -> None:
        self._db.close()

    def _step(self, network: Network) -> dict[str, int]:
        """The claims of the frontier by order key."""
        found: dict[str, int] = {}
        for id in network.frontier:
            rows = self._db.execute(_STEP, (id, network.limit + 1)).fetchall()
            if len(rows) > network.limit:
                network.truncated = True
                rows.pop()
            found.update(rows)
        return found

    def _all(self, statement: str, values: Iterable[object]) -> list[Any]:
        return self._db.execute(statement, (_json(values),)).fetchall()


def _json(values: Iterable[object]) -> str:
    return orjson.dumps(list(values)).decode()


# ---- Neo4j -----------------------------------------------------------------------------------------------------------

_TAKES_PART: Final = f"c.polarity = 'ASSERTED' AND c.modality = 'ACTUAL' AND c.certainty IN {list(CERTAINTIES)}"
_DOCS: Final = "UNWIND $ids AS id MATCH (x:{} {{id: id}}) RETURN collect(x.doc) AS docs"
# Every column of an index is bounded, or its order does not serve.
_PAGE: Final = f"""
MATCH (p:Individual) USING INDEX SEEK p:Individual(k) WHERE p.k > $after WITH p ORDER BY p.k LIMIT {PEOPLE}
CALL (p) {{
  MATCH (c)-[i:FROM]->() USING INDEX SEEK i:FROM(n, relation, k)
  WHERE i.n = p.id AND i.relation = 'Appointment' AND i.k > '' AND {_TAKES_PART}
  WITH c, i ORDER BY i.n, i.relation, i.k LIMIT {POSTS} RETURN collect(c) AS posts
}}
WITH collect([p.doc, [c IN posts | c.doc]]) AS people, collect(posts) AS groups
CALL (groups) {{
  UNWIND groups AS posts UNWIND posts AS c
  MATCH (c)-[:FROM|TO|SOURCE]->(y) WITH DISTINCT y RETURN collect(y.doc) AS fillers
}}
RETURN people, fillers"""
_AROUND: Final = f"""
UNWIND $frontier AS n CALL (n) {{
  MATCH (c)-[i:ANY_ENDS]->() USING INDEX SEEK i:ANY_ENDS(n, relation, k)
  WHERE i.n = n AND i.relation = '*' AND i.k > '' AND c.kind IN {list(TYING)} AND {_TAKES_PART}
  WITH c, i ORDER BY i.n, i.relation, i.k LIMIT $limit RETURN collect(i.k) AS keys, collect(c.id) AS ids
}}
RETURN collect(keys) AS keys, collect(ids) AS ids"""


class OverNeo4j:
    """Answers from Neo4j by the asynchronous driver, one record of lists a statement."""

    def __init__(self, url: str) -> None:
        address = parse(url)
        self._driver, self._database = connect(address, acquisition=5.0), address.database

    async def s(self, variables: Mapping[str, Any]) -> Data:
        docs = await self._docs("Entity", [variables["id"]])
        return actor(docs[0] if docs else None)

    async def m(self, variables: Mapping[str, Any]) -> Data:
        read = await self._one(_PAGE, after=key_of(variables["after"]))
        found = ((orjson.loads(doc), [orjson.loads(post) for post in posts]) for doc, posts in read["people"])
        return people(found, map(orjson.loads, read["fillers"]))

    async def l(self, variables: Mapping[str, Any]) -> Data:  # noqa: E743
        network, edges = Network(variables["id"]), list[Data]()
        for _ in range(DEPTH):
            for portion in network.portions(await self._step(network)):
                # A claim says itself what it ties, so that its document is fetched once.
                docs = await self._docs("Claim", portion)
                edges += [edge(doc) for doc in docs if network.take(doc["id"], dict.fromkeys(doc["ends"]))]
        return network.answer(await self._docs("Entity", list(network.entities)), edges)

    async def close(self) -> None:
        await self._driver.close()

    async def _step(self, network: Network) -> dict[str, str]:
        """The claims of the frontier by order key."""
        read = await self._one(_AROUND, frontier=network.frontier, limit=network.limit + 1)
        found: dict[str, str] = {}
        for keys, ids in zip(read["keys"], read["ids"], strict=True):
            network.truncated |= len(keys) > network.limit
            found.update(zip(keys[: network.limit], ids, strict=False))
        return found

    async def _docs(self, label: str, ids: list[str]) -> list[Doc]:
        return [orjson.loads(doc) for doc in (await self._one(_DOCS.format(label), ids=ids))["docs"]]

    async def _one(self, statement: LiteralString, **parameters: object) -> Record:
        async with self._driver.session(database=self._database, default_access_mode=READ_ACCESS) as session:
            return await (await session.run(statement, parameters)).single(strict=True)


# ---- the application -------------------------------------------------------------------------------------------------

_HEADERS: Final = ((b"content-type", b"application/json"),)


class App:
    """The ASGI application over `opened`, which is made in the event loop."""

    def __init__(self, opened: Callable[[], Bare]) -> None:
        self._opened = opened
        self._operations: dict[str, Callable[[Mapping[str, Any]], Awaitable[Data]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        body = b""
        if scope["method"] == "POST":
            asked = orjson.loads(await _body(receive))
            body = orjson.dumps({"data": await self._operations[asked["operationName"]](asked["variables"])})
        headers = [*_HEADERS, (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        bare = self._opened()
        self._operations = {"S": bare.s, "M": bare.m, "L": bare.l}
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 100)  # as the service does, which would else be measured against its garbage
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await bare.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    while message.get("more_body"):
        message = await receive()
        body += message.get("body", b"")
    return body


def main(port: int, store: str) -> None:
    """Serves until it is told to end, with uvicorn's settings as the service has them."""
    scheme, _, file = store.partition(":")
    app = App(lambda: OverSqlite(file) if scheme == "sqlite" else OverNeo4j(store))
    uvicorn.run(
        app, host="127.0.0.1", port=port, log_level="warning", access_log=False, loop="uvloop", http="httptools"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
