"""Vietnamese words for what supports a value and for what speaks against it. One table for terminal and pages."""

from collections.abc import Mapping

from extractors.record import ExtractedField

# By `decided_by` of an accepted field.
SUPPORTS: Mapping[str, str] = {
    "date-in-words": "khớp ngày ghi bằng chữ",
    "notation-of-title-and-organ": "khớp tên loại và cơ quan",
    "organ-named-again": "khớp tên trong văn bản và ký hiệu",
    "place-in-organ": "khớp tên cơ quan",
    "sex-of-personal-id": "khớp số định danh",
    "two-readers": "hai bộ đọc độc lập khớp nhau",
    "two-places": "khớp hai chỗ trên giấy",
}

# By `reasons` of a field that waits for a steward.
DOUBTS: Mapping[str, str] = {
    "single-reading": "mới đọc một lần",
    "contradicted:date_in_words": "ngày bằng số khác ngày bằng chữ",
    "contradicted:organ_of_notation": "không khớp ký hiệu, có thể thiếu một dòng",
    "contradicted:not_before": "thứ tự ngày vô lý",
    "contradicted:sex_of_personal_id": "không khớp số định danh",
    "day-impossible": "ngày không có thật",
    "day-unread": "không đọc được ngày",
    "empty": "chỗ trống",
    "month-unread": "không đọc được tháng",
    "left-blank": "giấy để trống",
    "no-date": "không thấy ngày tháng",
    "no-date-in-words": "không thấy ngày bằng chữ",
    "no-such-date": "ngày không có thật",
    "no-year-in-words": "không thấy năm bằng chữ",
    "not-a-name": "không giống họ tên",
    "not-a-notation": "không giống ký hiệu",
    "not-a-number": "không giống số",
    "not-a-personal-id": "không giống số định danh",
    "not-a-place": "không giống địa danh",
    "not-a-sex": "không phải Nam hay Nữ",
    "not-seen": "không thấy",
    "other-reader": "giá trị do bộ đọc khác đề xuất",
    "readers-differ": "các bộ đọc không khớp",
    "repaired:accents": "đã sửa dấu theo danh mục",
    "surname-uncertain": "có thể thiếu họ",
    "title-incomplete": "có thể thiếu một dòng",
    "words-unread": "không đọc được chữ",
    "year-out-of-range": "năm ngoài khoảng hợp lý",
}


def verdict_on(field: ExtractedField, *, required: bool) -> str:
    """Return in a few words whether a person must look at the field, and why."""
    if field.accepted:
        return f"đã nhận: {SUPPORTS.get(field.decided_by or '', field.decided_by or '')}"
    if not field.needs_person(required=required):
        return "không có"
    doubts = [DOUBTS.get(reason, reason) for reason in field.reasons]
    return f"cần xem: {', '.join(doubts)}"
