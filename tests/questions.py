"""Random questions in the API's own words, made from the filter grammar: whatever the grammar offers is asked sooner
or later."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from graph.filters import VIA
from graph.grammar import DISTINCT, INPUTS, Field
from graph.ontology import ONTOLOGY
from graph.predicate import Match
from graph.reading import Reading

_DATES: Final = ("1956", "1990-05", "2001-01-31", "1995/2003", "../1980", "2010/..", "198X", "2004-33")


@dataclass(frozen=True, slots=True)
class Asker:
    """Draws `…Where` values over a graph of which `ids` are nodes, `dated` nodes with a time, and `names` names of
    entities."""

    random: Random
    ids: Sequence[str]
    dated: Sequence[str]
    names: Sequence[str]

    def where(self, name: str, depth: int = 3) -> dict[str, Any]:
        """A value of the input `name`, at most `depth` inputs deep."""
        fields = list(INPUTS[name].fields.values())
        if depth <= 0:
            fields = [field for field in fields if not self._deep(field)]
        chosen = self.random.sample(fields, min(len(fields), self.random.choice((1, 1, 1, 2))))
        return {field.name: self._operand(name, field, depth) for field in chosen}

    def _deep(self, field: Field) -> bool:
        inner = INPUTS.get(field.type)
        return inner is not None and any(each.type.endswith("Where") for each in (field, *inner.fields.values()))

    def _operand(self, owner: str, field: Field, depth: int) -> Any:
        if field.name == "between":
            return self.random.sample(self.ids, 2)
        one = self._value(owner, field, depth)
        return (
            [one, *(self._value(owner, field, depth) for _ in range(self.random.randrange(2)))] if field.many else one
        )

    def _value(self, owner: str, field: Field, depth: int) -> Any:
        random, kind = self.random, field.type
        if kind.endswith("Where"):
            return self.where(kind, depth - 1)
        if kind in INPUTS:
            return self._small(kind, depth)
        if kind in ONTOLOGY.vocabularies:
            return random.choice(ONTOLOGY.vocabularies[kind].values)
        match kind:
            case "Int":
                return random.randrange(4)
            case "Float":
                return random.randint(-3, 12) / 4
            case "Boolean":
                return random.random() < 0.5
            case "ID":
                return random.choice(self.ids)
            case "EDTF":
                return random.choice(_DATES)
            case "Kind":
                return random.choice([k.constant for k in ONTOLOGY.kinds] + [r.constant for r in ONTOLOGY.relations])
            case "Role":
                return random.choice(ONTOLOGY.roles).name
            case "Via":
                return random.choice(VIA)
            case "Distinct":
                return random.choice(DISTINCT)
        name = random.choice(self.names)
        start = random.randrange(max(1, len(name) - 2))
        return name if random.random() < 0.5 else name[start : start + 3].strip() or name

    def _small(self, name: str, depth: int) -> dict[str, Any]:
        """A value of one of the small inputs, with the operands that it cannot do without."""
        fields = INPUTS[name].fields
        match name:
            case "When":
                return (
                    {"date": self.random.choice(_DATES)}
                    if self.random.random() < 0.7
                    else {"node": self.random.choice(self.dated)}
                )
            case "WithinFilter":
                return {"ids": self.random.sample(self.ids, 2), "depth": self.random.randrange(4)}
            case "IdentifierFilter":
                return {"scheme": "ISO3166", "eq": "HTI"}
        if name.endswith("Count"):
            count: dict[str, Any] = {self.random.choice(("eq", "gt", "gte", "lt", "lte")): self.random.randrange(3)}
            if depth > 0 and self.random.random() < 0.5:
                count["where"] = self.where(fields["where"].type, depth - 1)
            return count
        usable = [field for field in fields.values() if depth > 0 or not field.type.endswith(("Where", "Count"))] or [
            *fields.values()
        ]
        field = self.random.choice(usable)
        return {field.name: self._operand(name, field, depth)}

    def reading(self) -> Reading:
        """A reading, mostly the default one, with a date now and then."""
        from graph.filters import when

        random = self.random
        as_of = when("overlaps", {"date": random.choice(_DATES)}, "reading.asOf") if random.random() < 0.3 else None
        return Reading(
            sources=tuple(id for id in random.sample(self.ids, 3) if id.startswith("Source:"))
            if random.random() < 0.2
            else (),
            as_of=as_of,  # type: ignore[arg-type]
            match=random.choice((Match.CERTAIN, Match.POSSIBLE, Match.UNDATED)),
            polarity=("ASSERTED", "DENIED") if random.random() < 0.3 else ("ASSERTED",),
        )
