"""What a clerk or steward is asked about the papers of a dossier, in Vietnamese."""

from collections.abc import Mapping

from storage.dossier import Question, QuestionKind

# Why a paper may begin on a page, or why not: words for the marks of `extractors.splitting.evidence`.
REASONS: Mapping[str, str] = {
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


def question_words(question: Question) -> str:
    """Return what is asked about a page, to follow the page's name."""
    if question.kind is QuestionKind.TWO_PAPERS:
        return f"hình như có hai giấy tờ ({_listed(question.reasons_for)})"
    choice = "tạm tách" if question.is_cut else "tạm ghép vào giấy trước"
    for_cut, against = _listed(question.reasons_for), _listed(question.reasons_against)
    return f"có phải giấy tờ khác không? {choice}; tách vì {for_cut}; ghép vì {against}"


def _listed(reasons: tuple[str, ...]) -> str:
    return ", ".join(REASONS.get(reason, reason) for reason in reasons) or "không có dấu hiệu"
