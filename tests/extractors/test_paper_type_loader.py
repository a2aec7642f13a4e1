"""Loading paper types: with one fault nothing starts, and all faults are told at once."""

import re
from typing import Any

import pytest
import yaml

from extractors.paper_type_loader import PaperTypesInvalid, load_paper_types, shipped_paper_types
from ocr.problem import Code

GOOD: dict[str, Any] = {
    "id": "don-xin", "name": "Đơn xin", "version": 1, "legal_source": "Luật X", "titles": ["ĐƠN XIN"],
    "fields": {"full_name": {"label": "Họ tên", "kind": "person_name", "find": [{"labels": ["Họ tên"]}]}},
    "samples": [{"name": "mẫu", "text": "ĐƠN XIN", "fields": {"full_name": None}}],
}  # fmt: skip


def faults_of(*declarations: dict[str, Any]) -> tuple[str, ...]:
    with pytest.raises(PaperTypesInvalid) as caught:
        load_paper_types({f"{number}.yaml": yaml.safe_dump(one) for number, one in enumerate(declarations)})
    assert caught.value.code is Code.PAPER_TYPES_INVALID
    return caught.value.faults


def with_field(**changes: Any) -> dict[str, Any]:
    return {**GOOD, "fields": {"full_name": {**GOOD["fields"]["full_name"], **changes}}}


def test_good_one_loads() -> None:
    assert load_paper_types({"a.yaml": yaml.safe_dump(GOOD)})[0].id == "don-xin"


@pytest.mark.parametrize(
    ("declaration", "told"),
    [
        ({**GOOD, "title": ["ĐƠN"]}, "title: Extra inputs"),
        ({**GOOD, "id": "Đơn xin"}, "id: String should match pattern"),
        ({**GOOD, "samples": []}, "no sample: a paper type that was never tried"),
        ({**GOOD, "layout": "letter"}, "unknown layout 'letter'"),
        (with_field(kind="name"), "unknown kind 'name'"),
        (with_field(find=[{"zone": "organ"}]), "no zone 'organ'"),
        (with_field(find=[{"labels": ["Họ"], "zone": "organ"}]), "one of labels, zone, payload and alone"),
        (with_field(find=[]), "at least 1 item"),
        ({**GOOD, "rules": [{"rule": "two_place", "fields": {"field": "full_name"}}]}, "unknown rule 'two_place'"),
        ({**GOOD, "rules": [{"rule": "two_places", "fields": {"name": "full_name"}}]}, "takes field"),
        ({**GOOD, "rules": [{"rule": "two_places", "fields": {"field": "name"}}]}, "no field 'name'"),
        ({**GOOD, "subjects": [{"role": "owner", "full_name": "name"}]}, "subject owner: no field 'name'"),
        ({**GOOD, "metadata": {"code_number": "number"}}, "metadata code_number: no field 'number'"),
        ({**GOOD, "samples": [{"name": "m", "text": "", "fields": {"x": None}}]}, "sample m: no field 'x'"),
        ({"family": "f", "members": []}, "a family file has the keys"),
    ],
)
def test_each_fault_is_told(declaration: dict[str, Any], told: str) -> None:
    faults = faults_of(declaration)
    assert any(told in fault for fault in faults), faults
    assert all(fault.startswith("0.yaml") for fault in faults)


def test_all_faults_of_all_files_are_told_at_once() -> None:
    faults = faults_of({**GOOD, "title": []}, with_field(kind="name"), GOOD, {**GOOD, "name": "Trùng"})
    assert len(faults) == 4
    assert "id don-xin is declared by" in faults[2]
    assert "title ĐƠN XIN" in faults[3]


@pytest.mark.parametrize("text", ["- a\n- b", "a: [", "just text", ""])
def test_file_that_is_no_declaration(text: str) -> None:
    with pytest.raises(PaperTypesInvalid):
        load_paper_types({"a.yaml": text})


def test_fingerprint_follows_the_declaration_but_not_the_samples() -> None:
    def fingerprint(declaration: dict[str, Any]) -> str:
        return load_paper_types({"a.yaml": yaml.safe_dump(declaration)})[0].fingerprint

    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint(GOOD))
    assert fingerprint({**GOOD, "samples": [{**GOOD["samples"][0], "name": "khác"}]}) == fingerprint(GOOD)
    assert fingerprint(with_field(required=True)) != fingerprint(GOOD)


def test_shipped_types_cite_their_source() -> None:
    assert all(one.legal_source and one.fingerprint for one in shipped_paper_types())
