"""What is accepted: independent support, no contradiction, and as sure as calibration asks for."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.acceptance import NOT_SURE_ENOUGH, TOO_LITTLE_MEASURED, judge_fields
from extractors.blind_sample import BlindSample, blind
from extractors.calibration.model import ALL, Calibration, Threshold, shipped_calibration
from extractors.evidence import signals_of
from extractors.kinds.parsed import Parsed
from extractors.paper_text import PaperText, Stretch
from extractors.paper_type_loader import shipped_paper_types
from extractors.reading import Reading
from extractors.record import ExtractedField, FieldStatus, Provenance, Record, RecordState, SourcePage
from extractors.sample import page_from_text
from extractors.signals import may_be_accepted
from extractors.wording import DOUBTS, SUPPORTS, verdict_on
from ocr.page import Said
from ocr.page_quality import PageQuality, Verdict

BIRTH = next(one for one in shipped_paper_types() if one.id == "giay-khai-sinh")
PAPER = PaperText((page_from_text("Họ, chữ đệm, tên: NGUYỄN VĂN AN"),))
SOURCES = (SourcePage(file="a.pdf", page_number=1, sha256="0" * 64),)
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NAME = "full_name"


def stretch() -> Stretch:
    start = PAPER.text.index("NGUYỄN")
    return PAPER.stretch(start, len(PAPER.text))


def reading(**changes) -> Reading:
    return replace(Reading(Parsed("Nguyễn Văn An"), stretch()), **changes)


def calibrated(least: float | None, **weights: float) -> Calibration:
    return Calibration(
        revision=1,
        created_at=NOON,
        software="test",
        target_error=0.005,
        confidence_level=0.95,
        base=0.0,
        weights=weights,
        thresholds={ALL: Threshold(group=ALL, least=least)},
    )


def judged(one: Reading, calibration: Calibration | None = None) -> ExtractedField:
    return judge_fields(PAPER, BIRTH, {NAME: one}, SOURCES, calibration)[NAME]


AGREED = {"agreed_by": ("tesseract", "asternet"), "said": (Said(reader="t", text="x"), Said(reader="a", text="x"))}


def test_support_is_accepted_with_its_probability_and_signals() -> None:
    field = judged(reading(**AGREED))
    assert (field.accepted, field.decided_by, field.status) == (True, "two-readers", FieldStatus.FOUND)
    assert field.confidence is not None and 0.5 < field.confidence < 1
    assert "support:two-readers" in field.signals and "kind:person_name" in field.signals


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        (reading(), "single-reading"),
        (reading(is_disputed=True), "readers-differ"),
        (reading(parsed=Parsed("Nguyễn Văn An", partial=True), **AGREED), None),
    ],
)
def test_without_support_or_whole_value_no_probability_is_enough(one: Reading, reason: str | None) -> None:
    field = judged(one, calibrated(0.0, supported=9.0))
    assert not field.accepted and field.decided_by is None
    assert reason is None or reason in field.reasons


@pytest.mark.parametrize(
    ("least", "reason"), [(None, TOO_LITTLE_MEASURED), (0.9, NOT_SURE_ENOUGH), (0.8, None), (0.0, None)]
)
def test_supported_values_wait_below_the_threshold(least: float | None, reason: str | None) -> None:
    field = judged(reading(**AGREED), calibrated(least, supported=2.0))
    assert field.confidence == pytest.approx(0.8808)
    assert field.accepted is (reason is None)
    assert field.reasons == ((reason,) if reason else ())
    assert reason is None or DOUBTS[reason] in verdict_on(field, required=True)


def test_a_field_without_value_has_no_probability() -> None:
    field = judged(reading(parsed=Parsed(None, "not-a-name")))
    assert (field.status, field.confidence, field.accepted) == (FieldStatus.INVALID, None, False)


def test_signals_name_what_speaks_for_and_against() -> None:
    said = tuple(Said(reader=name, text="x") for name in "abc")
    one = reading(parsed=Parsed("CHỦ TICH", "surname-uncertain"), is_disputed=True, said=said)
    page = PageQuality(verdict=Verdict.WARN)
    assert signals_of("signer_title", one, ("place_in_organ",), ("not_before",), page) == (
        "against:not-before",
        "claimed:none",
        "doubt:surname-uncertain",
        "kind:signer_title",
        "odd:marks",
        "odd:syllable",
        "page:warn",
        "readers-differ",
        "support:place-in-organ",
        "third-differs",
    )


@pytest.mark.parametrize(("claimed", "bucket"), [(0.96, "95"), (0.8, "80"), (0.1, "0"), (None, "none")])
def test_what_a_reader_claims_is_kept_in_steps(claimed: float | None, bucket: str) -> None:
    words = tuple(replace(word, word=word.word.model_copy(update={"confidence": claimed})) for word in stretch().words)
    one = reading(stretch=replace(stretch(), words=words))
    assert f"claimed:{bucket}" in signals_of("text", one, (), (), None)
    assert judged(one).evidence.claimed == claimed


def test_contradicted_values_may_not_be_accepted() -> None:
    assert may_be_accepted(("support:two-readers",))
    assert not may_be_accepted(("support:two-readers", "against:not-before"))
    assert not may_be_accepted(("support:two-readers", "partial"))
    assert not may_be_accepted(("single-reading",))


def test_the_lookup_in_registers_has_its_word() -> None:
    assert "register" in SUPPORTS


# --- records -----------------------------------------------------------------------------------------------------


def record(fields: dict[str, ExtractedField], **changes) -> Record:
    values = {
        "record_id": "r" + "0" * 24,
        "revision": 1,
        "state": RecordState.ACCEPTED,
        "dossier_id": "hs-001",
        "paper_type": "giay-khai-sinh",
        "paper_type_version": 1,
        "source": SOURCES,
        "fields": fields,
        "provenance": Provenance(paper_type_fingerprint="f", software="s", created_at=NOON),
    }
    return Record(**{**values, **changes})


def test_records_of_before_still_load() -> None:
    old = (
        '{"schema":"sohoa.record/1","record_id":"r000000000000000000000000","revision":1,"state":"accepted",'
        '"dossier_id":"hs-001","dossier_code":null,"paper_type":"quyet-dinh","paper_type_version":1,'
        '"type_confidence":1.0,"type_reasons":[],"source":[{"file":"a.pdf","page_number":1,"sha256":"0"}],"subjects":[],'
        '"fields":{"place":{"value":"Bắc Ninh","raw":"Bắc Ninh","status":"found","confidence":0.93,"accepted":true,'
        '"decided_by":"place-in-organ","evidence":{"file":"a.pdf","page_number":1,"box":[1,2,3,4],"reader":"t"},'
        '"reasons":[],"said":[]}},"metadata":{},"provenance":{"readers":[],"steps":[],"paper_type_fingerprint":"f",'
        '"software":"s","created_at":"2026-11-20T02:00:00Z"}}'
    )
    loaded = Record.from_json(old.encode())
    place = loaded.fields["place"]
    assert (place.signals, place.sampled, place.evidence.claimed) == ((), False, None)
    assert loaded.provenance.calibration is None


def test_a_new_calibration_that_changes_no_decision_changes_no_content() -> None:
    field = judged(reading(**AGREED))
    first = record({NAME: field})
    provenance = first.provenance.model_copy(update={"calibration": "other"})
    moved = record({NAME: field.model_copy(update={"confidence": 0.99})}, revision=2, provenance=provenance)
    refused = record({NAME: field.model_copy(update={"accepted": False})})
    assert first.same_content_as(moved)
    assert not first.same_content_as(refused)


@pytest.mark.parametrize(
    ("decided_by", "person"), [("steward", True), ("steward:ba", True), ("two-readers", False), (None, False)]
)
def test_who_decided(decided_by: str | None, person: bool) -> None:
    assert ExtractedField(status=FieldStatus.FOUND, decided_by=decided_by).was_decided_by_person is person


# --- blind sample ------------------------------------------------------------------------------------------------

FIELD = ExtractedField(value="x", status=FieldStatus.FOUND, accepted=True)
KEYS = st.binary(min_size=32, max_size=32)


def sampled(one: Record) -> set[str]:
    return {name for name, field in one.fields.items() if field.sampled}


def many(count: int = 1000, **changes) -> Record:
    return record({f"field_{number}": FIELD.model_copy(update=changes) for number in range(count)})


@given(KEYS, st.floats(0, 1), st.floats(0, 1))
def test_the_sample_is_the_same_each_time_and_grows_with_its_share(key: bytes, one: float, other: float) -> None:
    less, more = sorted((one, other))
    few = many(20)
    small, large = BlindSample(key, less).mark(few), BlindSample(key, more).mark(few)
    assert sampled(small) <= sampled(large)
    assert small == BlindSample(key, less).mark(few) == BlindSample(key, less).mark(small)


def test_the_share_is_kept_and_depends_on_the_key() -> None:
    chosen = [sampled(BlindSample(bytes([number]) * 32, 0.02).mark(many())) for number in range(5)]
    assert 60 < sum(map(len, chosen)) < 140
    assert len({frozenset(names) for names in chosen}) == 5
    assert sampled(BlindSample(b"k" * 32, 0.0).mark(many())) == set()
    assert len(sampled(BlindSample(b"k" * 32, 1.0).mark(many(10)))) == 10


def test_only_accepted_fields_are_sampled_and_the_record_stays_released() -> None:
    assert sampled(BlindSample(b"k" * 32, 1.0).mark(many(10, accepted=False))) == set()
    marked = BlindSample(b"k" * 32, 1.0).mark(many(1))
    assert marked.state is RecordState.ACCEPTED
    assert marked.fields["field_0"] == FIELD.model_copy(update={"sampled": True})
    assert verdict_on(marked.fields["field_0"], required=True) == verdict_on(FIELD, required=True)


def test_showing_a_record_tells_everything_but_the_sample() -> None:
    marked = BlindSample(b"k" * 32, 1.0).mark(many(2))
    shown, whole = blind(marked), json.loads(marked.to_json())
    for field in whole["fields"].values():
        assert field.pop("sampled") is True
    assert shown == whole


def test_the_shipped_calibration_loads() -> None:
    shipped = shipped_calibration()
    assert shipped.revision == 0
    assert ALL in shipped.thresholds
    assert Calibration.from_json(shipped.to_json()) == shipped
