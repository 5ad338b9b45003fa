"""The seeded mutants: one small mistake each, of a sort that people make, and the smallest suite that sees it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Mutant:
    """In `module`, `old` is written as `new`. `suite` are the arguments of pytest, `neo4j` says that it wants one."""

    name: str
    module: str
    old: str
    new: str
    suite: tuple[str, ...]
    neo4j: bool = False


def _contract(test: str, engine: str) -> tuple[str, ...]:
    return (f"tests/contract/test_store_contract.py::test_{test}[{engine}]",)


_KLEENE: Final = ("tests/test_kleene.py::test_lowering_agrees_with_a_direct_evaluation_of_the_meaning[0]",)
_DIFFERENTIAL: Final = (
    "tests/differential/test_differential.py::test_random_levels_are_answered_as_the_oracle_answers_them"
)
_PREDICATE: Final = "graph.predicate"
_SQL: Final = "graph.stores.sqlite.printer"
_TELLING: Final = "graph.telling"
_CYPHER: Final = "graph.stores.neo4j.printer"

_COUNTING: Final = "some_counts_claims_and_distinct_nodes_without_the_node_itself"
_ABSENT: Final = "a_comparison_is_false_where_the_value_is_absent_and_its_negation_true"
_OWNER: Final = "a_tally_is_by_owner_who_does_not_count_beside_himself"
_FACTS: Final = ("tests/test_facts.py::test_claims_are_one_fact_just_as_the_rule_says",)
_AFTER: Final = "a_page_begins_strictly_after_the_key_whether_or_not_a_row_has_it"

MUTANTS: Final = (
    # What a meaning becomes
    Mutant("negation does not flip", _PREDICATE, "down(inner, level.negated)", "down(inner, level)", _KLEENE),
    Mutant(
        "an absent value is never possible",
        _PREDICATE,
        "return self in (Match.POSSIBLE, Match.UNDATED)",
        "return self is Match.UNDATED",
        _KLEENE,
    ),
    Mutant("an undated row is no residue", _PREDICATE, "level is Match.RESIDUE:", "level is None:", _KLEENE),
    Mutant(
        "days that touch do not overlap",
        "graph.dates",
        '"POSSIBLE": (("s0", "lte", "e1")',
        '"POSSIBLE": (("s0", "lt", "e1")',
        _KLEENE,
    ),
    # The skeleton of the printers
    Mutant("any is all", _PREDICATE, 'self._join(" OR ",', 'self._join(" AND ",', (f"{_DIFFERENTIAL}[sqlite]",)),
    Mutant("not is forgotten", _PREDICATE, 'f"NOT ({self', 'f"({self', _contract(_ABSENT, "sqlite")),
    Mutant(
        "the shape forgets the operator",
        _PREDICATE,
        'f"Cmp({column},{op},{type(value) is Owner})"',
        'f"Cmp({column},{type(value) is Owner})"',
        ("tests/contract/test_texts.py",),
    ),
    # SQLite
    Mutant("less is less or equal", _SQL, '"lt": "{} < {}"', '"lt": "{} <= {}"', _contract("numbers", "sqlite")),
    Mutant("nodes are not counted once", _SQL, "DISTINCT {fill}.n", "{fill}.n", _contract(_COUNTING, "sqlite")),
    Mutant(
        "the node itself is counted",
        _SQL,
        "if item.distinct == item.slot:",
        "if False:",
        _contract(_COUNTING, "sqlite"),
    ),
    Mutant(
        "an absent value is not guarded against",
        _SQL,
        "({cell} IS NOT NULL AND {_COMPARED[op].format(cell, other)})",
        "({_COMPARED[op].format(cell, other)})",
        _contract(_ABSENT, "sqlite"),
    ),
    Mutant(
        "the owner is taken for the row",
        _SQL,
        'self._owner or "" if isinstance',
        'f"{row}.id" if isinstance',
        _contract("the_owner_of_a_page_is_a_value", "sqlite"),
    ),
    Mutant(
        "a page begins at the key",
        "graph.stores.sqlite.statement",
        "{'<' if falling else '>'}",
        "{'<=' if falling else '>='}",
        _contract(_AFTER, "sqlite"),
    ),
    Mutant(
        "more is said of a page that is just full",
        "graph.stores.sqlite.store",
        "len(page) > level.limit",
        "len(page) >= level.limit",
        _contract("more_is_said_in_the_direction_that_was_read", "sqlite"),
    ),
    Mutant(
        "only entities are filled in",
        "graph.stores.sqlite.store",
        "        for table in BOTH:\n            wanted",
        "        for table in BOTH[:1]:\n            wanted",
        _contract("fill_brings_each_filler_once_entities_and_claims", "sqlite"),
    ),
    # What both engines store
    Mutant(
        "a self-loop is no end",
        "graph.stores.columns",
        "            if slot in ends:\n",
        "            if slot in ends and ids.count(id) == len(ids) > 1:\n",
        _contract("a_self_loop_stands_once_on_every_page_of_its_node", "sqlite"),
    ),
    Mutant(
        "undated claims come first",
        "graph.names",
        'UNDATED: Final = "~"',
        'UNDATED: Final = "!"',
        _contract("claims_come_by_start_with_undated_ones_last_in_both_directions", "sqlite"),
    ),
    # Facts and tallies
    Mutant(
        "a claim that fits two facts joins one",
        _TELLING,
        "return [core if core.s0 <= core.s1 and core.e0 <= core.e1 else None for core in cores]",
        "return list(cores)",
        _FACTS,
    ),
    Mutant("days that touch do not meet", _TELLING, "[coming][1] >= spans[i][0]", "[coming][1] > spans[i][0]", _FACTS),
    Mutant("a span around another is not met", _TELLING, "found = max(found, self._over[node])", "pass", _FACTS),
    Mutant(
        "facts are counted by claims",
        _SQL,
        'counted = f"DISTINCT {claim}.{quoted(FACT_COLUMN)}"',
        'counted = "1"',
        _contract("some_counts_distinct_facts", "sqlite"),
    ),
    Mutant(
        "claims without a value are not tallied",
        "graph.stores.sqlite.statement",
        'f" LEFT JOIN json_each(',
        'f" JOIN json_each(',
        _contract("each_value_of_a_list_is_tallied_once_a_claim_and_an_empty_list_is_none", "sqlite"),
    ),
    Mutant(
        "the owner is tallied beside himself",
        "graph.stores.sqlite.statement",
        "if owned and slot == tally.but_owner else",
        "if False else",
        _contract(_OWNER, "sqlite"),
    ),
    # Neo4j
    Mutant(
        "facts are counted by claims, in Cypher",
        _CYPHER,
        'f" WITH {claim}.{FACT_COLUMN} AS {counted}"',
        'f" WITH {claim}.id AS {counted}"',
        _contract("some_counts_distinct_facts", "neo4j"),
        neo4j=True,
    ),
    Mutant(
        "the owner is tallied beside himself, in Cypher",
        "graph.stores.neo4j.statement",
        "return isinstance(level.start, Of) and slot == tally.but_owner",
        "return False",
        _contract(_OWNER, "neo4j"),
        neo4j=True,
    ),
    Mutant(
        "nodes are not counted once, in Cypher",
        _CYPHER,
        'distinct = "DISTINCT " if',
        'distinct = "" if',
        _contract(_COUNTING, "neo4j"),
        neo4j=True,
    ),
    Mutant(
        "an absent value is not guarded against, in Cypher",
        _CYPHER,
        "coalesce({self._test(f'{row}.{column}', op, value)}, false)",
        "{self._test(f'{row}.{column}', op, value)}",
        _contract(_ABSENT, "neo4j"),
        neo4j=True,
    ),
    Mutant(
        "a page begins at the key, in Cypher",
        "graph.stores.neo4j.statement",
        "{'<' if falling else '>'}",
        "{'<=' if falling else '>='}",
        _contract(_AFTER, "neo4j"),
        neo4j=True,
    ),
)
