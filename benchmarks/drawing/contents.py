"""What lies in a dossier: papers that belong together, as the errands of citizens and firms bring them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.drawing.acts import ACT_TYPES
from benchmarks.drawing.chance import Generator, happens, pick, pick_several
from benchmarks.drawing.registry import RECEIPT

_CARD = ("can-cuoc-cong-dan", "can-cuoc")
_ACT = ACT_TYPES
_RECEIPT_SHARE = 0.35
_ABSENT_SHARE = 0.2  # of receipts name a paper that is not among the scans


@dataclass(frozen=True, slots=True)
class Errand:
    """Why a dossier is handed in.

    Attributes:
        weight: How often it is met, against the others.
        always: Papers of every such dossier, in the order of the pile; of a tuple, one.
        often: Papers of about half of them, behind the others.
    """

    weight: int
    always: tuple[str | tuple[str, ...], ...]
    often: tuple[str | tuple[str, ...], ...] = ()


_ERRANDS = (
    Errand(4, ("to-khai-dang-ky-khai-sinh", "giay-chung-nhan-ket-hon"), (_CARD, "giay-khai-sinh")),
    Errand(2, ("to-khai-dang-ky-khai-sinh", "giay-khai-sinh"), ("trich-luc-khai-sinh",)),
    Errand(3, ("giay-xac-nhan-tinh-trang-hon-nhan", _CARD), ("giay-chung-nhan-ket-hon",)),
    Errand(3, ("trich-luc-khai-tu", "trich-luc-khai-sinh"), (_CARD, "giay-chung-nhan-quyen-su-dung-dat")),
    Errand(3, ("giay-chung-nhan-quyen-su-dung-dat", _CARD), ("giay-chung-nhan-ket-hon", "quyet-dinh")),
    Errand(4, ("giay-phep-xay-dung", "giay-chung-nhan-quyen-su-dung-dat"), (_CARD, "cong-van")),
    Errand(4, ("giay-chung-nhan-dang-ky-doanh-nghiep",), (_CARD, _ACT, "giay-chung-nhan-dang-ky-ho-kinh-doanh")),
    Errand(3, ("giay-chung-nhan-dang-ky-ho-kinh-doanh", _CARD), (_ACT,)),
    Errand(4, ("giay-phep-lai-xe", _CARD), ("phieu-ly-lich-tu-phap",)),
    Errand(3, ("phieu-ly-lich-tu-phap", _CARD), ("giay-khai-sinh", "giay-phep-lai-xe")),
    Errand(9, (_ACT, _ACT), (_ACT, _ACT)),
)
# What receipts call the papers; an act is called by its title and its subject.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "to-khai-dang-ky-khai-sinh": ("Tờ khai đăng ký khai sinh", "Tờ khai đăng ký khai sinh theo mẫu"),
    "giay-khai-sinh": ("Giấy khai sinh", "Bản sao Giấy khai sinh"),
    "trich-luc-khai-sinh": ("Trích lục khai sinh", "Trích lục khai sinh (bản sao)"),
    "giay-chung-nhan-ket-hon": ("Giấy chứng nhận kết hôn", "Giấy chứng nhận kết hôn của cha, mẹ"),
    "giay-xac-nhan-tinh-trang-hon-nhan": ("Giấy xác nhận tình trạng hôn nhân",),
    "trich-luc-khai-tu": ("Trích lục khai tử", "Trích lục khai tử (bản sao)"),
    "giay-chung-nhan-quyen-su-dung-dat": (
        "Giấy chứng nhận quyền sử dụng đất",
        "Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác gắn liền với đất đã cấp",
    ),
    "giay-phep-xay-dung": ("Giấy phép xây dựng", "Giấy phép xây dựng đã được cấp"),
    "giay-chung-nhan-dang-ky-doanh-nghiep": (
        "Giấy chứng nhận đăng ký doanh nghiệp",
        "Bản sao Giấy chứng nhận đăng ký doanh nghiệp",
    ),
    "giay-chung-nhan-dang-ky-ho-kinh-doanh": ("Giấy chứng nhận đăng ký hộ kinh doanh",),
    "can-cuoc-cong-dan": ("Căn cước công dân", "Bản chụp Căn cước công dân"),
    "can-cuoc": ("Thẻ căn cước", "Bản chụp thẻ Căn cước"),
    "giay-phep-lai-xe": ("Giấy phép lái xe", "Giấy phép lái xe đang sử dụng"),
    "phieu-ly-lich-tu-phap": ("Phiếu lý lịch tư pháp", "Phiếu lý lịch tư pháp số 1"),
    "quyet-dinh": ("Quyết định",),
    "cong-van": ("Công văn",),
    "thong-bao": ("Thông báo",),
    "to-trinh": ("Tờ trình",),
    "ke-hoach": ("Kế hoạch",),
    "chi-thi": ("Chỉ thị",),
    "bao-cao": ("Báo cáo",),
    "nghi-quyet": ("Nghị quyết",),
    "giay-moi": ("Giấy mời",),
}
_ABSENT = ("Văn bản ủy quyền", "Giấy chứng sinh", "Bản vẽ thiết kế", "Đơn đề nghị theo mẫu", "Chứng từ nộp lệ phí")


def choose_types(generator: Generator) -> tuple[str, ...]:
    """Return the paper types of a dossier in the order of its pile; no type comes twice."""
    weights = [errand.weight for errand in _ERRANDS]
    errand = _ERRANDS[int(generator.choice(len(_ERRANDS), p=[weight / sum(weights) for weight in weights]))]
    wanted = [*errand.always, *(item for item in errand.often if happens(generator, 0.5))]
    types = [item if isinstance(item, str) else pick(generator, item) for item in wanted]
    first = [RECEIPT] if happens(generator, _RECEIPT_SHARE) else []
    return tuple(dict.fromkeys([*first, *types]))


def component_names(generator: Generator, papers: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what the receipt of a dossier lists: its papers by name, at times one that nobody scanned.

    Args:
        generator: Where chance comes from.
        papers: The truth of the other papers of the dossier.
    """
    names = []
    for paper in papers:
        name = pick(generator, _NAMES[paper["type"]])
        subject = paper["fields"].get("subject")
        names.append(f"{name} {subject}" if subject else name)
    if happens(generator, _ABSENT_SHARE):
        names += pick_several(generator, _ABSENT, 1)
    return names
