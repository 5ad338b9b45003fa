"""Documentation that follows from the code: the generated blocks inside the hand-written pages of `docs/`.

A page marks a block with `<!-- generated: NAME -->` and `<!-- end of generated -->`; what stands between is written
here, everything else by hand. `peacegraph docs` writes the pages, a test says which are stale.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, get_args

from pydantic import SecretStr

from api.error_codes import ROOT, codes, modules, remedy
from api.http.errors import status_of
from api.schema.inputs import PUBLISHED
from api.settings import Settings
from graph.grammar import INPUTS, Field, Input
from graph.ontology import ONTOLOGY
from graph.ontology.types import ENTITY, Ontology, Prop, Relation, Slot, Vocabulary

_OPENING: Final = re.compile(r"<!-- generated: ([a-z-]+) -->\n")
_CLOSING: Final = "<!-- end of generated -->"


def pages(root: Path = ROOT) -> dict[str, str]:
    """Every page under `docs/` that holds a generated block, as it should be: path from `root` → text. Raises
    ValueError for a block that nobody writes, or that does not end."""
    found = ((path, path.read_text(encoding="utf-8")) for path in sorted(root.glob("docs/**/*.md")))
    return {
        path.relative_to(root).as_posix(): _filled(text, path.name) for path, text in found if _OPENING.search(text)
    }


def stale(root: Path = ROOT) -> list[str]:
    """The pages that are not as the code has it: `peacegraph docs` renews them."""
    return [path for path, text in pages(root).items() if (root / path).read_text(encoding="utf-8") != text]


def _filled(text: str, page: str) -> str:
    before, *rest = _OPENING.split(text)
    parts = [before]
    for name, following in zip(rest[::2], rest[1::2], strict=True):
        if name not in BLOCKS:
            raise ValueError(f"{page}: nothing is generated under {name}; there are {', '.join(BLOCKS)}")
        _, closing, after = following.partition(_CLOSING)
        if not closing:
            raise ValueError(f"{page}: the block {name} does not end; write {_CLOSING} after it")
        parts.append(f"<!-- generated: {name} -->\n{BLOCKS[name]().strip()}\n{_CLOSING}{after}")
    return "".join(parts)


# Markdown


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table without the columns in which no row says anything; nothing without rows."""
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    if not cells:
        return ""
    kept = [i for i in range(len(head)) if any(row[i] for row in cells)]
    lines = [[head[i] for i in kept], ["---"] * len(kept), *([row[i] for i in kept] for row in cells)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _code(text: str) -> str:
    return f"`{text}`"


def _codes(names: Iterable[str]) -> str:
    return ", ".join(map(_code, names))


def _paragraphs(parts: Iterable[str]) -> str:
    return "\n\n".join(part for part in parts if part)


# The model: a data dictionary


def kinds(ontology: Ontology = ONTOLOGY) -> str:
    """The kinds of entity by family, and the properties of those that have any."""
    rows = ((_code(k.name), k.family, _code(k.field), k.doc) for k in ontology.kinds)
    overview = _table(("kind", "family", "asked as", "what it is"), rows)
    own = (f"**{kind.name}** also holds\n\n{_props(kind.props)}" for kind in ontology.kinds if kind.props)
    return _paragraphs((overview, *own))


def _props(props: Iterable[Prop]) -> str:
    head = ("property", "type", "filter", "facet", "what it says")
    rows = ((_code(p.name), _type(p), "" if p.indexed else "no", "yes" if p.counted else "", p.doc) for p in props)
    return _table(head, rows)


def _type(prop: Prop) -> str:
    name = _linked(prop.type) if isinstance(prop.type, Vocabulary) else prop.type
    return f"list of {name}" if prop.many else name


def _linked(vocabulary: Vocabulary) -> str:
    return f"[{vocabulary.name}](#{vocabulary.name.lower()})"


def relations(ontology: Ontology = ONTOLOGY) -> str:
    """Each relation: its ends with the connections that entities carry, properties, roles, and what not to code so."""
    return _paragraphs(_relation(relation, ontology) for relation in ontology.relations)


def _relation(relation: Relation, ontology: Ontology) -> str:
    facts = [f"Asked as `{relation.field}`."]
    if relation.symmetric:
        facts.append("Symmetric: neither end comes first.")
    if relation.same_family:
        others = "".join(f", or a {a} and a {b}" for a, b in relation.also_pairs)
        facts.append(f"Both ends are of one family{others}.")
    if pairs := relation.usual_pairs:
        facts.append(f"Usual pairs are {pairs}; a check warns of others.")
    if relation.rolls_up:
        facts.append("`within` can follow it, from the second end down to the first.")
    if relation.identity:
        facts.append(f"Claims that agree in their ends and in {_codes(relation.identity)} can tell one fact.")
    return _paragraphs(
        (
            f"### {relation.name}",
            relation.doc,
            " ".join(facts),
            _slots("end", relation.ends, ontology),
            _slots("role", relation.roles, ontology),
            _props(relation.props),
            _table(("the fact", "code as", "not as"), relation.not_this_but),
        )
    )


def _slots(what: str, slots: Iterable[Slot], ontology: Ontology) -> str:
    rows = ((_code(s.field), _fillers(s, ontology), _number(s), _code(s.back) if s.back else "", s.doc) for s in slots)
    return _table((what, "filled by", "how many", "on the entity", "what it is"), rows)


def _fillers(slot: Slot, ontology: Ontology) -> str:
    if slot.scheme:
        return f"terms of the open vocabulary `{slot.scheme}`"
    every = len(ontology.members(slot.kinds)) == len(ontology.kinds)
    entities = "any entity" if every or ENTITY in slot.kinds else " or ".join(slot.kinds)
    return " or ".join(filter(None, (entities, "a claim" if slot.claims else "")))


def _number(slot: Slot) -> str:
    if slot.least == slot.most:
        return str(slot.least)
    return f"{slot.least or 'none'} to {slot.most}" if slot.most else f"{slot.least} or more" if slot.least else "any"


def every_claim(ontology: Ontology = ONTOLOGY) -> str:
    """What claims of all relations carry: common properties, common slots, and the roles."""
    return _paragraphs(
        (_props(ontology.common_props), _slots("slot", ontology.common_slots, ontology), _roles(ontology))
    )


def _roles(ontology: Ontology) -> str:
    rows = [
        (
            _code(role.name),
            _code(role.field),
            ", ".join(r.name for r in ontology.relations if role in r.slots),
            role.doc,
        )
        for role in ontology.roles
    ]
    return _table(("role", "field", "a field of its own on", "what takes part by it"), rows)


def vocabularies(ontology: Ontology = ONTOLOGY) -> str:
    """The closed vocabularies with the definitions of their terms."""
    return _paragraphs(_vocabulary(each) for _, each in sorted(ontology.vocabularies.items()))


def _vocabulary(vocabulary: Vocabulary) -> str:
    rows = (
        (
            _code(term.name),
            term.definition,
            str(term.rank or ""),
            _code(term.broader) if term.broader else "",
            "; ".join(f"{source}, {locator}" for source, locator in term.citations),
        )
        for term in vocabulary.terms
    )
    head = ("value", "definition", "rank", "broader", "source")
    ids = _code(f"{vocabulary.terms[0].id.partition('/')[0]}/…")
    return _paragraphs(
        (f"### {vocabulary.name}", f"{vocabulary.doc} Its terms are the entities {ids}.", _table(head, rows))
    )


# Errors


def errors() -> str:
    """Every code with its HTTP status, what it means and what would pass. Raises LookupError where that is not
    said."""
    rows = ((_code(code), _status(code), meaning, remedy(code)) for code, meaning in codes().items())
    return _table(("code", "status", "what it means", "what would pass"), rows)


def _status(code: str) -> str:
    strict, plain = status_of(code, strict=True), status_of(code, strict=False)
    return str(strict) if strict == plain else f"{strict} or {plain}"


# Settings and limits


def settings() -> str:
    """Every setting with its variable, type, bounds, default and reason."""
    prefix = Settings.model_config["env_prefix"]
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        shown = "" if default is None else _code(str(default))
        rows.append(
            (_code(f"{prefix}{name.upper()}"), _passes(field.annotation, field.metadata), shown, field.description)
        )
    return _table(("variable", "takes", "default", "what it sets"), [tuple(map(str, row)) for row in rows])


_SIGNS: Final = (("ge", "from "), ("gt", "above "), ("le", "to "), ("lt", "below "))


def _passes(annotation: object, metadata: Iterable[object]) -> str:
    choices = [each for each in get_args(annotation) if isinstance(each, str)]
    if choices:
        return " or ".join(map(_code, choices))
    names = {int: "whole number", float: "number"}
    bounds = (f"{said}{getattr(m, sign):,}" for m in metadata for sign, said in _SIGNS if hasattr(m, sign))
    kind = names.get(annotation) if isinstance(annotation, type) else None
    return " ".join((kind or "text", *bounds))


def limits() -> str:
    """Every limit that stands in the code with its reason: whole numbers declared `Final` and documented below."""
    rows = [row for path in modules() for row in _limits(path)]
    return _table(("limit", "is", "of what, and why"), rows)


def _limits(path: Path) -> Iterator[tuple[str, str, str]]:
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    body = ast.parse(path.read_text(encoding="utf-8")).body
    waiting: list[tuple[str, int]] = []
    for node in body:
        match node:
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=int() as value)) if name[0] != "_":
                waiting.append((name, value))
            case ast.Expr(value=ast.Constant(value=str() as doc)):
                text = " ".join(doc.split())
                yield from ((_code(f"{module}.{name}"), f"{value:,}", text) for name, value in waiting)
                waiting = []
            case _:
                waiting = []


