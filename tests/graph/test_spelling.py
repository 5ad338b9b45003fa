"""Words that are one slip apart meet in a stored word; those that are not are told apart."""

import string

from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from graph.names import tokens
from graph.spelling import (
    LONGEST,
    NAME,
    SHORTEST,
    TEXT,
    WHOLE,
    anywhere,
    asked_spellings,
    in_names,
    initials,
    likeness,
    readings,
    run_together,
    spellings,
    telling,
    words_of_names,
    words_of_text,
)

LETTERS = st.sampled_from("abcde")
WORDS = st.text(LETTERS, min_size=SHORTEST, max_size=9)


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    word = draw(WORDS)
    place, letter = draw(st.integers(0, len(word) - 2)), draw(LETTERS)
    return word, draw(
        st.sampled_from(
            (
                word[:place] + letter + word[place:],
                word + letter,
                word[:place] + word[place + 1 :],
                word[:-1],
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            )
        )
    )


@given(slipped())
def test_a_word_with_one_slip_meets_the_word(pair: tuple[str, str]) -> None:
    word, asked = pair
    assert {*spellings(word)} & {*asked_spellings(asked)}
    assert likeness(asked, word) == likeness(word, asked) > 0
    assert {*words_of_names([word])} & {*in_names((asked,))[0]}
    stored = {*tokens(word), *words_of_text(word)}
    assert stored & {*anywhere((asked,))[0]}


@given(st.text(LETTERS, min_size=1, max_size=8), st.text(LETTERS, min_size=1, max_size=8))
def test_words_are_alike_up_to_one_slip_and_no_further(one: str, other: str) -> None:
    forgiven = max(len(one), len(other)) >= SHORTEST and min(len(one), len(other)) >= SHORTEST - 1
    assert (likeness(one, other) > 0) == (one == other or (forgiven and OSA.distance(one, other) == 1))


def test_short_words_long_ones_numbers_and_other_scripts_are_themselves_alone() -> None:
    for word in ("mali", "a" * (LONGEST + 1), "12345", "f16ab", *tokens("北京市长安街"), *tokens("Москва")):
        assert spellings(word) == (word,)
    assert likeness("mali", "bali") == 0
    assert likeness("12345", "12346") == 0


def test_what_is_stored_of_a_long_text_grows_with_its_length() -> None:
    assert len([*words_of_text("a" * 5_000)]) == 0
    words = ["".join(string.ascii_lowercase[(i + j * j) % 26] for j in range(8)) for i in range(26)]
    assert len([*words_of_text(" ".join(words * 10))]) <= 26 * 8


def test_a_name_is_read_with_hyphens_and_dotted_letters_run_together_too() -> None:
    assert readings("Ban Ki-moon") == (("ban", "ki", "moon"), ("ban", "kimoon"))
    assert readings("O.A.U.") == (("o", "a", "u"), ("oau",))
    assert readings("H. E. Mission") == (("h", "e", "mission"), ("he", "mission"))
    assert readings("United Nations Mission") == (("un", "mission"),)
    assert readings("The United States") == (("the", "united", "states"),)


def test_particles_and_little_words_tell_nothing_unless_they_are_all_there_is() -> None:
    assert telling(("carlos", "dos", "santos", "cruz")) == ("carlos", "santos", "cruz")
    assert telling(("de", "la")) == ("de", "la")
    assert run_together(("the", "congo")) == "congo"
    assert run_together(("of", "the")) == "ofthe"


def test_initials_are_those_of_three_words_at_least_and_keep_abbreviations_whole() -> None:
    assert initials(("office", "for", "the", "coordination", "of", "humanitarian", "affairs")) == "ocha"
    assert initials(("un", "security", "council")) == "unsc"
    assert initials(("boutros", "ghali")) is None


def test_what_is_stored_for_a_name_keeps_its_purposes_apart() -> None:
    stored = {*words_of_names(["The Big House"])}
    assert {f"{WHOLE}bighouse", f"{NAME}big", f"{NAME}house", f"{NAME}hous"} <= stored
    assert not any(word.isascii() for word in stored)
    assert {*words_of_text("The house")} == {TEXT + each for each in ("ouse", "huse", "hose", "houe", "hous")}
