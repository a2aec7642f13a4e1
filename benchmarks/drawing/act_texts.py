"""What administrative acts say: subjects, legal bases and sentences, with places to fill in."""

SUBJECTS = {
    "quyet-dinh": (
        "Về việc phê duyệt Kế hoạch ứng phó sự cố hóa chất trên địa bàn {province}",
        "Về việc chuyển mục đích sử dụng đất để thực hiện dự án Trường Mầm non xã {commune}",
        "Ban hành Quy chế tiếp công dân, xử lý đơn khiếu nại, tố cáo, kiến nghị, phản ánh",
        "Về việc kiện toàn Ban Chỉ đạo cải cách hành chính và chuyển đổi số năm {year}",
        "Về việc công bố Danh mục thủ tục hành chính được sửa đổi, bổ sung lĩnh vực hộ tịch",
        "Về việc thành lập Tổ công tác hòa giải ở cơ sở xã {commune}",
        "Về việc nghỉ hưu để hưởng chế độ bảo hiểm xã hội",
        "Về việc giao chỉ tiêu kế hoạch đầu tư công năm {year} (đợt 2)",
    ),
    "cong-van": (
        "triển khai số hóa hồ sơ, giấy tờ tại Bộ phận Một cửa",
        "tham gia ý kiến dự thảo Thông tư hướng dẫn về hộ tịch",
        "báo cáo kết quả rà soát quỹ đất nông nghiệp năm {year}",
        "đề nghị cung cấp hồ sơ, tài liệu phục vụ thẩm định",
        "tăng cường công tác phòng, chống cháy rừng mùa khô",
        "trả lời kiến nghị của cử tri xã {commune}",
    ),
    "thong-bao": (
        "Về việc tiếp nhận hồ sơ giải quyết thủ tục hành chính trong dịp nghỉ lễ",
        "Kết luận cuộc họp về tiến độ giải phóng mặt bằng dự án tuyến đường tránh xã {commune}",
        "Về việc tuyển dụng viên chức sự nghiệp năm {year}",
    ),
    "to-trinh": (
        "Về việc phê duyệt chủ trương đầu tư dự án nâng cấp hồ chứa nước xã {commune}",
        "Về việc đề nghị ban hành Nghị quyết quy định mức thu phí, lệ phí trên địa bàn",
        "Về việc miễn nhiệm chức danh Ủy viên Ủy ban nhân dân nhiệm kỳ 2021 - 2026",
    ),
    "ke-hoach": (
        "Triển khai thực hiện chuyển đổi số trên địa bàn {province} năm {year}",
        "Tuyên truyền, phổ biến, giáo dục pháp luật năm {year}",
        "Kiểm tra công tác văn thư, lưu trữ tại các cơ quan, đơn vị",
    ),
    "chi-thi": (
        "Về việc tăng cường công tác bảo đảm trật tự, an toàn giao thông",
        "Về việc đẩy mạnh công tác quản lý, bảo vệ công trình thủy lợi mùa mưa bão",
    ),
    "bao-cao": (
        "Kết quả thực hiện công tác cải cách hành chính quý III năm {year}",
        "Tình hình giải quyết khiếu nại, tố cáo sáu tháng đầu năm {year}",
    ),
    "nghi-quyet": (
        "Về việc thông qua danh mục dự án cần thu hồi đất năm {year}",
        "Quy định chính sách khuyến khích xã hội hóa lĩnh vực y tế, giáo dục trên địa bàn {province}",
    ),
    "giay-moi": (
        "Dự họp đánh giá kết quả giải quyết thủ tục hành chính năm {year}",
        "Dự hội nghị tập huấn nghiệp vụ đăng ký hộ tịch",
    ),
}

TITLES = {
    "quyet-dinh": ("QUYẾT ĐỊNH", "QĐ"),
    "thong-bao": ("THÔNG BÁO", "TB"),
    "to-trinh": ("TỜ TRÌNH", "TTr"),
    "ke-hoach": ("KẾ HOẠCH", "KH"),
    "chi-thi": ("CHỈ THỊ", "CT"),
    "bao-cao": ("BÁO CÁO", "BC"),
    "nghi-quyet": ("NGHỊ QUYẾT", "NQ"),
    "giay-moi": ("GIẤY MỜI", "GM"),
}

