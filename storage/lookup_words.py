"""The answer of a lookup in Vietnamese words: one table for terminal, pages and slips. Identifiers are masked."""

from collections.abc import Callable, Mapping

from extractors.record import RecordState
from storage.lookup_answer import Held, Missing, MissingBecause, Reason, Refused

REASONS: Mapping[Reason, str] = {
    Reason.EXPIRED: "không có hiệu lực vào ngày này",
    Reason.SUPERSEDED: "đã có giấy khác thay thế",
    Reason.REVOKED: "đã bị thu hồi, hủy bỏ",
    Reason.UNSETTLED: "còn chờ cán bộ xem",
    Reason.WRONG_PURPOSE: "cấp để dùng vào việc khác, hoặc chưa rõ việc gì",
    Reason.WRONG_SCOPE: "phạm vi ghi trên giấy không gồm việc này",
    Reason.OTHER_PERSON: "họ tên hoặc ngày sinh không khớp: có thể của người khác",
}
MISSING: Mapping[MissingBecause, str] = {
    MissingBecause.NEVER_HELD: "chưa có trong kho",
    MissingBecause.ONLY_REFUSED: "có trong kho nhưng không dùng được",
    MissingBecause.FORM: "khai mới cho mỗi lần làm thủ tục",
    MissingBecause.OTHER_PAPER: "loại giấy tờ kho chưa nhận ra",
    MissingBecause.CONDITION: "điều kiện, cán bộ đọc",
    MissingBecause.PERSON_DECIDES: "có trong kho, cán bộ xem có đúng giấy này không",
    MissingBecause.PERSON_UNKNOWN: "giấy tờ của người khác, chưa cho biết số định danh người ấy",
}
STATES: Mapping[RecordState, str] = {RecordState.ACCEPTED: "máy nhận", RecordState.APPROVED: "cán bộ duyệt"}
# Whose paper a component asks for; `parents` are asked for one by one.
ROLES: Mapping[str, str] = {
    "wife": "vợ (bên nữ)",
    "husband": "chồng (bên nam)",
    "spouse": "vợ hoặc chồng",
    "child": "con",
    "mother": "mẹ",
    "father": "cha",
    "deceased": "người mất",
    "transferor": "bên chuyển nhượng",
    "representative": "người đại diện",
    "member": "thành viên góp vốn",
}
TRUST_LEVELS: Mapping[str, str] = {"01": "gốc điện tử", "02": "số hóa", "03": "hỗn hợp"}

_SHOWN = 3

# Gives what people call a paper type.
NameOf = Callable[[str], str]


def masked(identifier: str) -> str:
    """Return an identifier with all but its first and last three characters hidden."""
    return identifier[:_SHOWN] + "*" * (len(identifier) - 2 * _SHOWN) + identifier[-_SHOWN:]


def printed_day(text: str) -> str:
    """Return an ISO 8601 day, month or year as Vietnamese papers print it."""
    return "/".join(reversed(text.split("-")))


def until_words(held: Held) -> str:
    """Return until when a paper that is held is good."""
    return f"có giá trị đến {printed_day(held.valid_until)}" if held.valid_until else "không ghi ngày hết hạn"


def trust_words(held: Held) -> str:
    """Return the level of trust of a paper that is held; empty where none was given."""
    if held.trust_level is None:
        return ""
    return f"mức tin cậy {held.trust_level} {TRUST_LEVELS.get(held.trust_level, '')}".strip()


def caution_words(held: Held, name_of: NameOf) -> list[str]:
    """Return what a person should see to before a paper that is held is used."""
    words = []
    if held.by_equivalent is not None:
        unsure = "" if held.by_equivalent.confirmed else ", căn cứ cần kiểm tra lại"
        words.append(f"dùng thay {name_of(held.by_equivalent.asked_for)} theo {held.by_equivalent.ground}{unsure}")
    if held.confirm_thing:
        words.append("đối chiếu đúng thửa đất, công trình của hồ sơ này")
    return words


def refused_words(refused: Refused) -> str:
    """Return why a paper that is held is not good enough."""
    return "; ".join(REASONS[reason] for reason in refused.reasons)


def missing_words(missing: Missing) -> str:
    """Return why a component has to be asked for."""
    words = MISSING[missing.why]
    if missing.person_decides and missing.why is not MissingBecause.PERSON_DECIDES:
        words += "; cán bộ quyết định có cần không"
    return words


def instead_words(missing: Missing) -> list[str]:
    """Return where the data of a component may be found, so that it need not be asked for."""
    return [f"không yêu cầu nộp nếu tra được ở {one.source} ({one.ground})" for one in missing.data_instead]


def copies_words(missing: Missing) -> str:
    """Return in how many copies a component is handed in or shown; empty where nothing is said."""
    counts = ((missing.originals, "bản chính"), (missing.copies, "bản sao"))
    said = ", ".join(f"{count} {words}" for count, words in counts if count)
    return f"xuất trình {said}".strip() if missing.form == "show" else said
