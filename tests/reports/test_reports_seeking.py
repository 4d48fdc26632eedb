"""Many words sought in a long text: nothing is missed that a search for each would find, and time grows with the text."""

from __future__ import annotations

import time

from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_app.records.removal import places
from desktop_app.reports import readback, seeking

LETTERS = st.text(alphabet="abé AB-\n.ß_\u00ad1", max_size=60)


def each_by_itself(words: list[str], text: str) -> list[str]:
    import unicodedata

    return [word for word in words if places(unicodedata.normalize("NFKC", word), unicodedata.normalize("NFKC", text))]


@settings(max_examples=400, deadline=None)
@given(st.lists(st.text(alphabet="abéABß-.1 ", min_size=1, max_size=14).filter(str.strip), unique=True), LETTERS)
@example(["Ab", "b.a", "abab ab"], "x a-\nb, B.A.; abab\nab")
def test_every_word_is_found_that_a_search_for_each_finds(words: list[str], text: str) -> None:
    assert readback.Check((), words).of([text])[1] == each_by_itself(words, text)


@settings(max_examples=200, deadline=None)
@given(st.sets(st.text(alphabet="abc", min_size=1, max_size=20)), st.text(alphabet="abc", max_size=400))
def test_one_walk_finds_what_a_search_for_each_finds(sought: set[str], text: str) -> None:
    many = sought | {f"{number:030d}" for number in range(seeking.FEW)}
    assert seeking.standing(many, text) == {one for one in sought if one in text}


def test_a_word_across_the_border_of_two_stretches_is_found_and_none_is_made_there() -> None:
    for shift in range(40):
        long = "x" * shift + " Alice went." * 9000 + " Jaxon Miller rang."
        before = "y " * ((seeking.STRETCH - shift) // 2)
        split = f"{before}Kayden Smith went. Alice stayed. {long}"
        assert readback.Check((), ["Ali", "ice", "Kayden Smith", "Jaxon Miller"]).of([split])[:2] == (
            [],
            ["Kayden Smith", "Jaxon Miller"],
        )
    parts = ["of thirty requests sent in the spring", "twenty came back refused", "z " * seeking.STRETCH]
    assert readback.Check(["spring twenty came back"]).of(parts)[0] == ["spring twenty came back"]


def test_what_is_agreed_elsewhere_proves_nothing() -> None:
    check = readback.Check(["words that nobody agreed to"], ["Kayden"])
    said = ["Words that nobody agreed to, of Kayden"]
    assert check.of(said)[:2] == (["words that nobody agreed to"], ["Kayden"])
    assert check.of(said, ["he said: words that nobody agreed to", "Kayden himself"])[:2] == ([], [])


def test_four_times_the_records_take_little_more_than_four_times_as_long() -> None:
    def took(count: int) -> float:
        names = [f"Jaxon Mi{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}ler" for n in range(count)]
        secrets = [f"The mother of child {n} rang about the taxi that came late." for n in range(count)]
        said = [f"Request {n} came back refused, and was sent again after {n % 40} weeks. " * 12 for n in range(count)]
        begun = time.process_time()
        assert readback.Check(secrets, names).of(said)[:2] == ([], [])
        return time.process_time() - begun

    took(100)
    assert min(took(2000) for _ in range(2)) < 8 * max(took(500) for _ in range(2)), "a search for each takes 16 times"
