"""Splitting and mapping published components, on invented sentences in the style of the national list."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.paper_type_loader import shipped_paper_types
from extractors.procedures.mapping import components_of
from extractors.procedures.mapping_report import Verdict, report_of, verdict_of
from extractors.procedures.national_list import parse_published, visible
from extractors.procedures.procedure import ComponentKind, SubmissionForm
from extractors.procedures.published_text import PieceKind, pieces_of, rows_of_published
from ocr.problem import Code, SohoaError

TYPES = shipped_paper_types()
HEAD = "Tên giấy tờMẫu đơn, tờ khaiSố lượng"
CARDS = ("can-cuoc-cong-dan", "can-cuoc")
BIRTH, MARRIAGE, SINGLE = "giay-khai-sinh", "giay-chung-nhan-ket-hon", "giay-xac-nhan-tinh-trang-hon-nhan"
LAND, COMPANY, BUILDING = (
    "giay-chung-nhan-quyen-su-dung-dat",
    "giay-chung-nhan-dang-ky-doanh-nghiep",
    "giay-phep-xay-dung",
)


def published(text: str, **values) -> bytes:
    given = {"ma_thu_tuc": "1.009999", "ten_thu_tuc": "Thủ tục thử", "thanh_phan_ho_so": text} | values
    return json.dumps(given).encode()


def mapped(text: str, field: str | None = None):
    return components_of(rows_of_published(text), TYPES, field)


def only(text: str, field: str | None = None):
    (component,) = mapped(text, field)
    return component


def test_rows_are_parted_at_counts_glued_to_them() -> None:
    text = (
        f"* Giấy tờ phải nộp:{HEAD}- Đơn đề nghị;Mau 05.docx1 bản chính- Bản sao bằng lái;0 bản chính,1 bản sao"
        f"* Giấy tờ phải xuất trình:{HEAD}Thẻ hội viên2 bản sao"
    )
    first, second, third = rows_of_published(text)
    assert (first.name, first.forms, first.originals, first.copies) == ("- Đơn đề nghị;", ("Mau 05.docx",), 1, None)
    assert (second.name, second.originals, second.copies) == ("- Bản sao bằng lái;", 0, 1)
    assert (third.name, third.originals, third.copies) == ("Thẻ hội viên", None, 2)
    assert (first.heading, third.heading) == ("* Giấy tờ phải nộp:", "* Giấy tờ phải xuất trình:")


@pytest.mark.parametrize(
    ("row", "name", "originals"),
    [
        ("Văn bản theo Mẫu số 131 bản chính", "Văn bản theo Mẫu số 13", 1),
        ("Giấy A theo Nghị định số 999/2099/NĐ-CP2 bản chính", "Giấy A theo Nghị định số 999/2099/NĐ-CP", 2),
        ("Giấy A năm 20991 bản chính", "Giấy A năm 2099", 1),
        ("Nộp 01 bản chính hoặc 01 bản sao giấy A1 bản chính", "Nộp 01 bản chính hoặc 01 bản sao giấy A", 1),
        ("Giấy A: 01 bản chính; kèm giấy B1 bản chính", "Giấy A: 01 bản chính; kèm giấy B", 1),
        ("Giấy A không có số lượng", "Giấy A không có số lượng", None),
    ],
)
def test_the_count_is_told_from_figures_of_the_name(row, name, originals) -> None:
    (found,) = rows_of_published(f"--{HEAD}{row}")
    assert (found.name, found.originals) == (name, originals)


@pytest.mark.parametrize(
    ("row", "name", "forms"),
    [
        ("Đơn của công tyMẫu số 14-ABC.docx1 bản chính", "Đơn của công ty", ("Mẫu số 14-ABC.docx",)),
        ("Đơn theo NĐ-CPMau48.docxMau45.docx1 bản chính", "Đơn theo NĐ-CP", ("Mau48.docx", "Mau45.docx")),
        ("Biên bản (mẫu X2).71-Mẫu X2-Biên bản.doc1 bản chính", "Biên bản (mẫu X2).", ("71-Mẫu X2-Biên bản.doc",)),
        ("Giấy đề nghịTP-ABC-05.doc1 bản chính", "Giấy đề nghị", ("TP-ABC-05.doc",)),
        ("Danh sáchMauDanhsach (1).docx1 bản chính", "Danh sách", ("MauDanhsach (1).docx",)),
    ],
)
def test_names_of_attached_forms_are_taken_off_the_row(row, name, forms) -> None:
    (found,) = rows_of_published(f"--{HEAD}{row}")
    assert (found.name, found.forms) == (name, forms)


def test_a_table_without_counts_keeps_its_text_as_a_component() -> None:
    text = f"--{HEAD}Đơn đề nghị và bản đồ* Phần sau:{HEAD}Giấy A1 bản chính"
    assert [row.name for row in rows_of_published(text)] == ["Đơn đề nghị và bản đồ* Phần sau:", "Giấy A"]
    assert [row.name for row in rows_of_published("Giấy A, giấy B")] == ["Giấy A, giấy B"]


@pytest.mark.parametrize(
    ("row", "paper_types"),
    [
        ("- Giấy khai sinh;", (BIRTH,)),
        ("- Bản sao có chứng thực Giấy khai sinh của người yêu cầu;", (BIRTH,)),
        ("01 (một) bản chính hoặc bản sao điện tử được chứng thực từ bản chính Giấy phép xây dựng", (BUILDING,)),
        ("Hộ chiếu/Thẻ căn cước công dân/Thẻ căn cước hoặc giấy tờ khác có dán ảnh", CARDS),
        ("Bản sao CCCD", CARDS),
        ("Giấy tờ tuỳ thân của người đề nghị", CARDS),
        ("Bản sao GCN QSDĐ", (LAND,)),
        ("Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất", (LAND,)),
        ("Giấy chứng nhận đăng ký doanh nghiệp hoặc Giấy chứng nhận đăng ký đầu tư", (COMPANY,)),
        ("Quyết định thành lập hoặc Giấy chứng nhận đăng ký doanh nghiệp", (COMPANY,)),
        ("Giấy khai sinh, Trích lục khai sinh hoặc thẻ căn cước", (BIRTH, "trich-luc-khai-sinh", *CARDS[::-1])),
        ("Bản sao Hộ chiếu, Giấy chứng minh nhân dân hoặc giấy tờ có giá trị thay thế", CARDS),
        ("Một trong các giấy tờ sau: Giấy khai sinh; Giấy chứng nhận kết hôn; bản án của Tòa án", (BIRTH, MARRIAGE)),
        ("Đối với nhà ở: bản sao Giấy phép xây dựng", (BUILDING,)),
        ("Trường hợp đã kết hôn thì phải nộp Giấy chứng nhận kết hôn", (MARRIAGE,)),
    ],
)
def test_a_row_that_names_a_paper_of_ours_is_that_paper(row, paper_types) -> None:
    component = only(f"{row}1 bản chính")
    assert component.kind is ComponentKind.PAPER
    assert component.paper_types == paper_types
    assert "tên giấy tờ" in component.reason


@pytest.mark.parametrize(
    "row",
    [
        "Giấy chứng nhận đăng ký đầu tư",
        "Giấy phép kinh doanh xuất khẩu xăng dầu",
        "Giấy chứng nhận căn cước",
        "Giấy chứng nhận kết hôn do cơ quan có thẩm quyền của nước ngoài cấp",
        "Giấy tờ chứng minh nhân thân, nơi cư trú của công dân nước láng giềng",
        "Quyết định cấp giấy phép xây dựng",
        "Văn bản xác nhận việc mất giấy khai sinh hoặc thẻ căn cước",
        "Tờ trình về cấp giấy phép xây dựng, giấy chứng nhận quyền sử dụng đất",
        "Giấy cam đoan về việc không có Giấy khai sinh",
        "Giấy khai sinh điện tử dùng thử",
        "Quyết định ly hôn",
        "Công văn của cơ quan cấp giấy phép lái xe",
    ],
)
def test_a_row_that_only_sounds_like_a_paper_of_ours_is_another_paper(row) -> None:
    component = only(f"- {row}.1 bản chính")
    assert component.kind is ComponentKind.OTHER_PAPER
    assert not component.person_decides


@pytest.mark.parametrize(
    "row",
    [
        "Tờ khai đăng ký khai sinh theo mẫu",
        "Đơn đề nghị cấp giấy phép xây dựng và giấy chứng nhận quyền sử dụng đất",
        "Văn bản đề nghị cấp lại Giấy chứng nhận đăng ký doanh nghiệp/ Thông báo mã số thuế theo mẫu",
        "Mẫu điện tử tương tác yêu cầu cấp bản sao Giấy khai sinh, bản sao Trích lục hộ tịch",
        "Danh sách thành viên theo Mẫu số 03",
        "Thông báo rời bến theo mẫu",
    ],
)
def test_a_form_is_a_form_whatever_it_is_about(row) -> None:
    assert only(f"- {row};1 bản chính").kind is ComponentKind.FORM


@pytest.mark.parametrize(
    "text",
    [
        f"* Lưu ý:{HEAD}- Giấy khai sinh bị tẩy xóa thì không có giá trị.0 bản chính",
        f"--{HEAD}- Người có yêu cầu nộp hoặc xuất trình các giấy tờ sau:0 bản chính",
        f"--{HEAD}Trường hợp đã có dữ liệu điện tử của Giấy khai sinh thì không phải nộp bản giấy.0 bản chính",
        f"--{HEAD}Cơ quan đăng ký từ chối giải quyết nếu giấy tờ không đúng sự thật.0 bản chính",
        f"--{HEAD}Trường hợp gửi qua bưu chính thì phải gửi kèm bản sao các giấy tờ nêu trên.0 bản chính",
        f"--{HEAD}Giấy tờ do nước ngoài cấp phải được hợp pháp hóa lãnh sự theo quy định.0 bản chính",
        f"--{HEAD}Trường hợp khai thác được thông tin: cá nhân không phải nộp Giấy khai sinh1 bản chính",
    ],
)
def test_a_remark_asks_for_nothing(text) -> None:
    component = only(text)
    assert component.kind is ComponentKind.CONDITION
    assert not component.required
    assert component.reason


def test_what_is_not_understood_is_left_to_a_person_and_still_asked_for() -> None:
    component = only("Khoảng trời xanh phía trước1 bản chính")
    assert (component.kind, component.person_decides, component.required) == (ComponentKind.OTHER_PAPER, True, True)
    assert verdict_of(component) is Verdict.PERSON


def test_who_must_bring_something_is_never_taken_for_a_remark() -> None:
    component = only("Cá nhân nộp bản sao thẻ căn cước1 bản sao")
    assert component.kind is not ComponentKind.CONDITION


def test_and_makes_two_components_or_makes_one() -> None:
    first, second = mapped("Bản sao Giấy khai sinh và bản sao Giấy chứng nhận kết hôn1 bản sao")
    assert (first.paper_types, second.paper_types) == ((BIRTH,), (MARRIAGE,))
    assert (first.name, second.name) == ("Bản sao Giấy khai sinh và", "bản sao Giấy chứng nhận kết hôn")
    assert (first.copies, second.copies) == (1, 1)
    assert only("Giấy khai sinh hoặc Giấy chứng nhận kết hôn1 bản sao").paper_types == (BIRTH, MARRIAGE)
    both = mapped("Bản chính hoặc bản sao Giấy khai sinh, Giấy chứng nhận kết hôn1 bản chính")
    assert [one.paper_types for one in both] == [(BIRTH,), (MARRIAGE,)]


def test_a_list_behind_a_head_is_parted_at_every_comma() -> None:
    text = "+ Giấy tờ xuất trình cho cảng vụ gồm: giấy chứng nhận an toàn (nếu có), giấy phép xây dựng, sổ theo dõi1 bản chính"
    kinds = [(one.kind, one.paper_types) for one in mapped(text)]
    assert kinds == [
        (ComponentKind.OTHER_PAPER, ()),
        (ComponentKind.PAPER, (BUILDING,)),
        (ComponentKind.OTHER_PAPER, ()),
    ]


def test_several_bullets_published_as_one_row_are_several_components() -> None:
    found = mapped("- Đơn đề nghị theo Mẫu số 01. - Biên bản họp thôn. - Dự án hỗ trợ.1 bản chính")
    assert [one.name for one in found] == ["- Đơn đề nghị theo Mẫu số 01.", "- Biên bản họp thôn.", "- Dự án hỗ trợ."]
    assert [one.kind for one in found] == [ComponentKind.FORM, ComponentKind.OTHER_PAPER, ComponentKind.OTHER_PAPER]


@pytest.mark.parametrize(
    ("row", "role", "person_decides"),
    [
        ("Giấy khai sinh", None, False),
        ("Giấy khai sinh của người yêu cầu", None, False),
        ("Giấy khai sinh của con", "child", False),
        ("Giấy chứng nhận kết hôn của cha, mẹ", "parents", False),
        ("Thẻ căn cước của vợ", "wife", False),
        ("Trích lục khai tử của người chết", "deceased", False),
        ("Giấy khai sinh do Ủy ban nhân dân xã cấp", None, False),
        ("Giấy phép xây dựng theo quy định của pháp luật", None, False),
        ("Giấy khai sinh của thuyền viên", "other", True),
    ],
)
def test_whose_paper_it_is_is_told_or_left_to_a_person(row, role, person_decides) -> None:
    component = only(f"{row}1 bản chính")
    assert (component.role, component.person_decides) == (role, person_decides)


def test_a_paper_to_be_handed_back_is_left_to_a_person() -> None:
    component = only("Trường hợp cấp lại thì phải nộp lại Giấy phép xây dựng đã cấp1 bản chính")
    assert (component.paper_types, component.person_decides, component.required) == ((BUILDING,), True, False)


def test_only_in_some_case_is_not_required() -> None:
    assert only("Giấy khai sinh1 bản chính").required
    assert not only("Giấy khai sinh (nếu có)1 bản chính").required
    assert not only("Giấy khai sinh đối với người chưa có căn cước1 bản chính").required
    # `nêu`, `khí` and `trú` are other words than `nếu`, `khi` and `trừ`.
    assert only("Giấy phép xây dựng trạm khí1 bản chính").required
    assert only("Văn bản nêu rõ nơi cư trú1 bản chính").required


def test_headings_of_several_cases_make_their_papers_not_required() -> None:
    text = f"a) Trường hợp cấp mới:{HEAD}Giấy A1 bản chínhb) Trường hợp cấp lại:{HEAD}Giấy B1 bản chính"
    found = mapped(text)
    assert [(one.case, one.required) for one in found] == [
        ("Trường hợp cấp mới", False),
        ("Trường hợp cấp lại", False),
    ]
    (alone,) = mapped(f"* Giấy tờ phải xuất trình:{HEAD}Giấy A1 bản chính")
    assert (alone.case, alone.required, alone.form) == (None, True, SubmissionForm.SHOW)


def test_some_names_mean_a_paper_of_ours_in_one_field_alone() -> None:
    row = "Giấy chứng nhận đã cấp1 bản chính"
    assert only(row, "Đất đai").paper_types == (LAND,)
    assert only(row, "Thủy sản").kind is ComponentKind.OTHER_PAPER


def test_a_published_file_becomes_a_procedure() -> None:
    text = f"--{HEAD}- Tờ khai đăng k\u200eý kết hôn1 bản chính- Giấy xác nhận tình trạng hôn nhân1 bản chính"
    values = {"linh_vuc": "Hộ tịch", "cap_thuc_hien": "Cấp xã", "so_quyet_dinh": "1/QĐ-THU", "khac": 1}
    data = published(text, ten_thu_tuc="Thủ tục  đăng ký kết hôn", **values)
    procedure = parse_published(data, "x.json", TYPES)
    assert (procedure.code, procedure.name, procedure.field) == ("1.009999", "Thủ tục đăng ký kết hôn", "Hộ tịch")
    form, paper = procedure.components
    assert form.kind is ComponentKind.FORM
    assert (paper.paper_types, paper.scope) == ((SINGLE,), "marriage")
    assert procedure.text == text.replace("\u200e", "")
    report = report_of([procedure])
    assert report.mapped_share == 1.0 and report.counts[Verdict.PAPER] == 1 and report.left_to_a_person == ()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        (b"", None),
        (b"[1]", None),
        (b"\xff\xfe", None),
        (b"[" * 100_000, None),
        (b"{}", "ma_thu_tuc"),
        (published("Giấy A", ma_thu_tuc="khong-phai-ma"), "ma_thu_tuc"),
        (published("Giấy A", ma_thu_tuc=7), "ma_thu_tuc"),
        (published("Giấy A", ten_thu_tuc=" "), "ten_thu_tuc"),
        (published(""), "thanh_phan_ho_so"),
        (published("Giấy A", thanh_phan_ho_so=["a"]), "thanh_phan_ho_so"),
        (published("Giấy A", linh_vuc=5), "linh_vuc"),
    ],
)
def test_a_bad_file_is_told_by_file_and_field(data, field) -> None:
    with pytest.raises(SohoaError) as caught:
        parse_published(data, "x.json", TYPES)
    assert caught.value.code is Code.PROCEDURE_INVALID
    assert caught.value.problem.field == field
    assert caught.value.problem.detail.startswith("x.json: " + (field or ""))


PARTS = st.sampled_from(
    [
        HEAD,
        "1 bản chính",
        "0 bản chính,1 bản sao",
        "2 bản sao",
        "Giấy khai sinh",
        "thẻ căn cước",
        "Trường hợp",
        " thì phải nộp ",
        "Đơn đề nghị",
        " của con",
        " hoặc ",
        " và ",
        ", ",
        "; ",
        ": ",
        "/",
        "(",
        ")",
        "- ",
        "+ ",
        "* Lưu ý:",
        " gồm: ",
        "Mẫu số 1.docx",
        ".",
        " ",
        "12",
        "GCN QSDĐ",
        "không phải nộp",
        "\t",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PARTS | st.text(max_size=8), max_size=25).map("".join))


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_cut_without_losing_a_character(text) -> None:
    pieces = pieces_of(text)
    assert "".join(piece.text for piece in pieces) == text
    printed = [piece.text for piece in pieces if piece.kind is PieceKind.ROW and piece.text.strip()]
    for whole, row in zip(printed, rows_of_published(text), strict=True):
        kept = re.sub(r"\s", "", row.name + "".join(row.forms))
        packed = re.sub(r"\s", "", whole)
        assert packed.startswith(kept)
        assert re.fullmatch(r"(?:\d+bản(?:chính|sao)(?:,\d{1,3}bảnsao)?)?", packed[len(kept) :])


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_any_text_is_mapped_and_every_word_of_a_row_is_in_a_component(text) -> None:
    seen = visible(text)
    rows = rows_of_published(seen)
    for row in rows:
        components = components_of([row], TYPES, None)
        assert components
        assert re.sub(r"\s", "", "".join(one.name for one in components)) == re.sub(r"\s", "", row.name)
        assert all(one.reason for one in components)
        assert all(one.originals == row.originals and one.copies == row.copies for one in components)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=200), TEXTS.map(published)))
def test_any_file_is_a_procedure_or_a_typed_error(data) -> None:
    try:
        procedure = parse_published(data, "x.json", TYPES)
    except SohoaError as error:
        code = error.code
    else:
        code = Code.PROCEDURE_INVALID
        assert type(procedure).from_json(procedure.to_json()) == procedure
    assert code is Code.PROCEDURE_INVALID
