"""Ways to find a field beyond a label with its value beside it: sections, columns, codes, values alone or below."""

import pytest
import yaml

from extractors.code_settlement import settle_by_codes
from extractors.fields import lay_out, read_fields
from extractors.kinds.parsed import Parsed
from extractors.layout import find_zones
from extractors.paper_text import PaperText
from extractors.paper_type import PaperType
from extractors.paper_type_loader import load_paper_types, shipped_paper_types
from extractors.payloads import payloads_of
from extractors.reading import Reading
from extractors.sample import page_from_text, pages_from_sample
from extractors.signing_date import signing_date_zones
from extractors.titles import find_title
from ocr.page import Box, CodeContent, CodeFormat, PageCode, Said


def declared(fields: dict[str, object], **more: object) -> PaperType:
    sample = {"name": "mẫu", "text": "ĐƠN XIN\n", "fields": {}}
    data = {
        "id": "don-xin",
        "name": "Đơn",
        "version": 1,
        "legal_source": "không có",
        "titles": ["ĐƠN XIN"],
        "samples": [sample],
    }
    return load_paper_types({"a.yaml": yaml.safe_dump({**data, "fields": fields, **more})})[0]


def values(paper_type: PaperType, text: str) -> dict[str, object]:
    paper = lay_out(PaperText((page_from_text(text),)), paper_type)
    title = find_title(paper, (paper_type,))
    return {
        name: reading.parsed.value
        for name, reading in read_fields(paper, paper_type, title, find_zones(paper, title)).items()
    }


def field(kind: str, *finders: dict[str, object]) -> dict[str, object]:
    return {"label": kind, "kind": kind, "find": list(finders)}


def test_a_label_counts_in_the_section_its_heading_opens():
    form = declared(
        {
            "mother": field("person_name", {"labels": ["Họ và tên"], "under": ["Phần ghi về người mẹ"]}),
            "father": field("person_name", {"labels": ["Họ và tên"], "under": ["Phần ghi về người cha"]}),
        }
    )
    text = "ĐƠN XIN\nHọ và tên: AI ĐÓ\nPhần ghi về người cha\nHọ và tên: TRẦN VĂN BÌNH\nPhần ghi về người mẹ\nHọ và tên: LÊ THỊ HÒA"
    assert values(form, text) == {"mother": "Lê Thị Hòa", "father": "Trần Văn Bình"}


COLUMNS = {"heads": [["Tên vợ"], ["Tên chồng"]], "below": ["Nơi đăng ký"]}


@pytest.mark.parametrize("swapped", [False, True])
def test_values_wrap_inside_their_column_whichever_side_it_is_on(swapped: bool):
    form = declared(
        {
            "wife": field("address", {"labels": ["Nơi cư trú"], "under": ["Tên vợ"], "lines": 3}),
            "husband": field("address", {"labels": ["Nơi cư trú"], "under": ["Tên chồng"], "lines": 3}),
        },
        columns=COLUMNS,
        headings=["Nơi đăng ký"],
    )
    left = ["Tên vợ: LÊ THỊ HÒA", "Nơi cư trú: thôn Đông,", "xã Hoài Thượng"]
    right = ["Tên chồng: TRẦN VĂN BÌNH", "Nơi cư trú: phường Suối Hoa,", "thành phố Bắc Ninh"]
    sides = (right, left) if swapped else (left, right)
    rows = [f"{one:<40}{other}" for one, other in zip(*sides, strict=True)]
    text = "\n".join(["ĐƠN XIN", *rows, "Nơi đăng ký: UBND xã"])
    assert values(form, text) == {"wife": "thôn Đông, xã Hoài Thượng", "husband": "phường Suối Hoa, thành phố Bắc Ninh"}


def test_a_value_alone_is_not_the_same_value_within_a_sentence():
    form = declared({"serial": field("land_serial", {"alone": True})})
    assert values(form, "ĐƠN XIN\nCấp đổi từ giấy số AB 654321 cho ông A\n      BS 123456") == {"serial": "BS 123456"}
    assert values(form, "ĐƠN XIN\nCấp đổi từ giấy số AB 654321") == {}


def test_values_below_a_row_of_labels_are_found_by_their_column():
    form = declared(
        {
            "sex": field("sex", {"labels": ["Giới tính / Sex"], "lines": 2}),
            "nationality": field("nationality", {"labels": ["Quốc tịch / Nationality"], "lines": 2}),
        }
    )
    text = "ĐƠN XIN\nGiới tính / Sex:        Quốc tịch / Nationality:\nNữ                      Việt Nam"
    assert values(form, text) == {"sex": "Nữ", "nationality": "Việt Nam"}


def test_a_label_inside_a_value_does_not_end_it():
    form = declared(
        {
            "parcel": field("parcel_number", {"labels": ["Thửa đất số"], "inside": True}),
            "address": field("address", {"labels": ["Vị trí xây dựng"], "lines": 2}),
        }
    )
    text = "ĐƠN XIN\n+ Vị trí xây dựng: Thửa đất số 148, tờ bản đồ số 16,\nxã Hoài Thượng"
    assert values(form, text) == {"parcel": "148", "address": "Thửa đất số 148, tờ bản đồ số 16, xã Hoài Thượng"}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("Ngày,tháng,nămsinh:12/03/2015", "2015-03-12"),  # blanks lost
        ("Ngày, tháng, năm sinh (1): 12/03/2015", "2015-03-12"),  # footnote mark before the colon
        ("Ngày, tháng, năm sinh: (1) 12/03/2015", "2015-03-12"),  # and behind it
        ("Ngày, tháng, năm sinh (ghi bằng số): 12/03/2015", "2015-03-12"),  # note of the form
        ("Ngày, thảng, năm sinb: 12/03/2015", "2015-03-12"),  # misread
    ],
)
def test_labels_are_known_in_all_their_dress(line: str, value: str):
    form = declared({"born": field("date", {"labels": ["Ngày, tháng, năm sinh"]})})
    assert values(form, f"ĐƠN XIN\n{line}") == {"born": value}


