"""Telling paper types: by title, by what the rest says, and honestly not at all."""

import pytest

from extractors.classification import Classification, classify
from extractors.layout import find_zones
from extractors.paper_text import PaperText
from extractors.paper_type import PaperType, Sample
from extractors.paper_type_loader import shipped_paper_types
from extractors.sample import page_from_text, pages_from_sample
from extractors.titles import find_title, titles_of_first_page
from ocr.page import PageText

TYPES = shipped_paper_types()
BY_ID = {one.id: one for one in TYPES}
CASES = [(one, sample) for one in TYPES for sample in one.samples if one.family is None]
BIRTH = BY_ID["giay-khai-sinh"].samples[0].text


def told(*pages: PageText | str, declared: str | None = None) -> Classification:
    text = PaperText(tuple(page_from_text(page) if isinstance(page, str) else page for page in pages))
    title = find_title(text, TYPES)
    return classify(text, TYPES, find_zones(text, title), title, declared)


def type_of(*pages: PageText | str) -> str | None:
    found = told(*pages)
    return found.paper_type.id if found.paper_type else None


@pytest.mark.parametrize(("paper_type", "sample"), CASES, ids=lambda case: getattr(case, "name", None))
def test_every_sample_is_told_by_its_title(paper_type: PaperType, sample: Sample):
    found = told(*pages_from_sample(sample))
    assert found.paper_type == paper_type and found.is_sure and found.confidence == 1.0
    assert found.reasons[0].startswith("title:")


@pytest.mark.parametrize(("paper_type", "sample"), CASES, ids=lambda case: getattr(case, "name", None))
def test_without_its_title_a_sample_is_told_by_the_rest_or_not_at_all(paper_type: PaperType, sample: Sample):
    pages = []
    for page in pages_from_sample(sample):
        title = find_title(PaperText((page,)), TYPES)
        printed = {word.word for word in title.words} if title else set()
        pages.append(page.model_copy(update={"words": tuple(word for word in page.words if word not in printed)}))
    found = told(*pages)
    assert found.paper_type in (paper_type, None)
    assert found.confidence is None or found.confidence < 1
    assert found.reasons[0] == "no-title" and not (found.is_sure and not any("mrz" in one for one in found.reasons))


def test_a_title_in_running_text_names_no_paper():
    assert (
        type_of("Kèm theo giấy khai sinh và trích lục khai sinh của cháu.\nNộp GIẤY KHAI SINH bản chính tại xã.")
        is None
    )
    assert type_of("1   GIẤY KHAI SINH   Bản chính   01") is None


def test_the_longest_title_wins_over_several_lines():
    text = "GIẤY CHỨNG NHẬN\nQUYỀN SỬ DỤNG ĐẤT\nQUYỀN SỞ HỮU NHÀ Ở VÀ TÀI SẢN KHÁC\nGẮN LIỀN VỚI ĐẤT"
    title = find_title(PaperText((page_from_text(f"{text}\n" + "\n".join(["chữ"] * 12)),)), TYPES)
    assert title is not None and title.title.endswith("GẮN LIỀN VỚI ĐẤT") and title.edits == 0


@pytest.mark.parametrize(
    ("line", "type_id"),
    [
        ("CĂN CƯỚC CÔNG DÂN / Citizen Identity Card", "can-cuoc-cong-dan"),
        ("CĂN CƯỚC / IDENTITY CARD", "can-cuoc"),
        ("GIẤY PHÉP LÁI XE/ DRIVER'S LICENSE", "giay-phep-lai-xe"),
        ("TRÍCH LỤC KHAI SINH (BẢN SAO)", "trich-luc-khai-sinh"),
        ("GIẤY KHAI SINH                          Số: 12", "giay-khai-sinh"),
        ("PHIẾU LÝ LỊCH TƯ PHÁP SỐ 1", "phieu-ly-lich-tu-phap"),
    ],
)
def test_titles_as_they_are_printed(line: str, type_id: str):
    title = find_title(PaperText((page_from_text("\n".join([line, *["dòng chữ khác"] * 9])),)), TYPES)
    assert title is not None and (title.paper_type.id, title.edits) == (type_id, 0)


def test_a_misread_title_waits_for_a_person():
    found = told(BIRTH.replace("GIẤY KHAI SINH", "GIẤY KHAI SINN", 1))
    assert found.paper_type is BY_ID["giay-khai-sinh"] and not found.is_sure
    badly = told(BIRTH.replace("GIẤY KHAI SINH", "GIÂY KHAl 5NH", 1))
    assert badly.paper_type is BY_ID["giay-khai-sinh"] and badly.confidence is not None and badly.confidence < 1


def test_the_notation_speaks_against_another_title():
    text = BY_ID["trich-luc-khai-sinh"].samples[0].text
    found = told(text.replace("TRÍCH LỤC KHAI SINH", "GIẤY KHAI SINH", 1))
    assert not found.is_sure and any(one.startswith("but-notation:") for one in found.reasons)


def test_nothing_tells_nothing():
    assert told("Một tờ giấy không ai biết").reasons == ("no-title",)
    assert told("") == Classification(None, None, ("no-title",))


def test_all_titles_of_a_page_are_found():
    page = page_from_text("GIẤY KHAI SINH\n\n\n\ndòng chữ\n\n\n\nTRÍCH LỤC KHAI TỬ\n\n\ndòng chữ")
    found = [title.paper_type.id for title in titles_of_first_page(PaperText((page,)), TYPES)]
    assert found == ["giay-khai-sinh", "trich-luc-khai-tu"]
