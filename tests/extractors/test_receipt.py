"""The receipt as the dossier's table of contents."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.contents import dossier_code_of, listed_papers
from extractors.dossier_page import DossierPage
from extractors.paper_names import component_types
from extractors.paper_text import PaperText
from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import Sorting, sort_pages
from extractors.receipt import component_names, component_zone, expected_types
from extractors.sample import page_from_text, pages_from_sample
from ocr.page import PageText

TYPES = shipped_paper_types()
BY_ID = {one.id: one for one in TYPES}
RECEIPT = BY_ID["giay-tiep-nhan-ho-so"].samples[0]

CENTRED = """
  1. Thành phần hồ sơ, yêu cầu và số lượng mỗi loại giấy tờ gồm:
   STT   Tên giấy tờ                  Loại giấy tờ           Số lượng
                                  (bản chính, bản sao)
         Tờ khai đăng ký khai sinh
   1     theo mẫu của Bộ Tư pháp,     Bản chính        01
         đã ký
   2     Giấy chứng nhận kết hôn      Bản sao          01
         Thẻ căn cước công dân của
   3                                   Bản sao          01
         cha và mẹ
  2. Số lượng hồ sơ: 01 (bộ)
"""
FROM_THE_TOP = """
   STT   Tên giấy tờ                  Loại giấy tờ           Số lượng
   1     Tờ khai đăng ký khai sinh    Bản chính        01
         theo mẫu của Bộ Tư pháp,
         đã ký
   2     Giấy chứng nhận kết hôn      Bản sao          01
   3     Thẻ căn cước công dân của    Bản sao          01
         cha và mẹ
  2. Số lượng hồ sơ: 01 (bộ)
"""
NAMES = (
    "Tờ khai đăng ký khai sinh theo mẫu của Bộ Tư pháp, đã ký",
    "Giấy chứng nhận kết hôn",
    "Thẻ căn cước công dân của cha và mẹ",
)


def pages(*given: PageText | str) -> list[DossierPage]:
    made = [page_from_text(page) if isinstance(page, str) else page for page in given]
    return [
        DossierPage("a.pdf", page.model_copy(update={"page_number": number})) for number, page in enumerate(made, 1)
    ]


def receipt(*, codes: tuple[str, ...] = RECEIPT.codes, text: str = RECEIPT.text) -> PageText:
    return pages_from_sample(RECEIPT.model_copy(update={"codes": codes, "text": text}))[0]


def sorted_pages(*given: PageText | str) -> Sorting:
    return sort_pages(pages(*given), TYPES)


@pytest.mark.parametrize("table", [CENTRED, FROM_THE_TOP])
def test_names_that_run_over_lines_belong_to_their_ordinal(table: str):
    paper = PaperText((page_from_text(table),))
    assert component_names(paper) == NAMES
    zone = component_zone(paper)
    assert zone is not None and zone.text.count("\n") == 2
    assert "Bản" not in {word.word.text for word in zone.words}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Thành phần hồ sơ gồm:\n1. Đơn đăng ký biến động đất đai\n2. Giấy CNQSD đất và trang bổ sung\nThời gian nhận: 8",
            ("Đơn đăng ký biến động đất đai", "Giấy CNQSD đất và trang bổ sung"),
        ),
        (
            "Thành phần hồ sơ gồm:\n- Tờ khai đăng ký khai sinh;\n- Quyết định thành lập\nSố lượng hồ sơ: 1",
            ("Tờ khai đăng ký khai sinh", "Quyết định thành lập"),
        ),
        ("Không có bảng nào ở đây", ()),
        ("", ()),
    ],
)
def test_lists_without_borders(text: str, names: tuple[str, ...]):
    assert component_names(PaperText((page_from_text(text),))) == names


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="123456 .-\nabcGiấy tờSTTên", max_size=200))
def test_no_table_breaks_it(text: str):
    assert isinstance(component_names(PaperText((page_from_text(f"STT Tên giấy tờ\n{text}"),))), tuple)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Tờ khai đăng ký khai sinh", "to-khai-dang-ky-khai-sinh"),
        ("Bản sao Giấy khai sinh", "giay-khai-sinh"),
        ("CCCD của cha mẹ", "can-cuoc-cong-dan"),
        ("GCN QSDĐ", "giay-chung-nhan-quyen-su-dung-dat"),
        ("Giấy CNQSD đất", "giay-chung-nhan-quyen-su-dung-dat"),
        ("Bản sao Quyết định thành lập", "quyet-dinh"),
        ("Đơn theo quyết định 12", None),
        ("Giấy chứng nhận đăng ký hộ kinh doanh", "giay-chung-nhan-dang-ky-ho-kinh-doanh"),
        ("Giấy xác nhận TTHN", "giay-xac-nhan-tinh-trang-hon-nhan"),
        ("Trích lục khai sinh hoặc giấy khai sinh", "trich-luc-khai-sinh"),
    ],
)
def test_names_speak_of_types(name: str, first: str | None):
    assert next(iter(component_types(name, TYPES)), None) == first


def test_listed_papers_are_found_once_each_and_the_rest_is_missing():
    declaration = BY_ID["to-khai-dang-ky-khai-sinh"].samples[0].text
    sorting = sorted_pages(receipt(), declaration)
    listed = listed_papers(sorting.papers, TYPES)
    assert [(one.paper_type, one.paper_index) for one in listed] == [
        ("to-khai-dang-ky-khai-sinh", 1),
        ("giay-chung-nhan-ket-hon", None),
    ]


def test_what_a_receipt_lists_is_expected():
    assert expected_types(pages(receipt()), TYPES) == {"to-khai-dang-ky-khai-sinh", "giay-chung-nhan-ket-hon"}
    assert expected_types(pages(BY_ID["giay-khai-sinh"].samples[0].text), TYPES) == frozenset()


def test_the_dossier_code_is_taken_only_where_it_is_sure():
    printed = "H05.12-251112-0012"
    assert dossier_code_of(sorted_pages(receipt())) == printed
    assert dossier_code_of(sorted_pages(receipt(codes=("H05.12-251112-0013",)))) is None
    assert dossier_code_of(sorted_pages(receipt(codes=()))) is None
    birth = pages_from_sample(BY_ID["giay-khai-sinh"].samples[0].model_copy(update={"codes": (printed,)}))[0]
    assert dossier_code_of(sorted_pages(birth)) is None
