"""Synthetic graphs of the ontology's shape, of any size, made while they are read: the same seed, size and shape give
the same graph.

Everything follows from `ONTOLOGY`: a new kind or relation is generated without a line here. What only real data would
have in plenty is put in on purpose: two hubs, parallel claims, self-loops, absent values, empty lists, undated and
inverted bounds, names beyond ASCII and beyond the first plane, slots with several fillers, one filler named twice,
claims that fill roles.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from random import Random
from typing import Final

from graph.claim import Alias, Anchor, Citation, Claim, Doubt, During, Entity, Ordinal, PropValue, Standing, Timed
from graph.dates import MAX_DAY, MIN_DAY, UNDATED, Bounds, order_day
from graph.ontology import ONTOLOGY
from graph.ontology.types import ENTITY, Kind, Prop, Relation, Slot, Vocabulary, fact_id

PAPER: Final = "synthetic"
"""Claim ids are `synthetic/number`, from 1."""

_WORDS: Final = (
    *("north", "peace", "union", "accord", "river", "100%", "a_b", "back\\slash", "O'Brien", '"quoted"'),
    *("Élysée", "Ångström", "Łódź", "São Tomé", "Đà Nẵng", "straße", "Ｆｕｌｌ", "naïve—dash"),
    *("Миссия", "Ліван", "بعثة", "السودان", "联合国", "平和", "ኢትዮጵያ", "ไทย", "한국"),
    *("𐌰𐌱𐌲", "𝔘𝔫𝔦𝔱", "🕊", "﹅", "{7b}", "|pipe|"),
)
_LANGUAGES: Final = ("fr", "ar", "zh-Hans", None)
_YEARS: Final = range(1948, 2025)


_COMMON: Final = tuple(slot for slot in ONTOLOGY.common_slots if slot.name not in ("SOURCE", "ANCHOR"))
_ANYTHING: Final = Slot("ANYTHING", "anything", (ENTITY,), "", claims=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """What the named questions of the bench and the tests rely on, in the ontology's words: `relation`, one of its two
    ends `slot`, and a `kind` that may fill it. `hub_share` of all claims put `hub` there; `few` claims put `small`
    there, at every size. `holders`: entities that fill the other end, per claim; `others`: the rest, per claim."""

    relation: str
    slot: str
    kind: str
    hub_share: float = 0.5
    few: int = 40
    holders: float = 0.2
    others: float = 0.1

    @property
    def hub(self) -> str:
        """The id of the entity that holds the largest share of all claims."""
        return f"{self.kind}:{PAPER}-hub"

    @property
    def small(self) -> str:
        """The id of the entity whose `slot` claims are `few`, from as many different holders, at every size."""
        return f"{self.kind}:{PAPER}-small"


class Graph:
    """The synthetic graph of one seed, size (in claims) and shape. Each iterator may be run again."""

    def __init__(self, seed: int, claims: int, shape: Shape) -> None:
        if claims < 4 * shape.few:
            raise ValueError(f"{claims} claims cannot hold the {shape.few} of `few`; ask for {4 * shape.few} at least")
        self.seed, self.size, self.shape = seed, claims, shape
        relation = ONTOLOGY.relation[shape.relation]
        self._slot = next(slot for slot in relation.ends if slot.name == shape.slot)
        self._other = next(slot for slot in relation.ends if slot is not self._slot)
        self._few = self.holders(shape.few, 1.0)

    @cached_property
    def population(self) -> dict[str, int]:
        """How many entities of each kind, the two named ones left out."""
        holders = {kind.name for kind in ONTOLOGY.members(self._other.kinds)}
        rest = len(ONTOLOGY.kinds) - len(holders)
        return {
            kind.name: max(
                4,
                int(self.size * self.shape.holders / len(holders))
                if kind.name in holders
                else int(self.size * self.shape.others / max(rest, 1)),
            )
            for kind in ONTOLOGY.kinds
        }

    def entities(self) -> Iterator[Entity]:
        """The hub, the small one, then the entities of each kind."""
        random = Random(f"{self.seed} entities")
        kind = ONTOLOGY.kind[self.shape.kind]
        for id, name in ((self.shape.hub, "Hub"), (self.shape.small, "Small")):
            yield self._entity(random, kind, id, name)
        for kind in ONTOLOGY.kinds:
            for number in range(self.population[kind.name]):
                yield self._entity(random, kind, _entity_id(kind, number), _name(random, self.size))

    def claims(self) -> Iterator[tuple[Claim, Timed]]:
        """The claims in the order of their ids. A claim points at entities, and at claims before it."""
        random = Random(f"{self.seed} claims")
        hub, small, share = 0, 0, self.shape.hub_share
        last: Claim | None = None
        told = ""
        for number in range(1, self.size + 1):
            relation, slots = None, None
            if hub < int(number * share):
                hub += 1
                relation, slots = self._busy(self.shape.hub, self._pick(random, self._other, number))
            elif small < self.shape.few:
                relation, slots = self._busy(self.shape.small, self._few[small % len(self._few)])
                small += 1
            elif last is not None and random.random() < 0.15:
                relation, slots = ONTOLOGY.relation[last.relation], {name: last.slots[name] for name in last.slots}
            relation = relation or random.choice(ONTOLOGY.relations)
            # Some claims with the ends of the last one tell the same fact, whatever its dates: a store does not
            # ask how that came about.
            again = last is not None and slots == last.slots and number % 4 < 2
            claim, timed = self._claim(random, number, relation, slots)
            timed = replace(timed, fact=told if again else fact_id(claim.id))
            if {self.shape.hub, self.shape.small}.isdisjoint(claim.slots.get(self.shape.slot, ())):
                last, told = claim, timed.fact
            yield claim, timed

    def holders(self, number: int, place: float) -> tuple[str, ...]:
        """The ids of so many entities that fill the other end, up to a place (0 to 1) among all of their kind: the
        later the place, the fewer their claims; at 0.5 and at 1, as few at every size. Those of `small` are at 1."""
        kind = ONTOLOGY.members(self._other.kinds)[0]
        last = int(self.population[kind.name] * place)
        return tuple(_entity_id(kind, index) for index in range(max(last - number, 0), last))

    # ---- entities ---------------------------------------------------------------------------------------------------

    def _entity(self, random: Random, kind: Kind, id: str, name: str) -> Entity:
        unnamed = random.random() < 0.05
        return Entity(
            id=id,
            kind=kind.name,
            name=name,
            named=not unnamed,
            aliases=tuple(self._alias(random) for _ in range(random.choice((0, 0, 0, 1, 2)))),
            identifiers=tuple(("wikidata", f"Q{random.randrange(10**6)}") for _ in range(random.choice((0, 0, 1, 2)))),
            description=_phrase(random, 4) if random.random() < 0.4 else None,
            props=_props(random, kind.props),
            merged_from=(f"{id}-old",) if random.random() < 0.02 else (),
        )

    def _alias(self, random: Random) -> Alias:
        kinds = ONTOLOGY.vocabularies["AliasKind"].values
        source = self._pick_of(random, ("Source",))
        return Alias(
            _phrase(random, 2), random.choice(kinds), source, f"page {random.randrange(90)}", random.choice(_LANGUAGES)
        )

    def _pick_of(self, random: Random, kinds: tuple[str, ...]) -> str:
        kind = random.choice(ONTOLOGY.members(kinds))
        size = self.population[kind.name]
        # Squared, so that some entities are met far more often than others, at every size alike.
        return _entity_id(kind, int(size * random.random() ** 2) if random.random() < 0.5 else random.randrange(size))

    # ---- claims -----------------------------------------------------------------------------------------------------

    def _busy(self, id: str, other: str) -> tuple[Relation, dict[str, tuple[str, ...]]]:
        return ONTOLOGY.relation[self.shape.relation], {self._other.name: (other,), self._slot.name: (id,)}

    def _claim(
        self, random: Random, number: int, relation: Relation, ends: dict[str, tuple[str, ...]] | None
    ) -> tuple[Claim, Timed]:
        slots = dict(ends) if ends else self._ends(random, relation, number)
        for slot in relation.roles:
            self._maybe_fill(random, slots, slot, number, 0.3)
        for slot in (*random.sample(ONTOLOGY.roles, 2), *_COMMON):
            self._maybe_fill(random, slots, slot, number, 0.1)
        props = _props(random, relation.props)
        bounds, during = self._time(random, number)
        start, end = (random.choice(ONTOLOGY.vocabularies["DateBasis"].values) for _ in range(2))
        cited = dict.fromkeys(self._pick_of(random, ("Source",)) for _ in range(random.choice((1, 1, 2))))
        claim = Claim(
            id=f"{PAPER}/{number}",
            relation=relation.name,
            slots=slots,
            citations=tuple(Citation(source, f"page {random.randrange(400)}") for source in cited),
            statement=f"{_phrase(random, 3)} {number}",
            props=props,
            during=during,
            standing=_standing(random),
            doubts=tuple(
                Doubt(prop.name, random.choice(ONTOLOGY.vocabularies["DoubtBasis"].values), _phrase(random, 2))
                for prop in relation.props[:1]
                if random.random() < 0.1
            ),
            wording=tuple((prop.name, _phrase(random, 2)) for prop in relation.props if random.random() < 0.15),
            unstated=_unstated(random, relation, slots, props),
            ordinal=Ordinal(random.choice((1, 2, -1)), _phrase(random, 1)) if random.random() < 0.1 else None,
        )
        return claim, Timed(bounds, start, end, order_day(bounds))

    def _ends(self, random: Random, relation: Relation, number: int) -> dict[str, tuple[str, ...]]:
        ends: dict[str, tuple[str, ...]] = {}
        first: str | None = None
        for slot in relation.ends:
            low, high = slot.least, slot.most or slot.least + 3
            ids = [self._pick(random, slot, number, like=first) for _ in range(random.randint(low, high))]
            if first and relation.same_family:
                # A part of itself, or of something of its own kind: always one family.
                ids = [
                    first if random.random() < 0.05 else self._pick_of(random, (first.partition(":")[0],)) for _ in ids
                ]
            elif len(ids) > 1 and random.random() < 0.1:
                ids[1] = ids[0]
            first = first or (ids[0] if ids else None)
            if ids:
                ends[slot.name] = tuple(ids)
        return ends

    def _maybe_fill(
        self, random: Random, slots: dict[str, tuple[str, ...]], slot: Slot, number: int, chance: float
    ) -> None:
        if slot.name in slots or random.random() >= chance or not (slot.kinds or number > 1):
            return
        several = random.choice((1, 1, 2, 3)) if slot.many else 1
        ids = [self._pick(random, slot, number) for _ in range(several)]
        slots[slot.name] = (*ids, ids[0]) if slot.many and random.random() < 0.1 else tuple(ids)

    def _pick(self, random: Random, slot: Slot, number: int, like: str | None = None) -> str:
        """Something that may fill the slot: an entity, or a claim before this one."""
        if like and slot.kinds == (ENTITY,) and random.random() < 0.05:
            return like
        if slot.claims and number > 1 and (not slot.kinds or random.random() < 0.2):
            return f"{PAPER}/{random.randint(max(1, number - 1000), number - 1)}"
        return self._pick_of(random, slot.kinds)

    def _time(self, random: Random, number: int) -> tuple[Bounds, During]:
        bounds, during = random.choice(_TIMES)(random)
        if random.random() < 0.2:
            how = random.choice(ONTOLOGY.vocabularies["AnchorHow"].values)
            node = self._pick(random, _ANYTHING, number)
            during = During(during.on, during.start, during.end, during.duration, (Anchor(how, node),))
        return bounds, during


def _entity_id(kind: Kind, number: int) -> str:
    return f"{kind.name}:{PAPER}-{number}"


def _phrase(random: Random, words: int) -> str:
    return " ".join(random.choices(_WORDS, k=words))


def _name(random: Random, size: int) -> str:
    """Two words and a number: at every size, some entities share a name."""
    return (
        f"{_phrase(random, 2)} {random.randrange(max(size // 10, 3))}" if random.random() < 0.8 else _phrase(random, 1)
    )


def _props(random: Random, props: tuple[Prop, ...]) -> dict[str, PropValue]:
    values: dict[str, PropValue] = {}
    for prop in props:
        if random.random() < 0.7:
            several = tuple(dict.fromkeys(str(_value(random, prop)) for _ in range(random.randrange(4))))
            values[prop.name] = several if prop.many else _value(random, prop)
    return values


def _value(random: Random, prop: Prop) -> str | int | float | bool:
    match prop.type:
        case Vocabulary(terms=terms):
            return random.choice(terms).name
        case "number":
            return random.randint(-3, 12)
        case "decimal":
            return random.choice((random.randint(-3, 12) / 4, 57.0, 0.1))
        case "flag":
            return random.random() < 0.5
        case "date":
            return str(random.choice(_YEARS))
        case "code":
            return f"{random.choice(_WORDS)}/{random.randrange(30)}"
    return _phrase(random, random.choice((1, 2)))


def _standing(random: Random) -> Standing:
    def value(vocabulary: str, usual: str) -> str:
        return usual if random.random() < 0.7 else random.choice(ONTOLOGY.vocabularies[vocabulary].values)

    def or_absent(vocabulary: str) -> str | None:
        return random.choice(ONTOLOGY.vocabularies[vocabulary].values) if random.random() < 0.2 else None

    usual = Standing()
    return Standing(
        value("Polarity", usual.polarity),
        value("Modality", usual.modality),
        value("Certainty", usual.certainty),
        or_absent("Substantiated"),
        or_absent("AttributionMode"),
    )


def _unstated(
    random: Random, relation: Relation, slots: dict[str, tuple[str, ...]], props: dict[str, PropValue]
) -> tuple[str, ...]:
    """Some of the fields that are empty; that the rest are empty says nothing."""
    silent = [prop.name for prop in relation.props if not props.get(prop.name)]
    silent += [slot.field for slot in relation.roles if not slots.get(slot.name)]
    return tuple(name for name in silent if random.random() < 0.4)


# ---- when -----------------------------------------------------------------------------------------------------------


def _year(random: Random) -> tuple[int, int, str]:
    year = random.choice(_YEARS)
    return date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal(), str(year)


def _on_a_day(random: Random) -> tuple[Bounds, During]:
    day = date(random.choice(_YEARS), random.randint(1, 12), random.randint(1, 28))
    return Bounds(*[day.toordinal()] * 4), During(on=day.isoformat())


def _in_years(random: Random) -> tuple[Bounds, During]:
    (a0, a1, a), (b0, b1, b) = sorted((_year(random), _year(random)))
    return Bounds(a0, a1, b0, b1), During(start=a, end=b)


def _with_open_end(random: Random) -> tuple[Bounds, During]:
    first, last, year = _year(random)
    return Bounds(first, last, first, MAX_DAY), During(start=year, end="..")


def _with_unknown_start(random: Random) -> tuple[Bounds, During]:
    first, last, year = _year(random)
    return Bounds(MIN_DAY, last, first, last), During(end=year)


def _undated(random: Random) -> tuple[Bounds, During]:
    return UNDATED, During(duration=random.choice(("P2Y", None)))


def _inverted(random: Random) -> tuple[Bounds, During]:
    """It ends before it starts, which no file may say, and which no store may stumble over."""
    (a0, a1, a), (b0, b1, b) = sorted((_year(random), _year(random)))
    return Bounds(b0, b1, a0, a1), During(start=b, end=a)


_TIMES: Final[tuple[Callable[[Random], tuple[Bounds, During]], ...]] = (
    _on_a_day,
    _in_years,
    _in_years,
    _with_open_end,
    _with_unknown_start,
    _undated,
    _inverted,
)
