"""Words for what administrators see: what a role may do, and what was changed."""

from collections.abc import Mapping

from ocr.messages import Message
from service.roles import ROLE_NAMES, Role
from storage.desk.access_changes import AccessChange, ChangeKind

DUTIES: Mapping[Role, str] = {
    Role.CLERK: "nạp bản quét, tra cứu giấy tờ đã có",
    Role.STEWARD: "duyệt trường máy chưa chắc, sửa việc tách giấy",
    Role.SUPERVISOR: "xem bảng điều hành, phân xử, thu hồi giấy tờ",
    Role.READER: "tra cứu và đọc bản ghi qua giao diện lập trình",
    Role.AUDITOR: "xem nhật ký đọc; không sửa gì",
    Role.ADMIN: "quản lý tài khoản và hệ thống; không xem giấy tờ",
}

_CHANGES: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "tạo, vai trò",
    ChangeKind.ROLES: "đổi vai trò thành",
    ChangeKind.AGENCY: "đổi cơ quan thành",
    ChangeKind.NAME: "đổi tên hiển thị thành",
    ChangeKind.DISABLED: "khóa",
    ChangeKind.ENABLED: "mở khóa",
    ChangeKind.PASSWORD: "tự đặt mật khẩu",
    ChangeKind.PASSWORD_HANDED_OUT: "cấp mật khẩu dùng một lần",
    ChangeKind.EXPECTED: "chờ gắn đăng nhập một lần với",
    ChangeKind.BOUND: "gắn với đăng nhập một lần tại",
    ChangeKind.UNBOUND: "bỏ đăng nhập một lần",
    ChangeKind.SECRET: "cấp bí mật mới",
    ChangeKind.CERTIFICATE: "đổi chứng thư thành",
}
_EMPTY = {ChangeKind.AGENCY: "mọi cơ quan", ChangeKind.CERTIFICATE: "không dùng chứng thư"}

# What was done, by the mark in the address that the page is led on to.
DONE: Mapping[str, str] = {
    "saved": "Đã lưu.",
    "disabled": "Đã khóa; mọi phiên làm việc đã kết thúc.",
    "enabled": "Đã mở khóa.",
    "sessions": "Đã kết thúc các phiên làm việc.",
    "password": "Đã đổi mật khẩu; các phiên làm việc khác đã kết thúc.",
    "expected": "Đã ghi: người này sẽ được gắn ở lần đăng nhập một lần đầu tiên.",
    "bound": "Đã gắn với đăng nhập một lần.",
    "unbound": "Đã bỏ đăng nhập một lần.",
}

# What is wrong with a field of the forms, by its name in the error.
FAULTS: Mapping[str, Message] = {
    "account": Message("Tên tài khoản không hợp lệ.", "Dùng 2–64 chữ thường không dấu, chữ số, dấu chấm, gạch, @."),
    "client_id": Message("Mã hệ thống không hợp lệ.", "Dùng 2–63 chữ thường không dấu, chữ số, dấu chấm, gạch ngang."),
    "display_name": Message("Tên hiển thị không hợp lệ.", "Nhập họ tên hoặc tên hệ thống, tối đa 100 ký tự."),
    "roles": Message("Chưa chọn vai trò nào dùng được.", "Chọn ít nhất một vai trò."),
    "agency": Message("Mã cơ quan không hợp lệ.", "Nhập mã định danh như H05.12, trong phạm vi của bạn."),
    "email": Message("Địa chỉ thư không dùng được.", "Nhập địa chỉ mà chưa tài khoản nào khác đang chờ gắn."),
    "subject": Message("Mã định danh (sub) không dùng được.", "Chép đúng từ máy chủ đăng nhập, chưa gắn với ai khác."),
    "certificate": Message(
        "Dấu vân tay chứng thư không dùng được.", "Nhập SHA-256, 64 chữ số hệ 16, chưa thuộc hệ thống khác."
    ),
}


def change_words(change: AccessChange) -> str:
    """Return what was changed, for people."""
    value = change.value or _EMPTY.get(change.kind, "")
    if change.kind in {ChangeKind.ADDED, ChangeKind.ROLES}:
        value = ", ".join(ROLE_NAMES[Role(role)] for role in value.split() if role in set(Role))
    return f"{_CHANGES[change.kind]} {value}".strip()