def test_the_mark_of_the_next_item_is_no_part_of_a_value():
    form = declared(
        {"purpose": field("text", {"labels": ["Mục đích sử dụng"], "lines": 2})}, stops=["Thời hạn sử dụng"]
    )
    assert values(form, "ĐƠN XIN\nđ) Mục đích sử dụng: Đất ở\ne) Thời hạn sử dụng: Lâu dài") == {"purpose": "Đất ở"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Bắc Ninh, ngày 12 tháng 5 năm 2016", "ngày 12 tháng 5 năm 2016"),
        ("Nơi nhận:                  Bắc Ninh, ngày 12 tháng 5 năm 2016", "ngày 12 tháng 5 năm 2016"),
        ("Lào Cai, ngày/date 28 tháng/month 11 năm/year 2023", "ngày/date 28 tháng/month 11 năm/year 2023"),
        ("Căn cứ Luật Đất đai ngày 29 tháng 11 năm 2013;", None),
        ("đã được cấp tại xã, ngày 29 tháng 11 năm 2013 cho ông", None),
    ],
)
def test_the_date_above_a_signature_stands_alone(text: str, found: str | None):
    zones = signing_date_zones(PaperText((page_from_text(text),)))
    assert (zones["signing_date"].text if zones else None) == found


CARD = next(one for one in shipped_paper_types() if one.id == "can-cuoc-cong-dan")


def card_with(payload: str, name: str = "TRẦN THỊ MINH NGUYỆT") -> dict[str, Reading]:
    (first, *rest) = pages_from_sample(CARD.samples[0].model_copy(update={"codes": (payload,)}))
    words = tuple(
        word.model_copy(update={"text": new}) if word.text in ["TRẦN", "THỊ", "MINH", "NGUYỆT"] else word
        for word in first.words
        for new in (
            [name.split()[["TRẦN", "THỊ", "MINH", "NGUYỆT"].index(word.text)]]
            if word.text in ["TRẦN", "THỊ", "MINH", "NGUYỆT"]
            else [""]
        )
    )
    paper = PaperText((first.model_copy(update={"words": words}), *rest))
    title = find_title(paper, (CARD,))
    return dict(read_fields(paper, CARD, title, find_zones(paper, title)))


PAYLOAD = "027195001234|125000111|Trần Thị Minh Nguyệt|12031995|Nữ|Thôn Đông, Hoài Thượng|10052021"


def test_a_code_gives_back_the_accents_print_has_lost():
    readings = settle_by_codes(CARD, card_with(PAYLOAD, "TRAN THI MINH NGUYET"))
    assert readings["full_name"].parsed.value == "Trần Thị Minh Nguyệt"
    assert readings["full_name"].stretch.text == "TRAN THI MINH NGUYET"


def test_a_code_of_another_person_settles_nothing():
    readings = settle_by_codes(CARD, card_with(PAYLOAD.replace("Nguyệt", "Ngọc"), "TRẦN THỊ MINH NGUYỆT"))
    assert readings["full_name"].parsed.value == "Trần Thị Minh Nguyệt"


def test_a_code_decides_between_readers_only_for_what_one_of_them_saw():
    before = card_with(PAYLOAD)
    disputed = Reading(
        Parsed("027195001284"),
        before["personal_id"].stretch,
        is_disputed=True,
        said=(Said(reader="a", text="027195001284"), Said(reader="b", text="027195001234")),
    )
    settled = settle_by_codes(CARD, {**before, "personal_id": disputed})["personal_id"]
    assert settled.parsed.value == "027195001234" and not settled.is_disputed
    other = Reading(Parsed("027195009999"), disputed.stretch, is_disputed=True, said=disputed.said[:1])
    assert settle_by_codes(CARD, {**before, "personal_id": other})["personal_id"].is_disputed


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (PAYLOAD, {"id_card.personal_id", "id_card.full_name", "id_card.date_of_birth"}),
        ("027195001234||Trần Văn A|99999999|Nam|ở đâu|1", {"id_card.personal_id", "id_card.residence"}),
        ("https://dichvucong.example/H05.12-251112-0012", {"dossier.code"}),
        ("xin chào", set()),
        ("0271950012|1|2|3|4|5|6", set()),
    ],
)
def test_payloads_of_codes(text: str, names: set[str]):
    code = PageCode(format=CodeFormat.QR, content=CodeContent.TEXT, text=text, box=Box(0, 0, 9, 9), corners=())
    page = page_from_text("x").model_copy(update={"codes": (code,)})
    found = set(payloads_of((page,)))
    assert names <= found if names else not found
    if "99999999" in text:
        assert "id_card.date_of_birth" not in found


def test_words_that_say_there_is_no_day_are_kept_without_those_of_the_next_column():
    form = declared({"until": field("expiry_date", {"labels": ["Có giá trị đến"]})})
    paper = lay_out(
        PaperText((page_from_text("ĐƠN XIN\nCó giá trị đến: Không thời hạn. Đường Lê Lợi, Thạnh Mỹ"),)), form
    )
    title = find_title(paper, (form,))
    reading = read_fields(paper, form, title, find_zones(paper, title))["until"]
    assert (reading.parsed.reason, reading.stretch.text) == ("left-blank", "Không thời hạn.")
