"""A level as Cypher: one statement, answered by one record of lists.

An index carries every order: the statement bounds each of its columns and orders by all of them, so that under each
owner a page is cut off after its last row; nothing that is stored is sorted or scanned. Only a start by ids or by
words sorts what it found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

from graph.ontology.types import FACT
from graph.plan import Case, Different, Every, Ids, Level, Matching, Of, Table, Tally
from graph.predicate import ALWAYS, Predicate
from graph.stores.columns import FACT_COLUMN, LISTS
from graph.stores.neo4j.connection import bindable
from graph.stores.neo4j.layout import LABEL, MARKER, fulltext
from graph.stores.neo4j.printer import OWNER, CypherPrinter

_BELOW_ALL: Final = ""
_ABOVE_ALL: Final = "\x7f"
"""Beyond every key downwards and upwards: keys are ASCII, and never empty."""
_CLAUSES: Final = 1_000
"""Words of one query of Lucene, which takes 1,024."""
_FEW: Final = 5_000
"""Matches that are sorted."""
_BOUNDS: Final = "[x.s0, x.s1, x.e0, x.e1]"
_DIGEST: Final = f"COLLECT {{ MATCH {MARKER} RETURN release.digest }} AS release"


@dataclass(frozen=True, slots=True)
class Statement:
    """Cypher and its parameters. One record: `pages`, `filled` and `release`, the digests of what is finished."""

    text: str
    parameters: dict[str, object]


def rows(level: Level) -> Statement:
    """`pages`: for each owner [owner, whether the range goes on, keys, docs, mark …]; of a skeleton [owner, whether
    it goes on, keys, ids, bounds (if dated), fillers of each slot of `fill` (of claims) …, mark …]. `filled`:
    documents, each once."""
    printer = CypherPrinter()
    key, falling = level.order.key, level.order.down != level.backward
    source, order = _source(level, printer, key)
    bound = f" {'<' if falling else '>'} $after{_also(printer, level.where)}"
    told = _cells(level, printer)
    printer.parameters |= {
        "owners": _owners(level),
        "after": (_ABOVE_ALL if falling else _BELOW_ALL) if level.after is None else bindable(level.after),
    }
    limit, cut, more = "", "", "false"
    if level.limit is not None:
        printer.parameters["limit"] = level.limit
        limit, cut, more = " LIMIT $limit + 1", "[..$limit]", "count(*) > $limit"
    cells = [more, *(f"collect({each}){cut}" for each in told)]
    columns = ", ".join(f"c{i}" for i in range(len(cells)))
    filled = bool(level.fill) and not level.skeleton
    bound += f" WITH x, {order[-1]} AS key ORDER BY {', '.join(f'{by} DESC' if falling else by for by in order)}{limit}"
    found = f"{source}{bound}"
    if isinstance(level.start, Matching):
        found = _few_or_many(level.of, level.start, key, bound)
    owner = _owner(level)
    text = (
        f"UNWIND $owners AS {OWNER} CALL ({OWNER}) {{ {found} "
        f"RETURN {_named(cells)}{f', collect(x){cut} AS xs' * filled} }} "
        f"WITH collect([{owner}, {columns}]) AS pages{', collect(xs) AS groups' * filled} "
        f"{_fill(level) * filled}RETURN pages, {'filled' if filled else '[] AS filled'}, {_DIGEST}"
    )
    return Statement(text, printer.parameters)


def counts(level: Level, cases: Sequence[Case]) -> Statement:
    """`pages`: for each owner [owner, how many rows, the number of each case …]."""
    printer = CypherPrinter()
    found = _counted(level, printer)
    told = [_number(case, printer) for case in cases if case != ALWAYS]
    places = count(1)
    columns = ", ".join(f"c{place}" for place in (0, *(0 if case == ALWAYS else next(places) for case in cases)))
    printer.parameters["owners"] = _owners(level)
    text = (
        f"UNWIND $owners AS {OWNER} CALL ({OWNER}) {{ {found} RETURN {_named(['count(*)', *told])} }} "
        f"WITH collect([{_owner(level)}, {columns}]) AS pages RETURN pages, [] AS filled, {_DIGEST}"
    )
    return Statement(text, printer.parameters)


def tallies(level: Level, tally: Tally) -> Statement:
    """`pages`: for each owner [owner, [[value, number] …]]."""
    printer = CypherPrinter()
    found = _counted(level, printer)

    def filled(slot: str) -> str:
        others = f"[n IN coalesce(x.{slot}, []) WHERE n <> {OWNER}]"
        return f"CASE {others} WHEN [] THEN [null] ELSE {others} END" if _drops(level, tally, slot) else _or_null(slot)

    told = _or_null(tally.by) if tally.by in LISTS else f"[x.{tally.by}]"
    cells = filled(tally.by) if tally.nodes else told
    more, counted = "", "x"
    if tally.distinct == FACT:
        counted = f"x.{FACT_COLUMN}"
    elif tally.distinct is not None:
        more, counted = f" UNWIND {filled(tally.distinct)} AS counted", "counted"
    printer.parameters |= {"owners": _owners(level), "first": tally.first}
    text = (
        f"UNWIND $owners AS {OWNER} CALL ({OWNER}) {{ {found} UNWIND {cells} AS value{more} "
        f"WITH value, count(DISTINCT {counted}) AS number ORDER BY number DESC, value LIMIT $first "
        f"RETURN collect([value, number]) AS told }} "
        f"WITH collect([{_owner(level)}, told]) AS pages RETURN pages, [] AS filled, {_DIGEST}"
    )
    return Statement(text, printer.parameters)


def _or_null(property: str) -> str:
    """A list that is stored, or one absent value: an empty list is not stored."""
    return f"coalesce(x.{property}, [null])"


def _drops(level: Level, tally: Tally, slot: str) -> bool:
    return isinstance(level.start, Of) and slot == tally.but_owner


def _counted(level: Level, printer: CypherPrinter) -> str:
    """The rows `x` that are counted."""
    if isinstance(level.start, Every):  # the server knows how many bear a label
        return f"MATCH (x:{level.start.label}){printer.where(level.where, 'x')}"
    return f"{_source(level, printer, 'k')[0]} > ''{_also(printer, level.where)}"


def _number(case: Case, printer: CypherPrinter) -> str:
    if isinstance(case, Different):
        return f"count(DISTINCT CASE WHEN {printer.text(case.where, 'x')} THEN x.{case.column} END)"
    return f"count(CASE WHEN {printer.text(case, 'x')} THEN 1 END)"


def _owners(level: Level) -> object:
    match level.start:
        case Of(ids):
            return bindable(list(dict.fromkeys(ids)))
        case Matching(texts):
            return [[str(place), _query(groups), list(map(list, groups))] for place, groups in enumerate(texts)]
    return [None]


def _owner(level: Level) -> str:
    """The owner as a page tells it: a node, or the place of a text."""
    return f"{OWNER}[0]" if isinstance(level.start, Matching) else OWNER


def _query(groups: Sequence[Sequence[str]]) -> str:
    """A text as Lucene looks for it: one word of each group, as far as it takes them; the rest is looked at by row."""
    asked: list[Sequence[str]] = []
    for words in groups:
        if asked and sum(map(len, asked)) + len(words) > _CLAUSES:
            break
        asked.append(words[:_CLAUSES])
    return " AND ".join(f"({' OR '.join(map(_quoted, words))})" for words in asked)


def _named(cells: Sequence[str]) -> str:
    return ", ".join(f"{cell} AS c{i}" for i, cell in enumerate(cells))


def _source(level: Level, printer: CypherPrinter, key: str) -> tuple[str, tuple[str, ...]]:
    """Where the rows `x` come from, ending in the order key, which what follows must bound; and what they are
    ordered by."""
    match level.start:
        case Every(label):
            return f"MATCH (x:{label}) USING INDEX SEEK x:{label}({key}) WHERE x.{key}", (f"x.{key}",)
        case Of(slot=slot) if slot == FACT:
            label = LABEL[level.of]
            page = f"MATCH (x:{label}) USING INDEX SEEK x:{label}({FACT_COLUMN}, k) WHERE x.{FACT_COLUMN} = {OWNER}"
            if key != "k":  # the few claims of a fact are sorted in any order but the first
                return f"{page} AND x.k > '' AND x.{key}", (f"x.{key}",)
            return f"{page} AND x.k", (f"x.{FACT_COLUMN}", "x.k")
        case Of(relation=relation, slot=slot):
            page = printer.page(relation, slot, "x", "way", OWNER, key)
            return page, ("way.n", "way.relation", f"way.{key}")
        case Ids(ids):
            known = printer.parameter(list(dict.fromkeys(ids)))
            label = LABEL[level.of]
            return f"MATCH (x:{label}) USING INDEX SEEK x:{label}(id) WHERE x.id IN {known} AND x.{key}", (f"x.{key}",)
        case Matching(label=label):
            return f"{_matches(level.of)}) YIELD node AS x WHERE x:{label} AND {_HOLDS} AND x.{key}", (f"x.{key}",)


def _matches(table: Table) -> str:
    """A call that finds every node of the table that may hold the words, lacking its end."""
    return f"CALL db.index.fulltext.queryNodes('{fulltext(table)}', {OWNER}[1]"


_HOLDS: Final = f"all(words IN {OWNER}[2] WHERE any(word IN split(x.tokens, ' ') WHERE word IN words))"
"""The condition that `x` holds them."""


def _few_or_many(table: Table, start: Matching, key: str, bound: str) -> str:
    """The rows of a page, bounded and in order. Few matches are sorted; of many, which stand everywhere, the order
    soon finds as many as are wanted."""
    page = f"{_HOLDS} AND x.{key}{bound} RETURN x, key"
    return (
        f"{_matches(table)}, {{limit: {_FEW + 1}}}) YIELD node WITH collect(node) AS found CALL (found, {OWNER}) {{ "
        f"UNWIND CASE WHEN size(found) <= {_FEW} THEN found ELSE [] END AS x "
        f"WITH x, {OWNER} WHERE x:{start.label} AND {page} "
        f"UNION ALL UNWIND CASE WHEN size(found) > {_FEW} THEN [true] ELSE [] END AS many CALL (many, {OWNER}) {{ "
        f"MATCH (x:{start.label}) USING INDEX SEEK x:{start.label}({key}) WHERE {page} }} RETURN x, key }}"
    )


def _quoted(token: str) -> str:
    """A token as Lucene takes it literally."""
    escaped = token.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _also(printer: CypherPrinter, where: Predicate) -> str:
    return "" if where == ALWAYS else f" AND {printer.text(where, 'x')}"


def _cells(level: Level, printer: CypherPrinter) -> list[str]:
    cells = ["key", "x.id" if level.skeleton else "x.doc"]
    if level.skeleton and level.of == "claim":
        cells += [_BOUNDS] * level.dated + [f"coalesce(x.{slot}, [])" for slot in level.fill]
    return cells + [printer.text(mark, "x") for mark in level.marks]


def _fill(level: Level) -> str:
    return (
        "CALL (groups) { UNWIND groups AS xs UNWIND xs AS x "
        f"MATCH (x)-[:{'|'.join(level.fill)}]->(y) WITH DISTINCT y RETURN collect(y.doc) AS filled }} "
    )
