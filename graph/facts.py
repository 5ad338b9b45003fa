"""What is told of a fact: the claims of it that take part, the time that they leave it, and where they differ."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from graph.faults import known_fields
from graph.ontology import ONTOLOGY

Document = Mapping[str, Any]

_TELLING: Final = ("attributedTo", "attribution")
"""Fields that belong to the telling: that they differ says nothing of the fact."""
_FIELDS: Final = {relation.constant: known_fields(relation) for relation in ONTOLOGY.relations}
_ROLES: Final = {role.field: role.name for role in ONTOLOGY.roles}


def described(id: str, claims: Sequence[Document]) -> dict[str, Any]:
    """The fact as the API answers it, from its claims that take part, in their order. `during`: of each end the days
    that all of them leave; where a curator joined claims that leave none, those that any of them allows; nothing if
    none takes part. `differ`: the fields of which two of them say different things; silence differs from nothing."""
    return {
        "id": id,
        "claims": [claim["id"] for claim in claims],
        "during": _during([claim.get("during", {}) for claim in claims]),
        "differ": list(_differ(claims)),
    }


def _during(times: Sequence[Document]) -> dict[str, Any]:
    start, end = (_bounds([time[end] for time in times if time.get(end)]) for end in ("start", "end"))
    lasting = {time["duration"] for time in times if time.get("duration")}
    anchors = {(a["how"], a["node"]): a for time in times for a in time.get("anchors", ())}
    found = {
        "start": start,
        "end": end,
        "duration": next(iter(lasting)) if len(lasting) == 1 else None,
        "anchors": list(anchors.values()),
    }
    return {name: value for name, value in found.items() if value is not None}


def _bounds(dates: Sequence[Document]) -> dict[str, Any] | None:
    """Days are ISO texts, which sort as days do; None where there is no bound."""
    if not dates:
        return None
    earliest = max((day for date in dates if (day := date.get("earliest"))), default=None)
    latest = min((day for date in dates if (day := date.get("latest"))), default=None)
    if earliest and latest and earliest > latest:
        earliest = min(date.get("earliest") or "" for date in dates) or None
        latest = None if any(date.get("latest") is None for date in dates) else max(date["latest"] for date in dates)
    same = [date for date in dates if (date.get("earliest"), date.get("latest")) == (earliest, latest)]
    told = {date["edtf"] for date in same if date.get("edtf")}
    bases = [basis for basis in _BASES if any(date.get("basis") == basis for date in same)]
    return {
        "edtf": next(iter(told)) if len(told) == 1 else None,
        "earliest": earliest,
        "latest": latest,
        "basis": bases[0] if bases else "NARROWED",
    }


_BASES: Final = ("STATED", "OPEN", "NARROWED", "UNKNOWN")
"""Where bounds come from, the plainest first: it is told of those claims that leave just these days."""


def _differ(claims: Sequence[Document]) -> Iterable[str]:
    if len(claims) < 2:
        return
    for field in _FIELDS[claims[0]["kind"]]:
        said = {value for claim in claims if (value := _said(claim, field)) is not None}
        if len(said) > 1 and field not in _TELLING:
            yield field
    for end in ("start", "end"):
        if len({days for claim in claims if (days := _days(claim, end)) is not None}) > 1:
            yield f"during.{end}"


def _days(claim: Document, end: str) -> tuple[str | None, str | None] | None:
    """Between which days a claim puts its start or end; None where its source gives no date."""
    date = claim.get("during", {}).get(end)
    return (date.get("earliest"), date.get("latest")) if date and date.get("basis") != "UNKNOWN" else None


def _said(claim: Document, field: str) -> object:
    """What a claim says in a field, for comparing; None where it says nothing. Lists have no order. Times are compared
    by their ends."""
    if field == "during":
        return None
    value = claim.get(field)
    if value is None and field in _ROLES:
        value = [each["node"] for each in claim.get("involves", ()) if each["role"] == _ROLES[field]]
    if isinstance(value, Mapping):
        return tuple(value.items())
    return (tuple(sorted(value)) or None) if isinstance(value, list) else value
