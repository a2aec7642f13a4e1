"""What the kinds of looks are called for people."""

from collections.abc import Mapping

from storage.read_log.entry import ReadKind

KIND_WORDS: Mapping[ReadKind, str] = {
    ReadKind.LOOKUP: "tra cứu khi giải quyết thủ tục",
    ReadKind.RELATED: "tra cứu cùng hồ sơ của người khác",
    ReadKind.RECORD: "xem giấy tờ",
    ReadKind.IDENTIFIER: "xem đủ số định danh",
    ReadKind.EXPORT: "chuyển cho hệ thống khác",
    ReadKind.SUBJECT: "xem mọi dữ liệu hoặc nhật ký của một người",
    ReadKind.LOG: "xem nhật ký đọc",
}
