"""The groups of the API: a name for programs, from which generated clients make their modules, and words for people."""

from typing import Final

TOKEN: Final = "token"  # noqa: S105  no secret
LOOKUPS: Final = "lookups"
RECORDS: Final = "records"
DECISIONS: Final = "decisions"
SUBJECTS: Final = "subjects"
CATALOGUE: Final = "catalogue"
EXPORTS: Final = "exports"
BATCHES: Final = "batches"
UPLOADS: Final = "uploads"
CHANGES: Final = "changes"
DESCRIPTION: Final = "description"

WORDS = {
    TOKEN: "Mã truy cập",
    LOOKUPS: "Tra cứu",
    RECORDS: "Bản ghi",
    DECISIONS: "Quyết định",
    SUBJECTS: "Người",
    CATALOGUE: "Danh mục",
    EXPORTS: "Xuất dữ liệu",
    BATCHES: "Đợt nạp",
    UPLOADS: "Tải tệp lên",
    CHANGES: "Thay đổi và thông báo",
    DESCRIPTION: "Mô tả giao diện",
}
