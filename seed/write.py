"""Records → the text of a curated file, which reads back as the same records."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import yaml

from graph.claim import Alias, Claim, Entity, Standing
from graph.ontology import ONTOLOGY
from seed.files import SCHEME, SOURCE, TERM, TERM_ALIAS

WIDTH: Final = 120
"""Characters in a line, where words can be parted."""

_USUAL: Final = Standing()


def written(slug: str, entities: Iterable[Entity], claims: Iterable[Claim]) -> str:
    """The text of a curated file of the source `slug`. What is usual is left out."""
    source = f"{SOURCE.name}:{slug}"
    file = {
        "source": slug,
        "entities": [_entity(entity, source) for entity in entities],
        "claims": [_claim(claim, source) for claim in claims],
    }
    return str(
        yaml.dump(
            file, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=WIDTH, default_flow_style=None
        )
    )


def _entity(entity: Entity, source: str) -> dict[str, Any]:
    located = [
        alias
        for alias in entity.aliases[-1:]
        if entity.kind == TERM.name and alias == Alias(entity.name, TERM_ALIAS, source, alias.locator)
    ]
    aliases = entity.aliases[: len(entity.aliases) - len(located)]
    return _present(
        {
            "id": entity.id,
            "name": entity.name,
            "named": None if entity.named else False,
            "aliases": [_aliased(alias, source) for alias in aliases],
            "identifiers": [{"scheme": scheme, "value": value} for scheme, value in entity.identifiers],
            "description": entity.description,
            "mergedFrom": list(entity.merged_from),
            **{
                name: value
                for name, value in _props(entity.props).items()
                if entity.kind != TERM.name or name != SCHEME
            },
            "locator": located[0].locator if located else None,
        }
    )


def _aliased(alias: Alias, source: str) -> dict[str, Any]:
    return _present({"name": alias.name, "kind": alias.kind, "language": alias.language, **_cited(alias, source)})


def _cited(place: Any, source: str) -> dict[str, Any]:
    return _present({"source": None if place.source == source else place.source, "locator": place.locator})


def _claim(claim: Claim, source: str) -> dict[str, Any]:
    relation, during = ONTOLOGY.relation[claim.relation], claim.during
    slots = {slot.name: slot for slot in (*relation.slots, *ONTOLOGY.common_slots)}
    standing = {name: getattr(claim.standing, name) for name in Standing.__slots__}
    return _present(
        {
            "id": claim.id,
            "kind": relation.constant,
            **{
                slot.field: list(claim.slots[name]) if slot.many else claim.slots[name][0]
                for name, slot in slots.items()
                if claim.slots.get(name)
            },
            **_props(claim.props),
            "during": _present(
                {
                    **{name: getattr(during, name) for name in ("on", "start", "end", "duration")},
                    "anchors": [{"how": anchor.how, "node": anchor.node} for anchor in during.anchors],
                }
            ),
            **{name: value for name, value in standing.items() if value != getattr(_USUAL, name)},
            "involves": [
                {"role": role, "node": id} for role, ids in claim.slots.items() if role not in slots for id in ids
            ],
            "citations": [_cited(citation, source) for citation in claim.citations],
            "doubts": [{"field": doubt.field, "basis": doubt.basis, "how": doubt.how} for doubt in claim.doubts],
            "wording": [{"field": field, "text": text} for field, text in claim.wording],
            "unstated": list(claim.unstated),
            "ordinal": {"n": claim.ordinal.n, "among": claim.ordinal.among} if claim.ordinal else None,
            "statement": claim.statement,
            "note": claim.note,
            "sameFactAs": list(claim.same_fact_as),
            "apartFrom": list(claim.apart_from),
        }
    )


def _props(props: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in props.items()}


def _present(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, [], {})}
