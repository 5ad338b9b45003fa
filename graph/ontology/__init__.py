"""The ontology: `ONTOLOGY` is the one value from which types, columns, checks and documentation follow."""

from importlib import resources
from typing import Any, Final

import yaml

from graph.ontology.kinds import KINDS
from graph.ontology.relations import COMMON_SLOTS, ROLES, common_props, relations
from graph.ontology.types import Ontology, Term, Vocabulary


def _vocabulary(text: str) -> Vocabulary:
    """A vocabulary from its file: `name, scheme, doc, terms: [{name, definition, rank?, broader?, citations?}]`."""
    raw: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    terms = tuple(
        Term(
            raw["scheme"],
            str(item["name"]),
            item["definition"],
            item.get("rank"),
            item.get("broader"),
            tuple((c["source"], c["locator"]) for c in item.get("citations", ())),
        )
        for item in raw["terms"]
    )
    return Vocabulary(raw["name"], raw["scheme"], raw["doc"], terms)


def _load() -> Ontology:
    folder = resources.files(__package__) / "terms"
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)
    found = [_vocabulary(entry.read_text("utf-8")) for entry in files]
    vocabularies = {vocabulary.name: vocabulary for vocabulary in found}
    terms = tuple(term for vocabulary in found for term in vocabulary.terms)
    return Ontology(
        KINDS, relations(vocabularies), ROLES, COMMON_SLOTS, common_props(vocabularies), vocabularies, terms
    )


ONTOLOGY: Final = _load()
