"""Vietnamese words for what supports a value and for what speaks against it. One table for terminal and pages."""

from collections.abc import Mapping

from extractors.record import DecisionKind, ExtractedField, RecordState

STATES: Mapping[RecordState, str] = {
    RecordState.NEEDS_REVIEW: "chờ người xem",
    RecordState.ACCEPTED: "máy đã nhận",
    RecordState.APPROVED: "đã duyệt",
    RecordState.REJECTED: "đã loại",
    RecordState.SUPERSEDED: "đã được thay thế",
    RecordState.REVOKED: "đã bị thu hồi",
}
DECISIONS: Mapping[DecisionKind, str] = {
    DecisionKind.APPROVE: "duyệt",
    DecisionKind.CORRECT: "sửa",
    DecisionKind.REJECT: "loại",
    DecisionKind.REOPEN: "mở lại",
    DecisionKind.SUPERSEDE: "thay thế",
    DecisionKind.REVOKE: "thu hồi",
    DecisionKind.REINSTATE: "khôi phục",
    DecisionKind.ERASE: "xóa",
}
# By `decided_by` of an accepted field.
SUPPORTS: Mapping[str, str] = {
    "code-payload": "khớp mã trên giấy",
    "date-in-words": "khớp ngày ghi bằng chữ",
    "in-words": "khớp số ghi bằng chữ",
    "notation-of-title-and-organ": "khớp tên loại và cơ quan",
    "organ-named-again": "khớp tên trong văn bản và ký hiệu",
    "place-in-organ": "khớp tên cơ quan",
    "sex-of-personal-id": "khớp số định danh",
    "register": "khớp cơ sở dữ liệu",
    "two-readers": "hai bộ đọc độc lập khớp nhau",
    "two-places": "khớp hai chỗ trên giấy",
}

# By `reasons` of a field that waits for a steward.
DOUBTS: Mapping[str, str] = {
    "single-reading": "mới đọc một lần",
    "contradicted:birth_of_personal_id": "số định danh không khớp ngày sinh",
    "contradicted:code_payload": "không khớp mã trên giấy",
    "contradicted:date_in_words": "ngày bằng số khác ngày bằng chữ",
    "contradicted:in_words": "số khác chữ ghi bằng lời",
    "contradicted:name_of_zone": "họ tên không khớp vùng MRZ",
    "contradicted:organ_of_notation": "không khớp ký hiệu, có thể thiếu một dòng",
    "contradicted:not_before": "thứ tự ngày vô lý",
    "contradicted:sex_of_personal_id": "không khớp số định danh",
    "day-impossible": "ngày không có thật",
    "day-unread": "không đọc được ngày",
    "empty": "chỗ trống",
    "month-unread": "không đọc được tháng",
    "left-blank": "giấy để trống",
    "line-below-unread": "có chữ chưa đọc ở dòng dưới",
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
    "not-sure-enough": "có căn cứ nhưng theo số đo chưa đủ chắc",
    "century-impossible": "số định danh thuộc thế kỷ chưa tới",
    "check-digit-wrong": "sai số kiểm tra",
    "not-a-dossier-code": "không giống mã hồ sơ",
    "not-a-license-class": "không phải hạng giấy phép lái xe",
    "not-a-license-number": "không giống số giấy phép lái xe",
    "not-a-map-sheet": "không giống số tờ bản đồ",
    "not-a-parcel": "không giống số thửa",
    "not-a-procedure-code": "không giống mã thủ tục",
    "not-a-serial": "không giống số phát hành",
    "not-an-area": "không giống diện tích",
    "not-an-enterprise-code": "không giống mã số doanh nghiệp",
    "not-in-capitals": "chữ cái không in hoa",
    "not-in-list": "không có trong danh mục",
    "not-money": "không giống số tiền",
    "province-unknown": "ba số đầu không phải mã tỉnh",
    "separator-ambiguous": "dấu chấm, dấu phẩy hiểu được hai cách",
    "several-numbers": "có nhiều số",
    "other-reader": "giá trị do bộ đọc khác đề xuất",
    "province-unseen": "không thấy tên tỉnh, có thể thiếu một dòng",
    "readers-differ": "các bộ đọc không khớp",
    "repaired:accents": "đã sửa theo danh mục",
    "surname-uncertain": "có thể thiếu họ",
    "too-little-measured": "có căn cứ nhưng chưa đo đủ để tin",
    "title-incomplete": "có thể thiếu một dòng",
    "words-unread": "không đọc được chữ",
    "year-out-of-range": "năm ngoài khoảng hợp lý",
}


def verdict_on(field: ExtractedField, *, required: bool) -> str:
    """Return in a few words whether a person must look at the field, and why."""
    if field.was_decided_by_person:
        account = (field.decided_by or "").partition(":")[2]
        person = f"cán bộ {account}" if account else "cán bộ"
        return f"{person} xác nhận" if field.value is not None else f"{person} xác nhận giấy không ghi"
    if field.accepted:
        return f"đã nhận: {SUPPORTS.get(field.decided_by or '', field.decided_by or '')}"
    if not field.needs_person(required=required):
        return "không có"
    doubts = [DOUBTS.get(reason, reason) for reason in field.reasons]
    return f"cần xem: {', '.join(doubts)}"
