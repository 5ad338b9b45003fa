"""A name as asked is taken apart only where something of it stays, and titles are titles only in front of a person."""

import pytest

from graph.asked import TITLES, Asked


def forms(name: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(each.text, each.aside) for each in Asked(name).variants]


def test_a_plain_name_has_one_variant() -> None:
    assert forms("Élan  Vital") == [("elan vital", ())]


@pytest.mark.parametrize(
    "name",
    [
        "General Prakash",
        "Gen. Prakash",
        "Lt.-Gen. Prakash",
        "Lt Gen Prakash",
        "H.E. Prakash",
        "Major-General Prakash",
        "Under-Secretary-General Prakash",
        "the late Colonel Prakash",
        "Ambassador Dr. Prakash",
        "Prakash (retd.)",
        "Brigadier Prakash, ret.",
    ],
)
def test_ranks_and_titles_are_left_aside(name: str) -> None:
    assert [each.text for each in Asked(name).variants][-1] == "prakash"
    assert Asked(name).variants[-1].titled
    assert Asked(name).core == ("prakash",)


@pytest.mark.parametrize("name", ["General", "Dr.", "Ambassador", "Drake", "Generali", "Majorca", "He Ping", "O'Brien"])
def test_nothing_is_left_aside_where_nothing_would_stay_or_the_word_is_another(name: str) -> None:
    assert len(Asked(name).variants) == 1
    assert not Asked(name).variants[0].titled


@pytest.mark.parametrize(
    "name", ["OAU in 2010", "OAU 2010", "OAU (2010)", "OAU, 2010", "OAU [2010]", "OAU as of 2010", "OAU since 2010"]
)
def test_a_year_behind_a_name_is_a_hint(name: str) -> None:
    assert Asked(name).year == 2010
    assert forms(name)[-1] == ("oau", ("2010",))


@pytest.mark.parametrize("name", ["2010", "Resolution 1325", "OAU 2010 review", "A1999", "OAU 3010"])
def test_another_number_is_no_year(name: str) -> None:
    assert Asked(name).year is None
    assert len(Asked(name).variants) == 1


def test_a_title_and_a_year_are_left_aside_apart_and_together() -> None:
    assert forms("Gen. Prakash in 2011") == [
        ("gen. prakash in 2011", ()),
        ("gen. prakash", ("2011",)),
        ("prakash in 2011", ("gen.",)),
        ("prakash", ("gen.", "2011")),
    ]


@pytest.mark.parametrize("name", ["", " ", "– …", "''"])
def test_what_has_no_word_has_no_variant(name: str) -> None:
    assert Asked(name).variants == ()
    assert Asked(name).core == ()


def test_every_title_is_left_aside() -> None:
    for title in TITLES:
        assert Asked(f"{title.title()} Prakash").variants[-1].text == "prakash", title


def test_a_name_of_many_titles_is_taken_apart_at_once() -> None:
    assert Asked("general " * 24 + "x").variants[-1].text == "x"
