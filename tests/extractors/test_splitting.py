"""Cuts between papers: what speaks for and against them, in bundles of every shipped paper type."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.dossier_page import DossierPage
from extractors.paper_type import Sample
from extractors.paper_type_loader import shipped_paper_types
from extractors.papers import sort_pages
from extractors.sample import page_from_text, pages_from_sample
from extractors.splitting.separators import Separator, separator_payload
from extractors.splitting.split import Run, split_pages
from ocr.page import Box, CodeContent, CodeFormat, PageCode, PageText
from storage.dossier_words import REASONS

TYPES = shipped_paper_types()
SAMPLES = {one.id: one.samples for one in TYPES if one.samples}
DECISION = SAMPLES["quyet-dinh"][0].text
NOTHING = page_from_text("")
BODY = "\n".join(["Giao các cơ quan liên quan thực hiện việc này đúng hạn."] * 20)


def bundle(*pages: PageText | str, file: str = "a") -> list[DossierPage]:
    made = [page_from_text(page) if isinstance(page, str) else page for page in pages]
    return [
        DossierPage(f"{file}.pdf", page.model_copy(update={"page_number": number, "scan_sha256": file * 64}))
        for number, page in enumerate(made, 1)
    ]


def sheet(**said: str) -> PageText:
    code = PageCode(
        format=CodeFormat.QR,
        content=CodeContent.TEXT,
        text=separator_payload(Separator(**said)),
        box=Box(0, 0, 9, 9),
        corners=(),
    )
    return page_from_text("TRANG NGĂN CÁCH").model_copy(update={"codes": (code,)})


def numbers(runs: list[Run]) -> list[list[int]]:
    return [[page.page.page_number for page in run.pages] for run in runs]


def doubts(runs: list[Run]) -> set[str]:
    return {doubt.kind for run in runs for doubt in run.doubts}


def test_samples_of_all_types_bound_together_come_apart_again():
    chance = random.Random(5)
    samples: list[Sample] = [sample for one in TYPES if one.family is None for sample in one.samples]
    samples.append(SAMPLES["quyet-dinh"][0])
    for _ in range(6):
        pages: list[PageText] = []
        expected: list[list[int]] = []
        for sample in chance.sample(samples, 6):
            expected.append([])
            for page in pages_from_sample(sample):
                pages.append(page)
                expected[-1].append(len(pages))
                if chance.random() < 0.3:
                    pages.append(NOTHING)
        runs = split_pages(bundle(*pages), TYPES)
        assert numbers(runs) == expected
        assert not doubts(runs)


@pytest.mark.parametrize(
    "following",
    [
        "Điều 2. Giao Văn phòng thực hiện.\nĐiều 3. Quyết định này có hiệu lực kể từ ngày ký.",
        f"                              2\n\n{BODY}",
        f"{BODY}\n\n                                       Trang 2/2",
        "KẾ HOẠCH\nKiểm tra năm 2024\n(Kèm theo Quyết định số 125/QĐ-UBND ngày 06 tháng 5 năm 2024)",
        "PHỤ LỤC I\nDanh sách các đơn vị được kiểm tra\n1. Xã Hoài Thượng",
        "và các đơn vị liên quan khác trong tỉnh theo danh sách kèm theo.",
    ],
)
def test_what_goes_on_stays_with_its_paper(following: str):
    runs = split_pages(bundle(DECISION, following), TYPES)
    assert numbers(runs) == [[1, 2]]
    assert not doubts(runs)


def test_a_page_between_two_papers_that_fits_neither_is_a_question():
    note = "Đơn viết tay không đầu đề\nTôi xin trình bày việc sau đây"
    [run] = split_pages(bundle(SAMPLES["giay-khai-sinh"][0].text, NOTHING, note), TYPES)
    [doubt] = run.doubts
    assert doubt.kind == "cut" and not doubt.is_cut and doubt.page.page.page_number == 3
    assert "no-heading" in doubt.reasons_against
    assert {"closed-before", "blank-before"} <= set(doubt.reasons_for)
    [paper] = sort_pages(bundle(SAMPLES["giay-khai-sinh"][0].text, NOTHING, note), TYPES).papers
    assert "cut-uncertain" in paper.type_reasons and paper.state == "needs_review"


def test_both_papers_beside_an_uncertain_cut_wait_for_a_steward():
    # The national header says a paper begins, the page number says it goes on.
    numbered = "                              2\n" + DECISION
    runs = split_pages(bundle(DECISION, numbered), TYPES)
    if doubts(runs):
        assert all(run.doubts for run in runs)


def test_a_new_file_begins_a_paper_unless_the_page_surely_goes_on():
    first, second = bundle(DECISION), bundle("Điều 9. Một văn bản khác.", file="b")
    assert len(split_pages([*first, *second], TYPES)) == 2


def test_the_back_of_a_card_stays_with_its_front_and_of_no_other():
    front, back = pages_from_sample(SAMPLES["can-cuoc-cong-dan"][0])
    assert numbers(split_pages(bundle(front, back), TYPES)) == [[1, 2]]
    assert numbers(split_pages(bundle(front, back, DECISION), TYPES)) == [[1, 2], [3]]
    assert numbers(split_pages(bundle(DECISION, front, back, front, back), TYPES)) == [[1], [2, 3], [4, 5]]


def test_an_act_that_speaks_of_cards_at_length_is_none():
    words = "Theo quy định thì đặc điểm nhận dạng, ngón trỏ trái và ngón trỏ phải của công dân do Bộ Công an thu nhận."
    lines = "\n".join([words] * 12)
    [run] = split_pages(bundle(f"{words}\nĐiều 1. Một.", f"{lines}\nĐiều 2. Hai."), TYPES)
    assert len(run.pages) == 2 and not run.doubts


def test_two_cards_on_one_page_are_a_question():
    text = SAMPLES["can-cuoc-cong-dan"][0].text.split("===")[0]
    both = "\n".join([text, "", "", *text.splitlines()[2:]])
    assert "two-papers" in doubts(split_pages(bundle(both), TYPES))
    assert not doubts(split_pages(bundle(text), TYPES))


def test_separator_sheets_part_what_would_stay_together_and_are_in_no_paper():
    pages = bundle(sheet(), DECISION, sheet(paper_type="ke-hoach"), "Điều 2. Trang rời.", sheet(), sheet())
    sorting = sort_pages(pages, TYPES)
    assert numbers(split_pages(pages, TYPES)) == [[2], [4]]
    assert [page.page.page_number for page, _ in sorting.separators] == [1, 3, 5, 6]
    assert sorting.papers[1].paper_type is not None and sorting.papers[1].paper_type.id == "ke-hoach"
    assert "separator:ke-hoach" in sorting.papers[1].type_reasons and sorting.papers[1].state == "needs_review"


def test_a_sheet_that_announces_another_type_leaves_the_paper_to_a_steward():
    [paper] = sort_pages(bundle(sheet(paper_type="giay-khai-sinh"), DECISION), TYPES).papers
    assert paper.paper_type is not None and paper.paper_type.id == "quyet-dinh"
    assert "separator-says:giay-khai-sinh" in paper.type_reasons and paper.state == "needs_review"


PIECES = (
    DECISION,
    "Điều 2. Trang sau.",
    "2",
    "và tiếp theo",
    "KẾ HOẠCH",
    "Trang 3/2",
    *[s[0].text for s in SAMPLES.values()][:6],
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from((*PIECES, "", None)), st.sampled_from("ab")), max_size=7))
def test_every_page_is_in_exactly_one_place_in_order(kinds: list[tuple[str | None, str]]):
    pages = [
        DossierPage(
            f"{file}.pdf",
            (sheet() if text is None else page_from_text(text)).model_copy(
                update={"page_number": number, "scan_sha256": file * 64}
            ),
        )
        for number, (text, file) in enumerate(kinds, 1)
    ]
    sorting = sort_pages(pages, TYPES)
    in_papers = [page.page.page_number for paper in sorting.papers for page in paper.pages]
    aside = [
        page.page.page_number for page in (*sorting.blank, *sorting.failed, *(page for page, _ in sorting.separators))
    ]
    assert in_papers == sorted(in_papers)
    assert sorted(in_papers + aside) == list(range(1, len(pages) + 1))
    for doubt in sorting.doubts:
        assert {*doubt.reasons_for, *doubt.reasons_against} <= set(REASONS)
