"""The shelf of papers: put there by the office, there at the branch after its reply, and by nobody else's file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from exchange_world import change, introduce, ready

from desktop_app.errors import NotFound, PackError, RecordError
from desktop_app.exchange.bag import BagWriter
from desktop_app.exchange.container import open_pack, write_pack
from desktop_app.exchange.payload import PackContents, members
from desktop_app.services import copies, erasing, keeping, papers, receiving, recording, reporting, sending
from desktop_app.services.contacts import registration
from desktop_app.services.profile import Profile
from desktop_app.storage import blobs

Make = Callable[..., Profile]
PAPER = b"%PDF-1.7\nA briefing made up for this test.\n" + bytes(range(256)) * 1200 + b"\n%%EOF\n"


@pytest.fixture
def office(make_profile: Make) -> Profile:
    return make_profile("National office", role="office")


@pytest.fixture
def linked(branch: Profile, office: Profile, tmp_path: Path) -> Profile:
    introduce(branch, office, tmp_path / "post")
    return branch


@pytest.fixture
def briefing(tmp_path: Path) -> Path:
    path = tmp_path / "safety valve briefing.pdf"
    path.write_bytes(PAPER)
    return path


def reply(office: Profile, folder: Path) -> Path:
    (made,) = receiving.reply_to_all(office, folder)
    return made


def came(profile: Profile, path: Path) -> set[str]:
    """The papers whose bytes are in a file."""
    with open_pack(path, profile.reading_identities) as opened:
        return set(opened.payload.blobs())


def by_hand(
    maker: Profile, reader: Profile, out: Path, library: dict[str, object], parts: dict[str, bytes], kind: str
) -> Path:
    """A file signed by its maker with any list of papers and any bytes under any name."""
    contents = PackContents(registration(maker), library=library)
    header = {
        "pack": hashlib.sha256(out.name.encode()).hexdigest()[:8] + "-2222-4333-8444-555555555555", "kind": kind,
        "branch": maker.me.branch, "number": 99, "previous_sha256": "", "created_utc": maker.utc_now(), "offset_min": 0,
        "app": "test", "counts": {},
    }  # fmt: skip
    from desktop_app.exchange.zipping import Member

    def all_members():  # type: ignore[no-untyped-def]
        yield from members(contents)
        for name, data in parts.items():
            yield Member(f"data/blobs/{name}", lambda data=data: iter([data]), deflate=False)

    write_pack(out, BagWriter(all_members(), []), header, keys=maker.keys, recipients=[reader.keys.age_recipient])
    return out


def test_the_office_puts_a_paper_there_and_the_branch_has_it_opens_and_saves_it(
    linked: Profile, office: Profile, briefing: Path, tmp_path: Path
) -> None:
    assert papers.shelf(office) == []
    put = papers.put(office, briefing, "Guidance on Safety Valve")
    assert papers.put(office, briefing) == put  # the same file again is one
    assert papers.shelf(office) == [put]
    post = reply(office, tmp_path)
    assert [each.outcome for each in receiving.receive(linked, [post, post]).files] == ["reply", "reply"]
    (paper,) = papers.shelf(linked)
    assert paper == put
    opened = papers.open_copy(linked, paper)
    assert opened.read_bytes() == PAPER
    assert opened.suffix == ".pdf"
    assert opened.parent == linked.paths.opened  # wiped when the records close
    out = tmp_path / "kept" / "paper.pdf"
    papers.save_copy(linked, paper, out)
    assert out.read_bytes() == PAPER
    assert [(each.file, each.title) for each in copies.outside(linked)] == [(out, "Guidance on Safety Valve")]


def test_a_paper_taken_off_goes_from_the_branch_and_a_late_reply_does_not_bring_it_back(
    linked: Profile, office: Profile, briefing: Path, tmp_path: Path
) -> None:
    put = papers.put(office, briefing)
    first = reply(office, tmp_path)
    receiving.receive(linked, [first])
    papers.take_off(office, put.sha256)
    assert papers.shelf(office) == []
    assert not blobs.has(office.store, put.sha256)
    receiving.receive(linked, [reply(office, tmp_path)])
    assert papers.shelf(linked) == []
    assert not blobs.has(linked.store, put.sha256)
    receiving.receive(linked, [first])
    assert papers.shelf(linked) == []
    with pytest.raises(NotFound):
        papers.find(linked, put.sha256)


def test_a_branch_can_neither_put_nor_send_a_paper(
    linked: Profile, office: Profile, briefing: Path, tmp_path: Path
) -> None:
    with pytest.raises(RecordError, match="Only the national office"):
        papers.put(linked, briefing)
    mine = hashlib.sha256(PAPER).hexdigest()
    told = {"title": "Ours", "name": "ours.pdf", "sha256": mine, "len": len(PAPER), "put_utc": "2030-01-01T00:00:00Z"}
    library: dict[str, object] = {"papers": {"as_at": "2030-01-01T00:00:00Z", "list": [told]}}
    assert papers.for_reply(office, linked.me.device) == (None, {})
    library["papers_here"] = [mine, 5, {}]
    for kind, reader in (("branch", office), ("office", linked)):
        pack = by_hand(linked, reader, tmp_path / f"{kind}.branchpack", library, {mine: PAPER}, kind)
        receiving.receive(reader, [pack])
        assert papers.shelf(reader) == []
        assert not blobs.has(reader.store, mine)


def test_the_office_s_own_list_with_other_bytes_is_refused_whole(
    linked: Profile, office: Profile, briefing: Path, tmp_path: Path
) -> None:
    put = papers.put(office, briefing)
    told, _ = papers.for_reply(office, linked.me.device)
    assert told is not None
    with pytest.raises(PackError):  # a part under another content's name is no file at all
        by_hand(office, linked, tmp_path / "0.officepack", {"papers": told}, {put.sha256: PAPER[:-1] + b"!"}, "office")
    shorter = {**told, "list": [{**told["list"][0], "len": len(PAPER) - 1}]}
    pack = by_hand(office, linked, tmp_path / "1.officepack", {"papers": shorter}, {put.sha256: PAPER}, "office")
    assert [each.outcome for each in receiving.receive(linked, [pack]).files] == ["refused"]
    assert papers.shelf(linked) == []
    assert not blobs.has(linked.store, put.sha256)
    whole = reply(office, tmp_path)
    data = bytearray(whole.read_bytes())
    data[-2000] ^= 1
    whole.write_bytes(data)
    assert [each.outcome for each in receiving.receive(linked, [whole]).files] == ["refused"]
    assert papers.shelf(linked) == []


@pytest.mark.parametrize(
    "papers_told",
    [
        [],
        {"as_at": "2030", "list": [{}]},
        {"as_at": "2030", "list": [{"title": "", "name": "", "sha256": "../x", "put_utc": "", "len": 1}]},
        {"as_at": "2030", "list": [{"title": "", "name": "", "sha256": "a" * 64, "put_utc": "", "len": -1}]},
    ],
)
def test_a_list_that_cannot_be_read_is_refused(
    linked: Profile, office: Profile, tmp_path: Path, papers_told: object
) -> None:
    pack = by_hand(office, linked, tmp_path / "a.officepack", {"papers": papers_told}, {}, "office")
    assert [each.outcome for each in receiving.receive(linked, [pack]).files] == ["refused"]


def test_bytes_go_until_the_branch_says_that_it_has_them(
    linked: Profile, office: Profile, briefing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = papers.put(office, briefing)
    lost = reply(office, tmp_path)
    assert came(linked, lost) == {put.sha256}
    again = reply(office, tmp_path)
    assert came(linked, again) == {put.sha256}
    receiving.receive(linked, [again])
    record = ready(linked, "Another story.")
    (pack,) = sending.send(linked, tmp_path / "out").packs
    receiving.receive(office, [pack.path])
    third = reply(office, tmp_path)
    assert came(linked, third) == set()
    receiving.receive(linked, [third])
    assert [each.here for each in papers.shelf(linked)] == [True]
    # What was lost here comes again: the branch no longer says that it has it.
    blobs.delete(linked.store, put.sha256)
    (paper,) = papers.shelf(linked)
    with pytest.raises(NotFound, match="not yet on this computer"):
        papers.open_copy(linked, paper)
    change(linked, record, "Another story, with more in it.")
    (pack,) = sending.send(linked, tmp_path / "out").packs
    receiving.receive(office, [pack.path])
    assert came(linked, reply(office, tmp_path)) == {put.sha256}
    # More than one reply holds: each brings one, in turn.
    monkeypatch.setattr(papers, "IN_A_REPLY", 1000)
    briefing.write_bytes(PAPER + b"2")
    second = papers.put(office, briefing, "Second")
    assert came(linked, reply(office, tmp_path)) == {second.sha256}
    assert came(linked, reply(office, tmp_path)) != set()


def test_a_paper_stays_when_a_record_with_the_same_file_is_deleted_and_the_records_stay_sound(
    linked: Profile, office: Profile, briefing: Path, tmp_path: Path
) -> None:
    put = papers.put(office, briefing)
    record = recording.add_record(office, "evidence", {"about": {"summary": "With the paper."}}, state="draft").id
    recording.attach(office, record, briefing, shows_person="no", question="")
    erasing.erase(office, record, "asked")
    assert papers.shelf(office) == [put]
    assert keeping.check(office, full=True) == []
    again = recording.add_record(office, "evidence", {"about": {"summary": "With the paper."}}, state="ready").id
    recording.attach(office, again, briefing, shows_person="no", question="")
    papers.take_off(office, put.sha256)
    assert blobs.has(office.store, put.sha256)  # the record still holds it
    backup = tmp_path / "all.backup"
    papers.put(office, briefing, "Kept")
    keeping.backup(office, backup)
    keeping.restore(backup, tmp_path / "restored")
    from desktop_app.paths import ProfilePaths
    from desktop_app.services.profile import unlock

    restored = unlock(ProfilePaths(tmp_path / "restored"), passphrase="five words make it long")
    try:
        assert [(each.title, each.here) for each in papers.shelf(restored)] == [("Kept", True)]
    finally:
        restored.close()


def test_what_may_be_put_there(office: Profile, tmp_path: Path) -> None:
    for name, data, why in (
        ("setup.exe", b"MZ", "not a kind of file"),
        ("empty.pdf", b"", "is empty"),
        ("large.pdf", bytes(papers.LARGEST + 1), "larger than 20 MB"),
    ):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(RecordError, match=why):
            papers.put(office, tmp_path / name)
    with pytest.raises(NotFound):
        papers.put(office, tmp_path / "nothing.pdf")
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(RecordError, match="longer than"):
        papers.put(office, tmp_path / "a.pdf", "x" * 201)
    assert papers.shelf(office) == []


def test_the_agenda_item_lists_the_papers_to_hand_out(
    linked: Profile, office: Profile, briefing: Path, tmp_path: Path
) -> None:
    from desktop_app.reports.readback import text_of

    papers.put(office, briefing, "Guidance on Safety Valve")
    receiving.receive(linked, [reply(office, tmp_path)])
    reporting.make(linked, "branch_agenda_item", out=tmp_path / "item.pdf")
    assert "Guidance on Safety Valve" in text_of((tmp_path / "item.pdf").read_bytes())
    given = reporting.prepare(linked, "branch_agenda_item", options={"papers": ["My own choice"]})
    assert given.options["papers"] == ["My own choice"]
