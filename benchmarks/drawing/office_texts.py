"""Running text of invented office papers: paragraphs of acts, decisions, confirmations and reports, with blanks.

Wide in words rather than long: what is counted on it is how often a letter or its tone is misread.
"""

from datetime import date

from benchmarks.drawing.act_texts import BASES, SENTENCES, SUBJECTS
from benchmarks.drawing.chance import Generator, between, pick, pick_day, pick_several
from benchmarks.drawing.number_words import date_words
from benchmarks.drawing.people import Sex, draw_name, draw_personal_id
from benchmarks.drawing.places import draw_place

HEADINGS = (
    "PHẦN I. NHỮNG QUY ĐỊNH CHUNG",
    "MỤC 2. TRÌNH TỰ, THỦ TỤC TIẾP NHẬN VÀ GIẢI QUYẾT",
    "CHƯƠNG III. TỔ CHỨC THỰC HIỆN",
    "PHỤ LỤC KÈM THEO QUYẾT ĐỊNH",
    "ĐIỀU KHOẢN CHUYỂN TIẾP",
    "BIÊN BẢN HỌP XÉT DUYỆT HỒ SƠ",
    "KẾT QUẢ KIỂM TRA, ĐỐI CHIẾU",
)

PARAGRAPHS = (
    "Ông {man}, sinh ngày {day}, số định danh cá nhân {id}, thường trú tại {place}, là chủ sử dụng thửa đất số "
    "{number}, diện tích {area} m², mục đích sử dụng: đất trồng cây lâu năm.",
    "Bà {woman} và ông {man} đã đăng ký kết hôn tại Ủy ban nhân dân {place} ngày {day}, hiện chung sống tại địa chỉ "
    "nêu trên và không có tranh chấp về tài sản.",
    "{words}. Số tiền lệ phí phải nộp là {money} đồng, miễn cho người thuộc hộ nghèo, người khuyết tật nặng.",
    "Xác nhận bà {woman} chưa đăng ký kết hôn với ai; giấy này có giá trị sáu tháng kể từ ngày cấp và chỉ được sử "
    "dụng đúng mục đích ghi trong đơn.",
    "Người yêu cầu cấp bản sao trích lục hộ tịch: {man}; giấy tờ tùy thân: thẻ căn cước số {id}, cấp ngày {day}.",
    "Hội đồng đã nghe ông {man} báo cáo, thảo luận kỹ từng trường hợp, biểu quyết công khai và thống nhất ghi biên "
    "bản với tỷ lệ {share}% tán thành.",
    "Ranh giới thửa đất phía bắc giáp kênh thủy lợi, phía nam giáp đất ông {man}, phía đông giáp đường bê tông rộng "
    "{metres} m, phía tây giáp khu vườn ươm của hợp tác xã.",
    "Trường hợp hồ sơ chưa đầy đủ hoặc chưa hợp lệ, trong thời hạn 03 ngày làm việc, cơ quan tiếp nhận phải hướng dẫn "
    "bằng văn bản, nêu rõ lý do và chỉ yêu cầu bổ sung một lần.",
    "Khoản thu này được nộp vào Kho bạc Nhà nước theo mục lục ngân sách, chậm nhất ngày {day}; quá thời hạn nói trên "
    "sẽ bị tính tiền chậm nộp 0,03% mỗi ngày.",
    "Đoàn kiểm tra ghi nhận: sổ sách được mở đủ, số liệu khớp đúng giữa bản giấy và bản điện tử; còn {number} hồ sơ "
    "chuyển trả chậm vì mất điện do bão.",
    "Chủ hộ kinh doanh {woman} cam kết bảo đảm an toàn thực phẩm, phòng cháy chữa cháy, không lấn chiếm vỉa hè và "
    "niêm yết giá bán rõ ràng.",
    "Về việc học bổng: em {woman}, học sinh lớp 9, đoạt giải nhì môn Ngữ văn cấp tỉnh, hoàn cảnh gia đình đặc biệt "
    "khó khăn, được trợ cấp {money} đồng một học kỳ.",
    "Nhà thầu phải tháo dỡ lán trại, thu gom phế thải, trả lại mặt bằng sạch; mọi hư hỏng của mương, cống, cột điện "
    "đều phải sửa chữa xong trước khi nghiệm thu.",
    "Theo lời khai của ông {man}, giấy chứng nhận bị thất lạc trong trận lũ tháng 10, đã thông báo mất trên đài truyền "
    "thanh xã ba lần mà không tìm lại được.",
    "Việc nuôi con nuôi phải xuất phát từ lợi ích tốt nhất của trẻ em, tôn trọng quyền của cha mẹ đẻ; nghiêm cấm mọi "
    "hành vi mua bán, lừa gạt, ép buộc.",
    "Cán bộ hộ tịch kiểm tra chữ ký, họ tên, chữ đệm, quê quán, nơi cư trú; nếu có sai sót thì gạch bỏ, viết lại bên "
    "cạnh và đóng dấu giáp lai, không tẩy xóa.",
    "Bệnh viện đa khoa {home} xác nhận ông {man} điều trị nội trú từ ngày {day}, chẩn đoán gãy kín xương đùi phải, tỷ "
    "lệ tổn thương cơ thể {share}%.",
    "Thửa ruộng trũng, nhiễm phèn, mỗi năm cấy được một vụ lúa mùa; đề nghị cho chuyển đổi sang nuôi cá nước ngọt, "
    "trồng sen và giữ nguyên bờ vùng.",
    "Người được ủy quyền có quyền ký nhận, nộp bổ sung giấy tờ, rút hồ sơ; không được chuyển nhượng, thế chấp, tặng "
    "cho hoặc ủy quyền lại cho người thứ ba.",
    "Thường trực Ủy ban yêu cầu rút kinh nghiệm sâu sắc, xử lý nghiêm cá nhân để chậm trễ, kéo dài; biểu dương tập thể "
    "đã vượt chỉ tiêu, đưa {share}% dịch vụ công lên trực tuyến.",
    "Tài sản thừa kế gồm căn nhà cấp bốn mái ngói ba gian, giếng khơi, sân gạch và {number} gốc cây ăn quả, do bà "
    "{woman} trực tiếp quản lý, thờ cúng.",
    "Quỹ khuyến học thôn hiện dư {money} đồng; thủ quỹ {woman} giữ sổ, kế toán {man} đối chiếu từng quý, công khai tại "
    "nhà văn hóa.",
    "Giấy phép lái xe hạng B2 số {id} hết hạn sử dụng ngày {day}; người lái phải khám sức khỏe, nộp ảnh chân dung "
    "nền trắng và đổi tại điểm tiếp nhận gần nhất.",
    "Đã thẩm tra: chữ ký khớp mẫu lưu, dấu nổi rõ, giấy không rách, không bị ố; ảnh dán đúng người, quyển số "
    "{number}, tờ thứ {share}.",
)


