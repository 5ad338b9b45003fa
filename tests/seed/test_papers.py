"""What is coded from the papers: in our own words, and with every sort of claim that the model knows."""

import os
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.claim import Claim, Entity, Timed
from graph.names import tokens
from seed.files import read
from seed.load import inputs, prepared
from seed.texts import faults, of_text, runs

ROOT = Path(__file__).parents[2]
PAPERS = Path(os.environ.get("PEACEGRAPH_PAPERS") or ROOT.parent / "shared" / "papers")


# ---- our own words ----


@pytest.mark.parametrize("path", inputs(), ids=lambda path: path.stem)
def test_no_text_of_ours_shares_eight_words_in_a_row_with_its_paper_and_no_date_is_finer_than_it_prints(
    path: Path,
) -> None:
    paper = PAPERS / f"{path.stem}.txt"
    if not paper.is_file():
        pytest.skip(f"NOT CHECKED: no copy of the paper at {paper}; set PEACEGRAPH_PAPERS to a folder of such texts")
    text = paper.read_text(encoding="utf-8")
    assert len(of_text(text)) > 5_000
    assert list(faults(read([path]), path.stem, text)) == []


def test_a_copied_sentence_would_be_found_across_lines_divided_words_and_notes() -> None:
    paper = "The mission was sent to keep the peace-\nkeepers apart from\nthe parties12 for ever."
    copied = "The mission was sent to keep the peacekeepers apart from the parties for ever."
    assert of_text(copied) & of_text(paper) == runs(list(tokens(copied)))
    assert not of_text("It was sent so that the peacekeepers stood between the parties.") & of_text(paper)


# ---- every sort of claim ----


@pytest.fixture(scope="module")
def coded() -> tuple[list[Entity], list[tuple[Claim, Timed]]]:
    return prepared(inputs())


def test_the_papers_hold_every_sort_of_claim_that_they_tell(
    coded: tuple[list[Entity], list[tuple[Claim, Timed]]],
) -> None:
    entities, claims = coded
    unnamed = {entity.id for entity in entities if not entity.named}
    sorts: dict[str, Callable[[Claim, Timed], object]] = {
        "an appointment": lambda c, t: c.relation == "Appointment",
        "a partnership": lambda c, t: c.relation == "Partnership",
        "a line of coverage": lambda c, t: c.relation == "Coverage",
        "a denied one": lambda c, t: c.standing.polarity == "DENIED",
        "a planned one": lambda c, t: c.standing.modality == "PLANNED",
        "one that is called for": lambda c, t: c.standing.modality == "CALLED_FOR",
        "a report": lambda c, t: c.standing.certainty == "REPORTED",
        "a hedged one": lambda c, t: c.standing.certainty == "HEDGED",
        "an undated one": lambda c, t: t.undated,
        "one dated only by an anchor": lambda c, t: (
            c.during.anchors and not (c.during.on or c.during.start or c.during.end) and not t.undated
        ),
        "an open end": lambda c, t: t.end_basis == "OPEN",
        "a post of which a field is unstated": lambda c, t: c.relation == "Appointment" and c.unstated,
        "an unnamed office-holder": lambda c, t: c.relation == "Appointment" and unnamed.intersection(c.slots["FROM"]),
        "a pair out of a many-sided arrangement": lambda c, t: c.slots.get("ARRANGEMENT"),
        "a vague date": lambda c, t: any(
            re.search("[~?%X]|-(2[1-4]|3[3-9]|4[01])$", date) for date in (c.during.start, c.during.end) if date
        ),
        "a duration": lambda c, t: c.during.duration,
        "an ordinal": lambda c, t: c.ordinal,
    }
    lacking = [sort for sort, holds in sorts.items() if not any(holds(claim, timed) for claim, timed in claims)]
    assert lacking == []


def test_some_alias_is_printed_by_one_source_alone(coded: tuple[list[Entity], list[tuple[Claim, Timed]]]) -> None:
    papers = {f"Source:{path.stem}" for path in inputs()}
    printed = Counter(alias.name for entity in coded[0] for alias in entity.aliases if alias.source in papers)
    assert 1 in printed.values()


def test_every_paper_says_what_of_it_is_coded(coded: tuple[list[Entity], list[tuple[Claim, Timed]]]) -> None:
    covered = {c.source for claim, _ in coded[1] if claim.relation == "Coverage" for c in claim.citations}
    assert covered >= {f"Source:{path.stem}" for path in inputs()}


def test_notes_and_unassigned_values_stay_rare(coded: tuple[list[Entity], list[tuple[Claim, Timed]]]) -> None:
    """Above a tenth of the claims, the form of a claim does not fit what papers say."""
    claims = [claim for claim, _ in coded[1]]
    noted = [claim for claim in claims if claim.note]
    unassigned = [claim for claim in claims if "UNASSIGNED" in str(claim.props)]
    assert len(noted) < len(claims) / 10
    assert len(unassigned) < len(claims) / 10
