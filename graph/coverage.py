"""How completely sources as a whole are coded, for the description of a release."""

from graph.claim import Claim
from graph.reading import COVERAGE


def covering(claim: Claim) -> list[dict[str, str | None]]:
    """What a claim says of the coding of the sources that it cites: source, relation (None: all), state. Nothing where
    it is about single entities or fields, or about no coding."""
    about = any(claim.slots.get(slot.name) for slot in COVERAGE.ends)
    if claim.relation != COVERAGE.name or about or claim.props.get("field"):
        return []
    told = {name: str(claim.props[name]) if name in claim.props else None for name in ("relation", "state")}
    return [{"source": source, **told} for source in dict.fromkeys(cited.source for cited in claim.citations)]