# Filters


def operators() -> str:
    """Every operator by the filter that has it; filters that differ in the type of their values alone stand
    together."""
    groups: dict[tuple[tuple[str, str], ...], list[Input]] = {}
    for each in PUBLISHED.values():
        if not _is_where(each):
            groups.setdefault(tuple((field.name, field.doc) for field in each.fields.values()), []).append(each)
    return _paragraphs(_operators(members) for members in groups.values())


def _is_where(each: Input) -> bool:
    return any(field.read is not None for field in each.fields.values())


def _operators(members: Sequence[Input]) -> str:
    doc = members[0].doc if len(members) == 1 else ""
    rows = [
        (_code(field.name), _operand([member.fields[field.name] for member in members]), field.doc)
        for field in members[0].fields.values()
    ]
    return _paragraphs(
        (f"{_codes(sorted(m.name for m in members))}. {doc}".strip(), _table(("operator", "takes", "holds when"), rows))
    )


def _operand(fields: Sequence[Field]) -> str:
    types = {field.type for field in fields}
    endings = {re.sub(r"^.*(?=[A-Z])", "…", each) for each in types}
    name = _code((types if len(types) == 1 else endings).pop()) if len(endings) == 1 else "its value"
    default = fields[0].default
    shown = f", else {_codes(default) if isinstance(default, list) else _code(str(default))}" if default else ""
    return f"{'list of ' if fields[0].many else ''}{name}{shown}"


def conditions() -> str:
    """The fields that the filters of all relations have, and those that the filters of all kinds have."""
    return _paragraphs(
        (
            "On claims of every kind:",
            _shared([f"{relation.name}Where" for relation in ONTOLOGY.relations]),
            "On entities of every kind:",
            _shared([f"{kind.name}Where" for kind in ONTOLOGY.kinds]),
        )
    )


def _shared(names: Sequence[str]) -> str:
    first, *rest = (INPUTS[name].fields for name in names)
    common = [name for name in first if all(name in other for other in rest)]
    rows = [
        (_code(name), _operand([INPUTS[where].fields[name] for where in names]), first[name].doc) for name in common
    ]
    return _table(("field", "takes", "what it is about"), rows)


BLOCKS: Final[Mapping[str, Callable[[], str]]] = {
    "kinds": kinds,
    "relations": relations,
    "every-claim": every_claim,
    "vocabularies": vocabularies,
    "errors": errors,
    "settings": settings,
    "limits": limits,
    "operators": operators,
    "conditions": conditions,
}
"""The blocks by the name under which a page asks for them."""
