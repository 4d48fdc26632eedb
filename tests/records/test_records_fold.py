"""The fold: any order, duplicates and gaps give the same state, and no value goes without being seen."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.errors import RecordError
from desktop_app.records.fold import _Fold, fold
from desktop_app.records.revision import BlobRef, FormRef, Link, Revision, Signed, Stamp, canonical, rev_id
from desktop_app.records.state import FilePlace, RecordState, file_place

RECORD = "6f0c2a52-3d55-4a49-9c0e-3c1d0f9c7a11"


def made(
    parents: tuple[Signed, ...] | tuple[str, ...] = (),
    answers: Mapping[str, Any] | None = None,
    *,
    op: str = "put",
    n: int = 0,
    **more: Any,
) -> Signed:
    """A revision with a made-up signature: the fold does not look at it."""
    members: dict[str, Any] = {
        "record": RECORD,
        "form": FormRef("evidence", "1", "f"),
        "op": op,
        "parents": tuple(p.id if isinstance(p, Signed) else p for p in parents),
        "state": "ready",
        "branch_only": False,
        "answers": dict(answers or {}),
        "typed": {},
        "aside": (),
        "derived": {},
        "blobs": (),
        "links": (),
        "branch": "Leeds",
        "device": "d",
        "role": "",
        "t": Stamp(f"2026-11-22T{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}Z", 0, n),
        "salt": f"{n:032x}",
    } | more
    revision = Revision(**members)
    body = canonical(revision)
    return Signed(rev_id(body), b"x " + body, revision)


def values(state: RecordState, leaf: str) -> set[str | None]:
    for two in state.two_versions:
        if two.leaf == leaf:
            return {candidate.value for candidate in two.candidates}
    return {state.answers.get(leaf)}


def test_different_leaves_changed_apart_are_joined_without_two_versions() -> None:
    base = made(answers={"a": "1", "b": "1"})
    state = fold([base, made((base,), {"a": "2", "b": "1"}, n=1), made((base,), {"a": "1", "b": "3"}, n=2)])
    assert state.answers == {"a": "2", "b": "3"}
    assert state.two_versions == ()
    assert len(state.heads) == 2


def test_the_same_leaf_changed_apart_is_two_versions_with_who_and_when() -> None:
    base = made(answers={"a": "1"})
    here = made((base,), {"a": "2"}, n=1, device="here")
    there = made((base,), {"a": "3"}, n=2, device="there")
    [two] = fold([there, base, here]).two_versions
    assert two.leaf == "a"
    assert [(c.value, c.device, c.t.counter) for c in two.candidates] == [("2", "here", 1), ("3", "there", 2)]


def test_the_same_change_made_twice_is_one_version() -> None:
    base = made(answers={"a": "1"})
    state = fold([base, made((base,), {"a": "2"}, n=1), made((base,), {"a": "2"}, n=2)])
    assert state.answers == {"a": "2"}
    assert not state.two_versions


def test_emptied_beside_changed_is_two_versions() -> None:
    base = made(answers={"a": "1", "b": "1"})
    state = fold([base, made((base,), {"b": "1"}, n=1), made((base,), {"a": "2", "b": "1"}, n=2)])
    assert values(state, "a") == {None, "2"}


def test_a_choice_settles_and_a_later_concurrent_change_does_not_go_under() -> None:
    base = made(answers={"a": "1"})
    left, right = made((base,), {"a": "2"}, n=1), made((base,), {"a": "3"}, n=2)
    choice = made((left, right), {"a": "2"}, op="resolve", n=3)
    assert fold([base, left, right, choice]).two_versions == ()
    late = made((right,), {"a": "4"}, n=4)
    assert values(fold([base, left, right, choice, late]), "a") == {"2", "4"}
    untouched = made((right,), {"a": "3", "b": "x"}, n=5)
    assert values(fold([base, left, right, choice, untouched]), "a") == {"2"}


def test_changing_something_else_does_not_decide_between_two_versions() -> None:
    base = made(answers={"a": "1"})
    left, right = made((base,), {"a": "2"}, n=1), made((base,), {"a": "3"}, n=2)
    other = made((left, right), {"a": "3", "b": "new"}, n=3)
    state = fold([base, left, right, other])
    assert values(state, "a") == {"2", "3"}
    assert state.answers["b"] == "new"
    third = made((left, right), {"a": "5"}, n=3)
    assert values(fold([base, left, right, third]), "a") == {"5"}


def test_rows_are_matched_by_id_and_ordered_by_key() -> None:
    row = {"_id": "x", "_order": "a0", "weeks": "9"}
    base = made(answers={"waits": [row]})
    left = made((base,), {"waits": [row, {"_id": "y", "_order": "a1", "weeks": "1"}]}, n=1)
    right = made((base,), {"waits": [{"_id": "z", "_order": "Zz", "weeks": "2"}, row]}, n=2)
    state = fold([base, left, right])
    assert [r["_id"] for r in state.answers["waits"]] == ["z", "x", "y"]
    assert not state.two_versions


def test_equal_order_keys_are_told_apart_by_id() -> None:
    base = made(answers={})
    left = made((base,), {"w": [{"_id": "b", "_order": "a0"}]}, n=1)
    right = made((base,), {"w": [{"_id": "a", "_order": "a0"}]}, n=2)
    assert [r["_id"] for r in fold([base, left, right]).answers["w"]] == ["a", "b"]


@pytest.mark.parametrize("changed", [{"weeks": "10", "who": "SENCO"}, {"weeks": "9", "who": "SENCO", "new": "x"}])
def test_a_row_removed_beside_a_changed_one_stays_whole(changed: dict[str, str]) -> None:
    base = made(answers={"w": [{"_id": "x", "_order": "a0", "weeks": "9", "who": "SENCO"}]})
    gone = made((base,), {}, n=1)
    kept = made((base,), {"w": [{"_id": "x", "_order": "a0", **changed}]}, n=2)
    state = fold([base, gone, kept])
    assert state.answers["w"] == [{"_id": "x", "_order": "a0", **changed}]
    [two] = state.two_versions
    assert None in {candidate.value for candidate in two.candidates}


def test_a_row_removed_beside_an_untouched_one_is_gone() -> None:
    row = {"_id": "x", "_order": "a0", "weeks": "9"}
    base = made(answers={"a": "1", "w": [row]})
    state = fold([base, made((base,), {"a": "1"}, n=1), made((base,), {"a": "2", "w": [row]}, n=2)])
    assert state.answers == {"a": "2"}
    assert not state.two_versions


def test_an_inner_row_added_to_a_row_that_was_removed_is_not_lost() -> None:
    base = made(answers={"w": [{"_id": "x", "_order": "a0", "p": "1"}]})
    gone = made((base,), {}, n=1)
    inner = {"_id": "i", "_order": "a0", "q": "said"}
    kept = made((base,), {"w": [{"_id": "x", "_order": "a0", "p": "1", "in": [inner]}]}, n=2)
    state = fold([base, gone, kept])
    assert state.answers["w"][0]["in"][0]["q"] == "said"
    assert state.answers["w"][0]["p"] == "1"
    assert state.two_versions


def test_withdraw_beside_a_change_keeps_the_record_visible_as_two_versions() -> None:
    base = made(answers={"a": "1"})
    back = made((base,), {"a": "1"}, op="withdraw", n=1)
    assert fold([base, back]).withdrawn
    state = fold([base, back, made((base,), {"a": "2"}, n=2)])
    assert not state.withdrawn
    assert state.two_versions[0].leaf == ""
    assert {c.value for c in state.two_versions[0].candidates} == {"withdraw", "put"}
    assert state.answers == {"a": "2"}


def test_a_withdraw_without_answers_takes_back_the_record_as_it_was() -> None:
    base = made(answers={"a": "1"})
    state = fold([base, made((base,), {}, op="withdraw", n=1)])
    assert state.withdrawn
    assert state.answers == {"a": "1"}


def test_a_missing_ancestor_counts_as_concurrent_and_heals_when_it_comes() -> None:
    first = made(answers={"a": "1", "b": "1"})
    second = made((first,), {"a": "2", "b": "1"}, n=1)
    third = made((second,), {"a": "3", "b": "1"}, n=2)
    gap = fold([first, third])
    assert values(gap, "a") == {"1", "3"}
    assert values(gap, "b") == {"1"}
    assert fold([third, second, first]).two_versions == ()


def test_raw_text_beside_a_value_is_two_versions_of_the_leaf() -> None:
    base = made(answers={"a": "1"})
    left = made((base,), {}, typed={"a": "£1.2m"}, n=1)
    right = made((base,), {"a": "5"}, n=2)
    [two] = fold([base, left, right]).two_versions
    assert {(c.value, c.typed) for c in two.candidates} == {(None, "£1.2m"), ("5", None)}


def test_attachments_and_links_of_both_sides_stay_and_the_careful_word_counts() -> None:
    def blob(shows: str) -> BlobRef:
        return BlobRef("a" * 64, 3, "scan.pdf", "application/pdf", shows, "")

    base = made(blobs=(blob("not_sure"),))
    left = made((base,), blobs=(blob("no"),), links=(Link("meeting", RECORD, "1"),), n=1)
    right = made((base,), blobs=(blob("yes"),), links=(Link("meeting", RECORD, "2"),), n=2)
    state = fold([base, left, right])
    assert [b.shows_person for b in state.blobs] == ["yes"]
    assert [link.row for link in state.links] == ["1", "2"]
    assert (
        fold([base, made((base,), blobs=(), n=1), made((base,), {"a": "1"}, blobs=(blob("not_sure"),), n=2)]).blobs
        == ()
    )


def test_put_aside_only_where_every_side_says_so() -> None:
    base = made(answers={"a": "1", "b": "2"})
    hidden = made((base,), {"a": "1", "b": "2"}, aside=("a",), n=1)
    other = made((base,), {"a": "1", "b": "3"}, n=2)
    assert fold([base, hidden, other]).aside == ("a",)
    shown = made((hidden,), {"a": "1", "b": "2"}, aside=(), n=3)
    again = made((hidden,), {"a": "9", "b": "2"}, aside=("a",), n=4)
    assert fold([base, hidden, shown, again]).aside == ()


def test_erased_revisions_and_records_are_not_there() -> None:
    base = made(answers={"a": "1"})
    late = made((base,), {"a": "2"}, n=1)
    assert fold([base, late], erased={late.id}).answers == {"a": "1"}
    with pytest.raises(RecordError):
        fold([base, late], erased={RECORD})


def test_a_leaf_whose_name_became_a_group_is_kept_under_earlier() -> None:
    base = made(answers={"a": "1"})
    state = fold([base, made((base,), {"a": "text"}, n=1), made((base,), {"a": {"b": "2"}}, n=2)])
    assert state.answers["a"] == {"b": "2"}
    assert "text" in str(state)


def test_graphs_that_cannot_exist_still_end() -> None:
    one, two = made(answers={"a": "1"}), made(answers={"a": "2"}, n=1)

    def turned(signed: Signed, parent: Signed) -> Signed:
        from dataclasses import replace

        return Signed(signed.id, signed.line, replace(signed.revision, parents=(parent.id, signed.id)))

    forward = fold([turned(one, two), turned(two, one)])
    assert forward == fold([turned(two, one), turned(one, two)])
    assert forward.heads


def test_a_long_chain_and_many_heads_do_not_exhaust_the_stack() -> None:
    chain = [made(answers={"a": "0"})]
    for n in range(1, 1500):
        chain.append(made((chain[-1],), {"a": str(n)}, n=n))
    heads = [made((chain[-1],), {"a": "end", f"h{n}": "x"}, n=2000 + n) for n in range(30)]
    state = fold([*chain, *heads])
    assert state.answers["a"] == "end"
    assert len(state.answers) == 31


# ---- a model that knows nothing of traces ----------------------------------------------------------------------------

LEAVES = ("a", "b", "w/x/q")


@dataclass
class Model:
    """A multi-value register a leaf: each write with the writes it had seen. Every value ever written is known."""

    writes: dict[str, dict[str, tuple[str | None, frozenset[str]]]] = field(default_factory=dict)

    def current(self, leaf: str, known: frozenset[str]) -> set[str | None]:
        here = {rev: write for rev, write in self.writes.get(leaf, {}).items() if rev in known}
        left = [value for rev, (value, _) in here.items() if not any(rev in seen for _, seen in here.values())]
        return set(left) or {None}


def _answers(content: Mapping[str, str | None]) -> dict[str, Any]:
    plain: dict[str, Any] = {leaf: value for leaf, value in content.items() if value is not None and "/" not in leaf}
    row = {"_id": "x", "_order": "a0"}
    if content.get("w/x/q") is not None:
        row["q"] = str(content["w/x/q"])
    return {**plain, "w": [row]}


def _shown(state: RecordState) -> dict[str, str | None]:
    row = state.answers.get("w", [{}])[0]
    return {"a": state.answers.get("a"), "b": state.answers.get("b"), "w/x/q": row.get("q")}


def history(seed: int, steps: int = 14, replicas: int = 4) -> tuple[list[Signed], Model, list[frozenset[str]]]:
    """Random edits, choices and exchanges of several laptops; the revisions, the model and who knows what."""
    dice = random.Random(seed)
    model = Model()
    revisions: dict[str, Signed] = {}
    first = made(answers=_answers({}), n=0)
    revisions[first.id] = first
    closure: dict[str, frozenset[str]] = {first.id: frozenset({first.id})}
    knows = [frozenset({first.id}) for _ in range(replicas)]
    for step in range(1, steps):
        who = dice.randrange(replicas)
        if dice.random() < 0.4:
            knows[who] |= knows[dice.randrange(replicas)]
            continue
        state = fold(revisions[rev] for rev in knows[who])
        content = _shown(state)
        choose = len(state.heads) > 1 and dice.random() < 0.5
        parents = state.heads if choose or dice.random() < 0.8 else state.heads[:1]
        seen = frozenset().union(*(closure[parent] for parent in parents))
        if parents != state.heads:
            content = _shown(fold(revisions[rev] for rev in seen))
        written: dict[str, str | None] = {}
        for leaf in LEAVES:
            now = model.current(leaf, seen)
            if dice.random() < 0.4:
                content[leaf] = dice.choice([None, "1", "2", f"new {step}"])
            if content[leaf] not in now or (choose and len(now) > 1):
                written[leaf] = content[leaf]
        signed = made(parents, _answers(content), op="resolve" if choose else "put", n=step, device=str(who))
        revisions[signed.id] = signed
        closure[signed.id] = seen | {signed.id}
        for leaf, value in written.items():
            model.writes.setdefault(leaf, {})[signed.id] = (value, seen)
        knows[who] |= seen | {signed.id}
    return list(revisions.values()), model, knows


@pytest.mark.torture
def test_the_fold_says_what_a_model_of_values_says(effort: int) -> None:
    conflicts = 0
    for seed in range(200 * effort):
        revisions, model, _ = history(seed)
        state = fold(revisions)
        everything = frozenset(signed.id for signed in revisions)
        for leaf in LEAVES:
            expected = model.current(leaf, everything)
            two = [v for v in state.two_versions if v.leaf == leaf]
            got = {c.value for c in two[0].candidates} if two else {_shown(state)[leaf]}
            assert got == expected, f"seed {seed}, leaf {leaf}"
            conflicts += len(expected) > 1
    assert conflicts > 20, "the histories must contain two versions to prove anything"


@pytest.mark.torture
def test_any_order_and_any_duplicates_give_the_same_state(effort: int) -> None:
    for seed in range(20 * effort):
        revisions, _, _ = history(seed, steps=25)
        whole = fold(revisions)
        dice = random.Random(seed)
        for _ in range(20):
            shuffled = revisions + dice.choices(revisions, k=5)
            dice.shuffle(shuffled)
            assert fold(shuffled) == whole


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_with_gaps_the_state_is_the_same_in_any_order_and_loses_no_head(seed: int, dice: random.Random) -> None:
    revisions, _, _ = history(seed)
    some = [signed for signed in revisions if dice.random() < 0.6] or revisions[:1]
    state = fold(some)
    dice.shuffle(some)
    assert fold(some) == state
    text = str(state.answers) + str(state.two_versions)
    by_id = {signed.id: signed for signed in some}
    for head in state.heads:
        revision = by_id[head].revision
        new = {
            value
            for value in (revision.answers.get("a"), revision.answers.get("b"))
            if value and value.startswith("new")
        }
        parents = [by_id[parent].revision for parent in revision.parents if parent in by_id]
        for value in new:
            if not any(value in str(parent.answers) for parent in parents):
                assert value in text, "what a head says for the first time is always shown"


def test_the_order_test_would_notice_a_fold_that_lets_the_last_one_win() -> None:
    """Canary: "the newest head wins" converges in any order, and still loses what the model knows."""
    lost = 0
    for seed in range(40):
        revisions, model, _ = history(seed)
        newest = max(revisions, key=lambda signed: signed.revision.t.order)
        shown = {"a": newest.revision.answers.get("a"), "b": newest.revision.answers.get("b")}
        everything = frozenset(signed.id for signed in revisions)
        lost += any(model.current(leaf, everything) != {shown[leaf]} for leaf in ("a", "b"))
    assert lost > 10


def test_one_revision_alone_is_read_as_the_trace_would_read_it() -> None:
    """Most records have one revision, and are not traced at all (`_alone`): it must come to the same."""
    rows = {"_id": "r2", "_order": "b", "n": "", "x": {"_id": "i", "q": "1"}}
    answers = {"z": "1", "a": {"empty": "", "b": {"c": ""}}, "w": [rows, {"_id": "r1", "_order": "a"}], "none": []}
    blob = BlobRef("0" * 64, 1, "plan.pdf", "application/pdf", "no", "a/b")
    links = (Link("meeting", RECORD), Link("action", RECORD, "r1"))
    cases = [
        made(answers=answers, blobs=(blob,), links=links, state="held"),
        made(("r1:gone",), {"a": "1"}, op="withdraw"),
    ]
    cases += [signed for seed in range(20) for signed in history(seed)[0]]
    for signed in cases:
        traced = _Fold({signed.id: signed}).state()
        assert fold([signed]) == traced
        assert json.dumps(fold([signed]).answers) == json.dumps(traced.answers), "the order is the same as well"


def _plan(n: int, shows: str = "no", name: str = "plan.pdf") -> BlobRef:
    return BlobRef(f"{n}" * 64, 1000 * n, name, "application/pdf", shows, "a")


def _apart(*revisions: Signed) -> dict[str, list[str | None]]:
    state = fold(revisions)
    assert fold(list(reversed(revisions))).two_versions == state.two_versions
    return {two.leaf: [candidate.value for candidate in two.candidates] for two in state.two_versions}


def test_another_file_put_in_its_place_on_both_sides_is_two_versions_of_it() -> None:
    base = made(blobs=(_plan(1),))
    left, right = made((base,), blobs=(_plan(2),), n=1), made((base,), blobs=(_plan(3),), n=2)
    assert _apart(base, left, right) == {"file:a:plan.pdf": ["2" * 64, "3" * 64]}
    assert {blob.sha256[0] for blob in fold([base, left, right]).blobs} == {"2", "3"}, "both stay until one is chosen"
    again = made((left, right), {"b": "1"}, blobs=(_plan(2), _plan(3)), n=3)
    assert len(_apart(base, left, right, again)) == 1, "what only repeats both decides nothing"
    settled = made((left, right), blobs=(_plan(3),), op="resolve", n=3)
    state = fold([base, left, right, settled])
    assert state.two_versions == () and [blob.sha256[0] for blob in state.blobs] == ["3"]


def test_a_file_taken_out_here_and_changed_there_is_two_versions() -> None:
    base = made(blobs=(_plan(1),))
    gone, careful = made((base,), blobs=(), n=1), made((base,), blobs=(_plan(1, "yes"),), n=2)
    assert _apart(base, gone, careful) == {"file:a:plan.pdf": [None, "1" * 64]}
    assert fold([base, gone, careful]).blobs


def test_what_only_one_side_did_with_files_is_no_question() -> None:
    base = made(blobs=(_plan(1),))
    words = made((base,), {"a": "1"}, blobs=(_plan(1),), n=1)
    for other in (
        made((base,), blobs=(), n=2),
        made((base,), blobs=(_plan(2),), n=2),
        made((base,), blobs=(_plan(1), _plan(2, name="another.pdf")), n=2),
    ):
        assert "file:a:plan.pdf" not in _apart(base, words, other)
    here = made((base,), blobs=(_plan(1), _plan(2, name="mine.pdf")), n=1)
    there = made((base,), blobs=(_plan(1), _plan(3, name="theirs.pdf")), n=2)
    assert _apart(base, here, there) == {}, "two files added beside each other are two files"
    assert len(fold([base, here, there]).blobs) == 3
    alike = [made((base,), blobs=(_plan(1, shows),), n=n) for n, shows in enumerate(("no", "not_sure"), 1)]
    assert _apart(base, *alike) == {}, "the most careful answer holds"


def test_the_name_of_a_files_place_reads_back() -> None:
    for place in (FilePlace("", "a: b/c.pdf"), FilePlace("about/attachments", "é.png")):
        assert file_place(place.leaf) == place
    assert file_place("about/title") is None and file_place("") is None
