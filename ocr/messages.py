"""The one table of Vietnamese sentences: for every code, what happened and what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass

from ocr.page_quality import PageQuality, QualityReason, Side, Verdict
from ocr.problem import Code, Problem


@dataclass(frozen=True, slots=True)
class Message:
    """What a person reads about a code: what happened, and the next action."""

    what: str
    action: str


MESSAGES: Mapping[Code, Message] = {
    Code.SCAN_EMPTY: Message("Tệp rỗng (0 byte).", "Quét lại giấy tờ này."),
    Code.SCAN_WRONG_TYPE: Message(
        "Nội dung tệp không phải PDF, TIFF, JPEG, PNG, WebP, BMP hay HEIC.", "Kiểm tra lại tệp; quét và lưu thành PDF."
    ),
    Code.SCAN_ENCRYPTED: Message("Tệp PDF có mật khẩu.", "Lưu lại bản không đặt mật khẩu rồi nạp lại."),
    Code.SCAN_DAMAGED: Message("Tệp bị hỏng, không mở được.", "Chép lại từ máy quét hoặc quét lại."),
    Code.SCAN_NO_PAGES: Message("Tệp không có trang nào.", "Quét lại giấy tờ này."),
    Code.SCAN_TOO_LARGE: Message("Tệp quá lớn.", "Chia thành nhiều tệp nhỏ hơn rồi nạp lại."),
    Code.SCAN_TOO_MANY_PAGES: Message("Tệp có quá nhiều trang.", "Chia thành nhiều tệp nhỏ hơn rồi nạp lại."),
    Code.PAGE_DAMAGED: Message("Trang bị hỏng, không hiện được trọn vẹn.", "Quét lại trang này."),
    Code.PAGE_TOO_LARGE: Message("Ảnh trang quá lớn.", "Quét lại ở 300 dpi, khổ giấy thật."),
    Code.PAGE_TOO_SMALL: Message("Ảnh trang quá nhỏ, không đọc được chữ.", "Quét lại ở 300 dpi."),
    Code.PAGE_TIMEOUT: Message("Đọc trang quá thời hạn cho phép.", "Chạy lại lệnh; nếu vẫn vậy, quét lại trang này."),
    Code.READER_FAILED: Message("Bộ đọc chữ gặp lỗi ở trang này.", "Chạy lại lệnh; nếu vẫn vậy, quét lại trang này."),
    Code.LETTERS_TOO_SMALL: Message("Chữ quá nhỏ.", "Quét lại ở 300 dpi."),
    Code.RESOLUTION_LOW: Message("Độ phân giải dưới 200 dpi.", "Quét ở 300 dpi."),
    Code.PAGE_BLURRED: Message("Chữ bị nhòe.", "Lau kính máy quét hoặc chụp lại cho nét."),
    Code.PAGE_FAINT: Message("Chữ quá nhạt so với nền.", "Tăng độ tương phản rồi quét lại trang này."),
    Code.PAGE_TOO_DARK: Message("Ảnh quá tối.", "Tăng độ sáng hoặc chụp lại ở nơi đủ sáng."),
    Code.STROKES_BROKEN: Message("Chữ bị mất nét.", "Giảm độ sáng rồi quét lại trang này."),
    Code.STROKES_MERGED: Message("Nét chữ dính vào nhau.", "Tăng độ sáng rồi quét lại trang này."),
    Code.PAGE_NOISY: Message("Ảnh nhiều hạt, nhiễu.", "Quét lại trang này, bớt nén ảnh."),
    Code.PAGE_SKEWED: Message("Trang bị lệch nhiều.", "Đặt giấy cho thẳng rồi quét lại."),
    Code.TEXT_CUT_OFF: Message("Chữ bị cắt ở mép trang.", "Đặt giấy cho đủ lề rồi quét lại."),
    Code.READER_MISSING: Message(
        "Máy thiếu chương trình cần để đọc giấy tờ.", "Chạy `sohoa doctor` để xem thiếu gì và lệnh cài đặt."
    ),
    Code.FLOW_SERVER_FAILED: Message(
        "Không khởi động được máy chủ Prefect đi kèm.", "Xem tệp prefect/server.log trong thư mục dữ liệu."
    ),
    Code.FLOW_SERVER_UNREACHABLE: Message(
        "Không kết nối được máy chủ Prefect đã chỉ định.", "Kiểm tra PREFECT_API_URL và máy chủ đó, rồi chạy lại."
    ),
    Code.FLOW_FAILED: Message("Bước xử lý gặp lỗi ngoài dự kiến.", "Chạy lại lệnh; nếu vẫn vậy, báo người quản trị."),
    Code.PATH_NOT_FOUND: Message("Không có tệp hay thư mục này.", "Kiểm tra lại đường dẫn."),
    Code.PATH_UNREADABLE: Message("Không đọc được tệp hay thư mục này.", "Kiểm tra quyền truy cập rồi chạy lại."),
    Code.FOLDER_EMPTY: Message("Thư mục không có bản quét nào.", "Đặt tệp PDF, TIFF hoặc ảnh vào thư mục."),
    Code.FILE_SKIPPED: Message("Không phải bản quét, bỏ qua.", "Không cần làm gì."),
    Code.DOSSIER_BLANK: Message("Hồ sơ chỉ có trang trống.", "Kiểm tra mặt giấy đặt trên máy quét rồi quét lại."),
    Code.DOSSIER_CONFLICT: Message(
        "Trùng tên với hồ sơ đã có nhưng nội dung khác.", "Đổi tên thư mục hoặc tệp rồi nạp lại."
    ),
    Code.DOSSIER_CODE_DIFFERS: Message(
        "Mã hồ sơ in trên giấy khác mã đã khai khi nạp; mã đã khai được giữ.",
        "Đối chiếu giấy tiếp nhận; nếu khai nhầm thì gửi lại hồ sơ với mã đúng.",
    ),
    Code.DOSSIER_UNKNOWN: Message("Không có hồ sơ này trong kho.", "Xem danh sách bằng `sohoa export`."),
    Code.STORE_UNWRITABLE: Message("Không ghi hoặc đọc được kho dữ liệu.", "Kiểm tra quyền của thư mục dữ liệu."),
    Code.STORE_FULL: Message("Ổ đĩa đã đầy.", "Giải phóng dung lượng rồi chạy lại lệnh; phần đã xong được giữ nguyên."),
    Code.OBJECT_MISSING: Message("Kho thiếu một đối tượng.", "Khôi phục từ bản sao lưu, rồi chạy `sohoa verify`."),
    Code.OBJECT_DAMAGED: Message(
        "Một đối tượng trong kho đã bị hỏng.", "Khôi phục từ bản sao lưu, rồi chạy `sohoa verify`."
    ),
    Code.OBJECT_ORPHANED: Message(
        "Đối tượng trong kho không thuộc hồ sơ nào.", "Chạy lại `sohoa ingest` hoặc `sohoa reindex`."
    ),
    Code.CATALOGUE_FAILED: Message(
        "Danh mục tra cứu gặp lỗi.",
        "Máy chủ hay đĩa có lỗi thì sửa rồi chạy lại; danh mục hỏng thì xóa đi và chạy `sohoa reindex`.",
    ),
    Code.STORE_UNREACHABLE: Message(
        "Không kết nối được máy chủ kho.",
        "Kiểm tra địa chỉ trong SOHOA_STORE, mạng và máy chủ, rồi chạy lại lệnh; phần đã xong được giữ nguyên.",
    ),
    Code.STORE_UNFIT: Message(
        "Máy chủ kho chưa sẵn sàng hoặc thiếu tính năng cần có.",
        "Chạy `sohoa store init`, rồi xem `sohoa doctor`.",
    ),
    Code.READ_LOG_FAILED: Message(
        "Không ghi được nhật ký đọc nên không trả lời.",
        "Kiểm tra dung lượng và quyền của thư mục dữ liệu, rồi tra lại.",
    ),
    Code.REPAIR_IMPOSSIBLE: Message(
        "Kho thứ hai không có bản nguyên vẹn của đối tượng hỏng.",
        "Tìm bản sao lưu khác, hoặc quét lại giấy tờ.",
    ),
    Code.ERASED_RETURNED: Message(
        "Dữ liệu đã xóa theo quyết định lại có trong kho.", "Chạy `sohoa subject reapply-erasures`."
    ),
    Code.LINK_UNFINISHED: Message("Hai bản ghi thay thế nhau mới ghi được một bên.", "Chạy `sohoa verify --repair`."),
    Code.RECORD_UNKNOWN: Message("Không có bản ghi này trong kho.", "Xem danh sách bằng `sohoa export`."),
    Code.RECORD_CHANGED: Message(
        "Bản ghi đã được người khác sửa trong lúc này.",
        "Mở lại bản mới nhất, xem lại rồi quyết định.",
    ),
    Code.DECISION_INVALID: Message(
        "Không thể quyết định như vậy với bản ghi này.",
        "Xem trạng thái bản ghi bằng `sohoa record history`, và sửa phần được nêu.",
    ),
    Code.PROCEDURE_UNKNOWN: Message(
        "Không có thủ tục mang mã này.",
        "Xem danh sách bằng `sohoa procedures`, hoặc nạp thủ tục bằng `sohoa procedures --import`.",
    ),
    Code.PROCEDURE_INVALID: Message(
        "Tệp thủ tục hành chính không đọc được.",
        "Kiểm tra tệp JSON của thủ tục rồi nạp lại.",
    ),
    Code.SUBJECT_INVALID: Message(
        "Số định danh không hợp lệ.",
        "Nhập số định danh cá nhân 12 chữ số, số CMND 9 chữ số, hoặc mã số doanh nghiệp.",
    ),
    Code.PURPOSE_MISSING: Message(
        "Chưa nêu mục đích tra cứu.",
        "Nêu mục đích bằng --purpose; mục đích được ghi vào nhật ký đọc.",
    ),
    Code.ERASURE_REFUSED: Message(
        "Chưa được xóa dữ liệu này.",
        "Xem lý do được nêu: thời hạn lưu trữ, lệnh giữ, hoặc giấy tờ chung với người khác.",
    ),
    Code.CASE_UNKNOWN: Message(
        "Không có yêu cầu, lệnh giữ hay lần xóa nào mang mã này.",
        "Xem danh sách bằng `sohoa subject requests`, `holds` hoặc `erasures`.",
    ),
    Code.SCAN_ERASED: Message(
        "Bản quét này chứa giấy tờ đã xóa theo quyết định.",
        "Giấy tờ nộp lại thì quét mới; cho nhận lại đúng tệp này bằng `sohoa subject readmit`.",
    ),
    Code.DOSSIER_ERASED: Message(
        "Hồ sơ này đã có giấy tờ bị xóa theo quyết định nên không nạp thêm.",
        "Đặt giấy tờ mới vào một hồ sơ mang tên khác rồi nạp lại.",
    ),
    Code.DESK_FAILED: Message(
        "Cơ sở dữ liệu làm việc của dịch vụ gặp lỗi.", "Kiểm tra đĩa và máy chủ ở SOHOA_DESK rồi thử lại."
    ),
    Code.SIGN_IN_NEEDED: Message(
        "Chưa đăng nhập, hoặc phiên làm việc đã hết hạn.", "Đăng nhập rồi làm lại; phần đã nhập được giữ."
    ),
    Code.SIGN_IN_FAILED: Message(
        "Tài khoản hoặc mật khẩu không đúng.", "Kiểm tra lại; quên mật khẩu thì nhờ người quản trị đặt lại."
    ),
    Code.SIGN_IN_UNFINISHED: Message(
        "Lượt đăng nhập một lần đã hết hạn hoặc không bắt đầu từ trình duyệt này.",
        "Bấm “Đăng nhập một lần” để làm lại từ đầu.",
    ),
    Code.PROVIDER_FAILED: Message(
        "Máy chủ đăng nhập một lần không trả lời, hoặc trả lời sai.",
        "Thử lại sau ít phút, hoặc dùng tài khoản nội bộ; nếu vẫn vậy, báo người quản trị kèm mã yêu cầu.",
    ),
    Code.IDENTITY_UNBOUND: Message(
        "Đã đăng nhập một lần, nhưng chưa có tài khoản nào ở đây gắn với danh tính này.",
        "Nhờ người quản trị gắn tài khoản của bạn với đăng nhập một lần.",
    ),
    Code.NOT_ALLOWED: Message(
        "Tài khoản này không được làm việc đó.", "Nhờ người quản trị cấp quyền, hoặc đăng nhập bằng tài khoản khác."
    ),
    Code.REQUEST_FORGED: Message("Yêu cầu không đến từ trang đang mở.", "Tải lại trang rồi làm lại."),
    Code.TOO_MANY_REQUESTS: Message("Quá nhiều yêu cầu trong thời gian ngắn.", "Chờ một lát rồi thử lại."),
    Code.REQUEST_INVALID: Message("Yêu cầu thiếu hoặc sai thông tin.", "Sửa các mục được nêu rồi gửi lại."),
    Code.NOTHING_HERE: Message("Không có trang hay đối tượng này.", "Kiểm tra lại đường dẫn, hoặc quay về trang đầu."),
    Code.METHOD_WRONG: Message("Địa chỉ này không nhận cách gọi đó.", "Xem mô tả giao diện lập trình."),
    Code.SERVICE_FAILED: Message(
        "Dịch vụ gặp lỗi ngoài dự kiến.", "Thử lại; nếu vẫn vậy, báo người quản trị kèm mã yêu cầu."
    ),
    Code.ACCOUNT_INVALID: Message("Thông tin tài khoản không hợp lệ.", "Sửa mục được nêu rồi lưu lại."),
    Code.ACCOUNT_UNKNOWN: Message("Không có tài khoản hay hệ thống này.", "Xem danh sách tài khoản, hệ thống."),
    Code.ACCOUNT_EXISTS: Message("Đã có tài khoản hay hệ thống mang tên này.", "Chọn tên khác."),
    Code.PASSWORD_WEAK: Message(
        "Mật khẩu quá yếu.", "Đặt mật khẩu ít nhất 12 ký tự, không phải mật khẩu phổ biến, không chứa tên tài khoản."
    ),
    Code.LAST_ADMIN: Message(
        "Đây là tài khoản quản trị cuối cùng còn dùng được.", "Giao quyền quản trị cho một tài khoản khác trước."
    ),
    Code.BATCH_UNKNOWN: Message("Không có đợt nạp này.", "Xem danh sách đợt nạp."),
    Code.BATCH_CLOSED: Message("Đợt nạp này đã gửi đi, không thêm tệp được nữa.", "Mở đợt nạp mới cho tệp còn lại."),
    Code.BATCH_INVALID: Message("Đợt nạp chưa gửi được.", "Sửa mục được nêu rồi gửi lại."),
    Code.BATCH_GIVEN_UP: Message(
        "Đợt nạp này làm bộ đọc dừng nhiều lần nên được gác lại; bản quét vẫn còn trong kho.",
        "Gửi lại từng hồ sơ trong đợt nạp riêng để tìm tệp gây lỗi, rồi báo người quản trị.",
    ),
    Code.RUNNER_ENDED: Message(
        "Bộ số hóa dừng ngoài dự kiến và đang được chạy lại; tệp đã gửi vẫn còn.",
        "Không cần gửi lại; quá mười phút thì báo người quản trị.",
    ),
    Code.UPLOAD_UNKNOWN: Message("Không có tệp đang tải lên này.", "Chọn lại tệp và tải lên từ đầu."),
    Code.UPLOAD_OUT_OF_STEP: Message(
        "Phần gửi lên không nối tiếp phần đã nhận.", "Hỏi lại máy chủ đã nhận đến đâu rồi gửi tiếp."
    ),
    Code.UPLOAD_CORRUPT: Message(
        "Dữ liệu nhận được khác dữ liệu gửi đi.", "Gửi lại phần đó; máy chủ không giữ phần sai."
    ),
    Code.UPLOAD_TOO_LARGE: Message("Tệp tải lên quá lớn.", "Chia thành nhiều tệp nhỏ hơn rồi tải lại."),
    Code.UPLOAD_BUSY: Message("Tệp này đang được gửi từ nơi khác.", "Chờ nơi đó gửi xong hoặc dừng, rồi gửi tiếp."),
    Code.UPLOAD_EXPIRED: Message("Tệp tải dở đã để quá 7 ngày nên bị bỏ.", "Chọn lại tệp và tải lên từ đầu."),
    Code.UPLOAD_INVALID: Message("Yêu cầu tải tệp không đúng giao thức.", "Sửa phần được nêu; xem docs/nap-ho-so.md."),
    Code.FILE_NAME_INVALID: Message(
        "Tên hồ sơ hoặc tên tệp không dùng được.",
        "Đổi tên: không để trống, không quá 200 ký tự, không có dấu / \\ và ký tự điều khiển.",
    ),
    Code.FILE_NAME_TAKEN: Message(
        "Hồ sơ này đã có tệp khác mang tên đó.", "Đổi tên tệp, hoặc bỏ tệp cũ khỏi đợt nạp rồi tải lại."
    ),
    Code.DOSSIER_CODE_INVALID: Message(
        "Mã hồ sơ không đúng mẫu.", "Nhập như trên giấy tiếp nhận, ví dụ H05.12-260102-0001; chưa có mã thì để trống."
    ),
    Code.DOSSIER_HELD: Message(
        "Kho đã có hồ sơ mang tên này.",
        "Nếu là giấy tờ bổ sung của chính hồ sơ đó thì chọn bổ sung; nếu là hồ sơ khác thì đổi tên rồi gửi lại.",
    ),
    Code.UPLOAD_VERSION: Message(
        "Chương trình gửi tệp dùng phiên bản giao thức khác.",
        "Gửi tiêu đề Tus-Resumable: 1.0.0; xem docs/nap-ho-so.md.",
    ),
    Code.ARCHIVE_INVALID: Message("Tệp nén không mở được hoặc không an toàn.", "Giải nén rồi tải từng tệp lên."),
    Code.TASK_TAKEN: Message("Người khác đang duyệt giấy tờ này.", "Chọn giấy tờ khác, hoặc chờ người đó làm xong."),
    Code.TASK_LOST: Message(
        "Giấy tờ này không còn do bạn giữ.", "Mở lại giấy tờ; phần đã nhập được giữ trong bản nháp."
    ),
    Code.SECOND_KEYING_NEEDED: Message(
        "Trường quan trọng cần người thứ hai nhập độc lập.", "Để giấy tờ cho người khác nhập; chưa duyệt được bây giờ."
    ),
    Code.WEBHOOK_INVALID: Message("Địa chỉ nhận thông báo không hợp lệ.", "Sửa mục được nêu rồi gửi lại."),
    Code.CURSOR_GONE: Message("Vị trí đọc thay đổi này không còn dùng được.", "Đọc lại từ đầu dòng thay đổi."),
    Code.KEY_REUSED: Message("Khóa chống lặp này đã dùng cho một yêu cầu khác.", "Dùng khóa mới cho yêu cầu mới."),
    Code.REQUEST_UNDER_WAY: Message("Yêu cầu cùng khóa này đang được xử lý.", "Chờ một lát rồi gửi lại."),
    Code.TOO_FEW_KNOWN: Message(
        "Quá ít giá trị đã biết để hiệu chỉnh.",
        "Duyệt thêm bản ghi, hoặc chỉ tệp đáp án của ít nhất hai hồ sơ bằng --truth.",
    ),
    Code.SETTING_INVALID: Message(
        "Cài đặt không hợp lệ.", "Sửa giá trị cài đặt; `sohoa doctor` cho biết nguồn của từng giá trị."
    ),
    Code.PAPER_TYPES_INVALID: Message("Khai báo loại giấy tờ có lỗi.", "Sửa các lỗi được liệt kê."),
    Code.INTERRUPTED: Message(
        "Đã dừng theo yêu cầu.", "Chạy lại đúng lệnh đó để tiếp tục; phần đã xong được giữ nguyên."
    ),
}


def on_one_line(name: str) -> str:
    """Return a name with what is no printable character escaped: it must neither break a line nor steer a terminal."""
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in name
    )


def sentence(problem: Problem) -> str:
    """Return the problem as one Vietnamese sentence: where, what, and what to do next."""
    message = MESSAGES[problem.code]
    where = []
    if problem.file:
        where.append(on_one_line(problem.file))
    if problem.page_number:
        where.append(f"trang {problem.page_number}")
    if problem.field:
        where.append(problem.field)
    place = f"{', '.join(where)}: " if where else ""
    return f"{place}{message.what} {message.action}"


_VERDICTS: Mapping[Verdict, str] = {
    Verdict.ACCEPT: "đạt",
    Verdict.WARN: "nên xem lại",
    Verdict.RESCAN: "cần quét lại",
}
_SIDES: Mapping[Side, str] = {
    Side.LEFT: "mép trái",
    Side.TOP: "mép trên",
    Side.RIGHT: "mép phải",
    Side.BOTTOM: "mép dưới",
}


def quality_words(quality: PageQuality) -> str:
    """Return verdict and reasons in a few Vietnamese words: `cần quét lại: chữ bị cắt ở mép trái, chữ bị nhòe`."""
    reasons = ", ".join(_reason_words(reason) for reason in quality.reasons)
    return f"{_VERDICTS[quality.verdict]}: {reasons}" if reasons else _VERDICTS[quality.verdict]


def _reason_words(reason: QualityReason) -> str:
    what = MESSAGES[reason.code].what.rstrip(".")
    what = what[0].lower() + what[1:]
    return what.replace("mép trang", _SIDES[reason.side]) if reason.side else what