BASES = (
    "Căn cứ Luật Tổ chức chính quyền địa phương ngày 19/6/2015; Luật sửa đổi, bổ sung một số điều của Luật Tổ chức "
    "Chính phủ và Luật Tổ chức chính quyền địa phương ngày 22/11/2019;",
    "Căn cứ Luật Hộ tịch ngày 20/11/2014;",
    "Căn cứ Luật Đất đai ngày 18/01/2024;",
    "Căn cứ Luật Lưu trữ ngày 21/6/2024;",
    "Căn cứ Nghị định số 61/2018/NĐ-CP ngày 23/4/2018 của Chính phủ về thực hiện cơ chế một cửa, một cửa liên thông "
    "trong giải quyết thủ tục hành chính;",
    "Căn cứ Nghị định số 30/2020/NĐ-CP ngày 05/3/2020 của Chính phủ về công tác văn thư;",
    "Căn cứ Nghị định số 107/2021/NĐ-CP ngày 06 tháng 12 năm 2021 của Chính phủ sửa đổi, bổ sung một số điều của "
    "Nghị định số 61/2018/NĐ-CP;",
    "Căn cứ Thông tư số 01/2023/TT-VPCP ngày 05/4/2023 của Bộ trưởng, Chủ nhiệm Văn phòng Chính phủ;",
)

SENTENCES = (
    "Giao Văn phòng chủ trì, phối hợp với các cơ quan, đơn vị có liên quan tổ chức triển khai, theo dõi, đôn đốc và "
    "tổng hợp kết quả thực hiện, báo cáo trước ngày 25 hằng tháng.",
    "Thủ trưởng các cơ quan, đơn vị chịu trách nhiệm bố trí đủ nhân lực, trang thiết bị để tiếp nhận, số hóa hồ sơ, "
    "giấy tờ của tổ chức, cá nhân; không yêu cầu cung cấp lại giấy tờ đã được số hóa.",
    "Kinh phí thực hiện được bố trí từ nguồn ngân sách nhà nước theo phân cấp hiện hành và các nguồn kinh phí hợp "
    "pháp khác (nếu có), bảo đảm tiết kiệm, hiệu quả, đúng quy định của pháp luật.",
    "Trong quá trình triển khai, nếu có khó khăn, vướng mắc, đề nghị phản ánh kịp thời về cơ quan thường trực để được "
    "hướng dẫn, giải quyết hoặc trình cấp có thẩm quyền xem xét, quyết định.",
    "Rà soát, cập nhật đầy đủ thông tin vào cơ sở dữ liệu dùng chung; kết quả giải quyết phải được ký số và trả đúng "
    "hẹn, tỷ lệ hồ sơ quá hạn không vượt quá 0,5% tổng số hồ sơ tiếp nhận.",
    "Công khai minh bạch quy trình, thời hạn giải quyết; thường xuyên lấy ý kiến đánh giá của người dân, doanh nghiệp "
    "về thái độ phục vụ của cán bộ, công chức, viên chức.",
    "Tổng diện tích là 12.450,7 m² thuộc thửa đất số 118, tờ bản đồ số 24, tại thôn 3, xã {commune}; vị trí, ranh "
    "giới được xác định theo mảnh trích đo địa chính kèm theo.",
    "Việc bồi thường, hỗ trợ phải thực hiện đúng trình tự, thủ tục, bảo đảm quyền lợi hợp pháp của người sử dụng đất; "
    "giải quyết dứt điểm các khiếu nại phát sinh ngay từ cơ sở.",
    "Đẩy mạnh tuyên truyền bằng nhiều hình thức phong phú để Nhân dân hiểu, đồng thuận và tự giác chấp hành, góp phần "
    "giữ vững ổn định tình hình trên địa bàn {province}.",
)

RECIPIENTS = (
    "Thường trực Tỉnh ủy",
    "Thường trực HĐND tỉnh",
    "Chủ tịch, các PCT UBND",
    "Các Sở, ban, ngành",
    "UBND các xã, phường",
    "Cổng Thông tin điện tử",
    "Trung tâm Phục vụ HCC",
    "Bảo hiểm xã hội",
)

ADDRESSEES = (
    "Sở Tư pháp",
    "Sở Nội vụ",
    "Ủy ban nhân dân các xã, phường",
    "Sở Nông nghiệp và Môi trường",
    "Thủ trưởng các cơ quan, đơn vị",
)
