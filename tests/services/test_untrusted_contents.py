"""What stands in files, pictures and documents from elsewhere is taken for what it is: words that may say anything."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from desktop_app.errors import FormError, KeySlotError, PackError, RecordError, StoreError
from desktop_app.exchange.bag import Bag, BagWriter
from desktop_app.exchange.cards import Registration
from desktop_app.exchange.payload import PackContents, Payload, form_package, members
from desktop_app.forms.xform import load_xform
from desktop_app.forms.xmlread import read_xml
from desktop_app.records.erasure import _SIGNATURE_DOMAIN, parse_order
from desktop_app.records.revision import BlobRef
from desktop_app.records.signing import sign_bytes
from desktop_app.records.standing import short_date
from desktop_app.records.strict_json import moment
from desktop_app.services import addresses, attachments, form_workshop, office, recording, restoring
from desktop_app.services.contacts import registration
from desktop_app.services.form_library import lower
from desktop_app.services.inside import words_inside
from desktop_app.services.pictures import without_camera_data
from desktop_app.services.profile import Profile
from desktop_app.storage import backup, blobs, keys, office_slots, slot_file

Make = Callable[..., Profile]


def payload(contents: PackContents) -> Payload:
    data = b"".join(BagWriter(members(contents), []).chunks())
    return Payload(Bag(io.BytesIO(data), len(data)))


def xform(words: str = "") -> bytes:
    return (
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"><h:head><h:title>T</h:title>'
        '<model><instance><data id="t" version="1"><a/></data></instance><bind nodeset="/data/a" type="string"/></model>'
        f'</h:head><h:body><input ref="/data/a"><label>A {words}</label></input></h:body></h:html>'
    ).encode()


# ---- files ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"), [("code", ["mistake"]), ("utc", "\ud800"), ("utc", {}), ("branch", "\0"), ("device", 7), ("v", 2)]
)
def test_an_order_to_delete_that_says_strange_things_is_refused_before_it_is_believed(
    branch: Profile, name: str, said: object
) -> None:
    own = branch.keys
    order = {
        "v": 1, "record": "aaaaaaaa-2222-4333-8444-000000000001", "code": "mistake", "utc": "2026-11-22T14:02:05Z",
        "device": own.device, "branch": "Leeds", "signing_key": base64.b64encode(own.signing_public).decode(),
    }  # fmt: skip

    def line(order: dict[str, object]) -> bytes:
        body = json.dumps(order).encode()
        return sign_bytes(_SIGNATURE_DOMAIN, body, own.signing_seed) + b" " + body

    assert parse_order(line(order)).code == "mistake"
    with pytest.raises(PackError):
        parse_order(line(order | {name: said}))


@pytest.mark.parametrize("said", ["2026-11-22", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "²", "", 5, "yesterday"])
def test_a_time_that_no_clock_can_show_is_no_moment(said: object) -> None:
    with pytest.raises(ValueError, match=r"moment|isoformat|not text"):
        moment(said)
    assert moment("2036-11-22T14:02:05Z"), "a clock that is wrong by years is no reason to refuse"
    assert short_date("9999-12-31T23:59:59-23:59") == ""


def test_a_key_with_which_every_secret_would_be_nought_is_no_key(branch: Profile) -> None:
    said = registration(branch).as_dict()
    assert Registration.from_dict(said).exchange == branch.keys.exchange_public
    for key in (bytes(32), b"\1" + bytes(31), b"\1" * 31):
        with pytest.raises(PackError):
            Registration.from_dict(said | {"exchange": base64.b64encode(key).decode()})


def test_a_small_file_cannot_ask_for_a_mountain_of_lists(branch: Profile) -> None:
    rows = b"name,label\n" + b"a,A\n" * 250_000
    data, reference = form_package(xform(), {f"{number}.csv": rows for number in range(90)})
    assert len(reference) == 1, "one part, named ninety times"
    with pytest.raises(PackError, match="longer than they may be"):
        list(payload(PackContents(registration(branch), forms={"0" * 64: data}, reference=reference)).forms())


def test_a_form_larger_than_any_text_travels_whole(branch: Profile) -> None:
    long = xform("x" * 1_500_000)
    data, _ = form_package(long, {})
    ((_, came, _),) = payload(PackContents(registration(branch), forms={"0" * 64: data})).forms()
    assert came == long


def test_a_form_that_no_reply_could_carry_is_not_published(make_profile: Make) -> None:
    made = make_profile("National office", role="office")
    source = xform().replace(
        b"</instance>", b'</instance><instance id="l" src="jr://file-csv/l.csv"/>'
    ).replace(b"<bind ", b"<bind calculate=\"count(instance('l')/root/item)\" ")  # fmt: skip
    small = load_xform(source, {"l.csv": b"name,label\na,A\n"})
    large = load_xform(source, {"l.csv": b"name,label\n" + (b"a," + b"A" * 100_000 + b"\n") * 51})
    assert not form_workshop.candidate(made, small).refused
    assert "too large for a reply" in form_workshop.candidate(made, large).refused
    with pytest.raises(FormError):
        form_workshop.publish(made, large)


@pytest.mark.parametrize(("one", "other", "before"), [("9", "10", True), ("²", "10", False), ("1" * 5000, "2", False)])
def test_versions_are_counted_in_plain_figures_only(one: str, other: str, before: bool) -> None:
    assert lower(one, other) is before


@pytest.mark.parametrize(
    "said", [{"extra_readers": 5}, {"extra_readers": ["x"]}, {"retention_months": "12"}, {"retention_months": 0}, {"notice": []}]
)
def test_a_policy_that_cannot_be_one_is_not_taken(said: dict[str, object]) -> None:
    assert office.readable({"notice": "n", "retention_months": 12, "a newer member": {}})
    assert not office.readable(said)


def test_an_address_cannot_pass_for_an_option_of_a_command() -> None:
    assert addresses.checked("leeds@example.org")
    with pytest.raises(Exception, match="no e-mail address"):
        addresses.checked("--attach@example.org")


@pytest.mark.parametrize("encoding", ["utf-32", "utf-32-be", "utf-32-le", "utf-16"])
def test_a_document_type_is_found_in_every_encoding(encoding: str) -> None:
    with pytest.raises(FormError, match="document type"):
        read_xml('<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode(encoding))


# ---- keys and backups ----------------------------------------------------------------------------------------------


def test_slots_that_say_strange_things_are_damaged_and_crash_nothing(branch: Profile) -> None:
    assert office_slots.office_recipient(slot_file.encode([slot_file.sealed({"kind": "office"})])) == ""
    slots = json.loads(branch.paths.keys.read_bytes())["slots"]
    (slot,) = [each for each in slots if each["kind"] == "passphrase"]
    for cost in (float("inf"), "3", None, 10**9):
        slot["kdf"]["t"] = cost
        slot_file.write(branch.paths, [slot_file.sealed({k: v for k, v in slot.items() if k != "sha256"})])
        with pytest.raises(KeySlotError) as told:
            keys.open_with_passphrase(branch.paths, "five words make it long")
        assert told.value.code == "E-KEYDAMAGED"


@pytest.mark.parametrize(
    "head", [{"made_utc": "x"}, {"made_utc": None}, {"reason": 5}, {"keys_len": 10**15}, {"database_len": 1}, {"keys_len": True}]
)
def test_a_backup_whose_first_line_is_false_is_damaged(tmp_path: Path, head: dict[str, object]) -> None:
    rest = b"keys" + b"database"
    whole: dict[str, object] = {
        "made_utc": "2026-11-22T14:02:05Z", "reason": "now", "keys_len": 4, "erasures_len": 0, "database_len": 8,
        "sha256": hashlib.sha256(rest).hexdigest(),
    }  # fmt: skip
    file = tmp_path / "a.branchbackup"
    file.write_bytes(backup.MAGIC + json.dumps(whole).encode() + b"\n" + rest)
    assert restoring.choice(file).bytes
    file.write_bytes(backup.MAGIC + json.dumps(whole | head).encode() + b"\n" + rest)
    with pytest.raises(StoreError) as told:
        restoring.choice(file)
    assert told.value.code == "E-BACKUPDAMAGED"


# ---- attachments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bill.exe", "bill.pdf.lnk", "page.html", "script.js", "bill.PS1", "bill", ".desktop"])
def test_what_may_be_a_program_is_not_opened(branch: Profile, name: str) -> None:
    digest, length = blobs.put(branch.store, b"words", name, "application/pdf")
    with pytest.raises(RecordError, match="could be a program"):
        attachments.open_copy(branch, BlobRef(digest, length, name, "application/pdf", "no"))
    opened = attachments.open_copy(branch, BlobRef(digest, length, "../../Bill.PDF", "application/pdf", "no"))
    assert opened.parent == branch.paths.opened and opened.suffix == ".pdf"


def test_a_picture_is_read_by_the_readers_of_pictures_only() -> None:
    made = io.BytesIO()
    Image.new("RGB", (4, 3), "red").save(made, "EPS")
    assert without_camera_data(made.getvalue(), ".jpg") == made.getvalue(), "no picture of ours: nothing is started for it"
    with pytest.raises(RecordError, match="cannot be read"):
        without_camera_data(b"\xff\xd8\xff" + made.getvalue(), ".jpg")


def test_what_a_picture_is_is_told_by_its_bytes_and_not_by_its_name() -> None:
    noted = Image.Exif()
    noted[0x010F] = "A camera in Leeds"
    made = io.BytesIO()
    Image.new("RGBA", (4, 3), "red").save(made, "PNG", exif=noted)
    kept = without_camera_data(made.getvalue(), ".jpg")
    assert b"Leeds" in made.getvalue() and b"Leeds" not in kept
    assert Image.open(io.BytesIO(kept)).format == "PNG"


def test_a_picture_whose_place_cannot_be_taken_out_is_not_taken_in(tmp_path: Path, branch: Profile) -> None:
    with pytest.raises(RecordError, match="where and when"):
        without_camera_data(b"\0\0\0\x18ftypheic", ".heic")
    many = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (40_000).to_bytes(4, "big") * 2 + b"\x08\x02\0\0\0" + b"\0" * 40
    with pytest.raises(RecordError, match="cannot be read"):
        without_camera_data(many, ".png")


@pytest.mark.parametrize("data", [b"<" * 2_000_000, b"<p " * 700_000, b"&#" + b"9" * 5000 + b";", b"<a>" * 700_000])
def test_words_are_looked_for_in_any_page_without_end_or_crash(data: bytes) -> None:
    began = time.process_time()
    assert words_inside(data + b"<p>Hello", "page.html") is not None
    assert time.process_time() - began < 10  # seconds instead of days


def test_a_document_packed_in_a_rarer_way_and_damaged_is_one_that_cannot_be_read() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("word/document.xml", "<w:p>Hello</w:p>" * 500)
    data = bytearray(made.getvalue())
    assert "Hello" in str(words_inside(bytes(data), "a.docx"))
    data[60:90] = bytes(30)
    assert words_inside(bytes(data), "a.docx") is None


# ---- what goes out -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["x" * 251_000, "☃" * 84_000])
def test_an_answer_that_no_file_could_carry_stays_a_draft_and_is_named(branch: Profile, words: str) -> None:
    answers = {"about": {"summary": "Short.", "area": "england"}}
    record = recording.add_record(branch, "evidence", answers, state="ready").id
    long = {"about": {**answers["about"], "summary": words}}
    with pytest.raises(RecordError, match="In your own words") as told:
        recording.edit_record(branch, record, long, state="ready")
    assert told.value.code == "E-TOOBIG" and "draft" in told.value.safe
    recording.edit_record(branch, record, {"about": {**answers["about"], "summary": "x" * 249_000}}, state="ready")
    assert recording.open_record(branch, record).standing_code == "ready"
