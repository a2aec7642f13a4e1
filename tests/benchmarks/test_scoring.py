"""What counts as an error and what does not."""

import unicodedata

import pytest

from benchmarks.scoring import (
    FieldOutcome,
    character_error_rate,
    field_table,
    format_table,
    normalise_spelling,
    outcomes_of_paper,
    tally_fields,
    values_match,
)


@pytest.mark.parametrize(
    ("field", "got", "truth"),
    [
        ("full_name", "NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("full_name", unicodedata.normalize("NFD", "Nguyễn Thị Thuý"), "Nguyễn Thị Thúy"),
        ("organ_name", "UỶ BAN NHÂN DÂN TỈNH HOÀ BÌNH", "ỦY BAN NHÂN DÂN  TỈNH HÒA BÌNH"),
        ("subject", "nhiệm kỳ 2021 - 2026", "nhiệm kỳ 2021-2026"),
        ("place_of_birth", "xã Hoè , tỉnh Lạng Sơn", "xã Hòe, tỉnh Lạng Sơn"),
        ("code_notation", "UBND - KTTH", "UBND-KTTH"),
        ("personal_id", "001 215 000 123", "001215000123"),
        ("father_name", None, None),
        ("father_name", "", None),
        ("components", ["Tờ khai", "Giấy chứng sinh"], ["tờ khai", "giấy chứng sinh"]),
    ],
)
def test_values_that_match(field: str, got: str | list[str] | None, truth: str | list[str] | None) -> None:
    assert values_match(field, got, truth)


@pytest.mark.parametrize(
    ("field", "got", "truth"),
    [
        ("full_name", "Nguyễn Văn Ân", "Nguyễn Văn An"),
        ("full_name", "Nguyễn Thị Thủy", "Nguyễn Thị Thúy"),
        ("code_number", "4", "04"),
        ("full_name", None, "Nguyễn Văn An"),
        ("father_name", "Nguyễn Văn An", None),
        ("components", ["Tờ khai"], "Tờ khai"),
        ("full_name", "Nguyễn VănAn", "Nguyễn Văn An"),
    ],
)
def test_values_that_differ(field: str, got: str | list[str] | None, truth: str | list[str] | None) -> None:
    assert not values_match(field, got, truth)


def test_tones_inside_longer_rimes_stay() -> None:
    assert normalise_spelling("Hoàn Toàn Quỳnh") == "hoàn toàn quỳnh"
    assert normalise_spelling("quý") == normalise_spelling("qúy")


def test_character_error_rate_counts_edits_per_true_character() -> None:
    assert character_error_rate("Hoà  Bình", "HÒA BÌNH") == 0
    assert character_error_rate("Hòa Bính", "Hòa Bình") == pytest.approx(1 / 8)
    with pytest.raises(ValueError, match="no truth"):
        character_error_rate("x", " ")


def test_tally_tells_wrong_among_accepted() -> None:
    outcomes = [
        FieldOutcome("a", "quyet-dinh", "code_number", "574", "574", True),
        FieldOutcome("b", "quyet-dinh", "code_number", "575", "574", True),
        FieldOutcome("c", "quyet-dinh", "code_number", None, "574", False),
        FieldOutcome("d", "quyet-dinh", "code_number", "1", None, True),
    ]
    (tally,) = tally_fields(outcomes)
    assert (tally.truths, tally.right, tally.accepted, tally.accepted_wrong, tally.missing) == (3, 1, 3, 2, 1)
    assert "code_number" in field_table([tally])


def test_outcomes_take_values_from_an_exported_record() -> None:
    fields: dict[str, dict[str, object]] = {"sex": {"value": "Nam", "accepted": True}, "components": {"value": ["a"]}}
    sex, components, name = outcomes_of_paper(
        "hs", "giay-khai-sinh", {"sex": "Nam", "components": ["a"], "full_name": "An"}, fields
    )
    assert (sex.right, sex.accepted) == (True, True)
    assert (components.right, components.accepted) == (True, False)
    assert (name.got, name.right) == (None, False)


def test_table_is_aligned() -> None:
    table = format_table(("trường", "đúng"), [("số", 1), ("trích yếu", 22)])
    assert table.splitlines() == ["trường     đúng", "---------  ----", "số            1", "trích yếu    22"]
