"""What a clerk is told of a dossier beside its records: cuts to confirm, and listed papers that were not seen."""

import sys
from collections.abc import Iterable, Iterator

from rich.text import Text

from flows.record_view import console_for, paper_type_name
from ocr.messages import on_one_line
from storage.dossier import Component, Dossier, Question, QuestionKind
from storage.dossiers import load_dossier
from storage.objects import ObjectStore

# Why a paper may begin on a page, or why not: words for the marks of `extractors.splitting.evidence`.
REASONS = {
    "national-header": "có Quốc hiệu",
    "title": "có tên loại giấy tờ",
    "title-on-receipt": "giấy tiếp nhận có ghi loại này",
    "title-of-act-without-header": "có tên loại văn bản nhưng không có Quốc hiệu",
    "no-heading": "không có Quốc hiệu và tên loại",
    "annex": "ghi là phụ lục, kèm theo văn bản khác",
    "closed-before": "trang trước đã có phần ký",
    "new-file": "sang tệp khác",
    "blank-before": "trước đó có trang trống",
    "last-page-before": "trang trước là trang cuối theo số trang",
    "page-numbers-end": "trang trước có số trang, trang này không",
    "page-number-one": "số trang là 1",
    "page-number-goes-on": "số trang nối tiếp",
    "page-number-of-later-page": "có số của một trang sau",
    "articles-go-on": "số Điều nối tiếp",
    "articles-begin-anew": "số Điều bắt đầu lại từ 1",
    "sections-go-on": "số mục La Mã nối tiếp",
    "items-go-on": "số mục nối tiếp",
    "text-runs-on": "câu viết tiếp từ trang trước",
    "labels-again": "lặp lại các mục của giấy trước",
    "labels-of-paper-before": "có các mục của giấy trước",
    "labels-of-other-type": "có các mục của loại giấy khác",
    "same-personal-number": "cùng số định danh",
    "other-personal-number": "số định danh khác",
    "second-card-back": "giấy trước đã có mặt sau",
    "card-back": "giống mặt sau của thẻ",
    "card-begins": "giống thẻ, giấy trước không phải thẻ",
    "card-ends": "giấy trước là thẻ, trang này không giống thẻ",
    "page-turned": "trang xoay ngang",
    "other-page-size": "khổ giấy khác",
    "other-text-size": "cỡ chữ khác",
    "same-layout": "cùng lề, cùng cỡ chữ",
    "two-titles": "có hai tên loại giấy tờ",
    "two-codes": "có mã của hai người",
}


def contents_lines(dossier: Dossier) -> Iterator[str]:
    """Yield a sentence for each question and for each listed paper that was not seen."""
    for question in dossier.questions:
        yield _question(question)
    for component in dossier.unseen_components:
        yield _unseen(component)


def print_contents(store: ObjectStore, dossier_ids: Iterable[str]) -> None:
    """Print on standard output what is open about the dossiers beside their records.

    Raises:
        SohoaError: The store cannot be used.
    """
    console = console_for(sys.stdout)
    for dossier_id in dict.fromkeys(dossier_ids):
        dossier = load_dossier(store, dossier_id)
        for line in contents_lines(dossier) if dossier else ():
            console.print(Text(f"{on_one_line(dossier_id)}: {line}", style="yellow"), soft_wrap=True)


def _question(question: Question) -> str:
    place = f"{on_one_line(question.page.file)} trang {question.page.page_number}"
    if question.kind is QuestionKind.TWO_PAPERS:
        return f"cần xem: {place} hình như có hai giấy tờ ({_listed(question.reasons_for)})"
    choice = "tạm tách" if question.is_cut else "tạm ghép vào giấy trước"
    for_cut, against = _listed(question.reasons_for), _listed(question.reasons_against)
    return f"cần xem: {place} có phải giấy tờ khác không? {choice}; tách vì {for_cut}; ghép vì {against}"


def _listed(reasons: tuple[str, ...]) -> str:
    return ", ".join(REASONS.get(reason, reason) for reason in reasons) or "không có dấu hiệu"


def _unseen(component: Component) -> str:
    if component.paper_type is None:
        return f"“{on_one_line(component.name)}”: có trong giấy tiếp nhận, chưa rõ loại, cần đối chiếu"
    return f"“{on_one_line(component.name)}” ({paper_type_name(component.paper_type)}): chưa thấy trong tập quét"