def draw_paragraph(generator: Generator) -> str:
    """Return one paragraph, its blanks filled with invented people, places and figures."""
    place = draw_place(generator)
    day = pick_day(generator, date(1950, 1, 1), date(2026, 6, 30))
    sex = pick(generator, tuple(Sex))
    blanks: dict[str, str | int] = {
        "man": draw_name(generator, Sex.MALE),
        "woman": draw_name(generator, Sex.FEMALE),
        "day": f"{day:%d/%m/%Y}",
        "words": date_words(day),
        "id": draw_personal_id(generator, place.province, sex, day.year),
        "place": place.address,
        "home": place.province.full_name,
        "province": place.province.full_name,
        "commune": place.commune,
        "year": day.year,
        "number": int(generator.integers(1, 2000)),
        "share": int(generator.integers(1, 100)),
        "area": f"{between(generator, 40, 9000):,.1f}".translate(str.maketrans(",.", ".,")),
        "metres": f"{between(generator, 2, 12):.1f}".replace(".", ","),
        "money": f"{int(generator.integers(5, 90_000)) * 1000:,}".replace(",", "."),
    }
    return pick(generator, _TEMPLATES).format(**blanks)


def draw_headings(generator: Generator, count: int) -> list[str]:
    """Return `count` different headings in capitals."""
    return pick_several(generator, HEADINGS, count)


_SUBJECT_LINES = tuple(subject for subjects in SUBJECTS.values() for subject in subjects if subject[0].isupper())
_TEMPLATES = (*PARAGRAPHS, *PARAGRAPHS, *SENTENCES, *BASES, *_SUBJECT_LINES)
