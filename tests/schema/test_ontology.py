"""What the ontology declares holds together in itself."""

from pathlib import Path

import pytest

from graph.ontology import ONTOLOGY
from graph.ontology.rules import RULES
from graph.ontology.types import Relation, Vocabulary

PAPERS = Path(__file__).parents[2] / "seed" / "papers"
RELATIONS = pytest.mark.parametrize("relation", ONTOLOGY.relations, ids=lambda relation: str(relation.name))
VOCABULARIES = pytest.mark.parametrize("vocabulary", ONTOLOGY.vocabularies.values(), ids=lambda each: str(each.name))


@RELATIONS
def test_what_tells_one_fact_is_a_field_of_the_relation(relation: Relation) -> None:
    slots = (*relation.roles, *ONTOLOGY.common_slots)
    fields = {prop.name for prop in relation.props} | {slot.field for slot in slots}
    assert set(relation.identity) <= fields


@RELATIONS
def test_facets_count_by_values_of_closed_vocabularies(relation: Relation) -> None:
    assert all(isinstance(prop.type, Vocabulary) for prop in relation.props if prop.counted)


def test_each_rule_of_coding_stands_with_a_relation() -> None:
    for rule, names in RULES:
        assert names
        assert all(rule in ONTOLOGY.relation[name].not_this_but for name in names)


def test_a_roll_up_follows_parts_unless_told_otherwise() -> None:
    assert [each.name for each in ONTOLOGY.relations if each.rolls_up] == ["PartOf", "Membership", "Succession"]


@VOCABULARIES
def test_terms_are_ranked_without_a_gap_and_a_wider_term_is_of_their_vocabulary(vocabulary: Vocabulary) -> None:
    ranks = {term.rank for term in vocabulary.terms if term.rank is not None}
    assert ranks == set(range(1, len(ranks) + 1))
    assert {term.broader for term in vocabulary.terms if term.broader} <= set(vocabulary.values)
    assert len(set(vocabulary.values)) == len(vocabulary.values)


def test_a_source_that_defines_a_term_is_among_the_curated_ones() -> None:
    """Its id is answered as an entity, which a release without it could not do."""
    cited = {source for term in ONTOLOGY.terms for source, _ in term.citations}
    assert cited
    assert {source for source in cited if not (PAPERS / f"{source.removeprefix('Source:')}.yaml").exists()} == set()
