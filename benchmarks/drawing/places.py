"""Real provinces with their personal-id codes; districts and communes are invented."""

from dataclasses import dataclass
from datetime import date

from benchmarks.drawing.chance import Generator, pick

DISTRICTS_END = date(2025, 7, 1)  # Source: Nghị quyết 203/2025/QH15
_PROVINCES = (
    ("001", "thành phố", "Hà Nội"),
    ("002", "tỉnh", "Hà Giang"),
    ("004", "tỉnh", "Cao Bằng"),
    ("008", "tỉnh", "Tuyên Quang"),
    ("010", "tỉnh", "Lào Cai"),
    ("014", "tỉnh", "Sơn La"),
    ("017", "tỉnh", "Hòa Bình"),
    ("019", "tỉnh", "Thái Nguyên"),
    ("022", "tỉnh", "Quảng Ninh"),
    ("025", "tỉnh", "Phú Thọ"),
    ("027", "tỉnh", "Bắc Ninh"),
    ("031", "thành phố", "Hải Phòng"),
    ("034", "tỉnh", "Thái Bình"),
    ("037", "tỉnh", "Ninh Bình"),
    ("038", "tỉnh", "Thanh Hóa"),
    ("040", "tỉnh", "Nghệ An"),
    ("042", "tỉnh", "Hà Tĩnh"),
    ("048", "thành phố", "Đà Nẵng"),
    ("051", "tỉnh", "Quảng Ngãi"),
    ("054", "tỉnh", "Phú Yên"),
    ("056", "tỉnh", "Khánh Hòa"),
    ("066", "tỉnh", "Đắk Lắk"),
    ("068", "tỉnh", "Lâm Đồng"),
    ("075", "tỉnh", "Đồng Nai"),
    ("080", "tỉnh", "Long An"),
    ("083", "tỉnh", "Bến Tre"),
    ("086", "tỉnh", "Vĩnh Long"),
    ("089", "tỉnh", "An Giang"),
    ("092", "thành phố", "Cần Thơ"),
    ("096", "tỉnh", "Cà Mau"),
)
_FIRST = ("An", "Bình", "Tân", "Phú", "Long", "Vĩnh", "Thạnh", "Tịnh", "Nghĩa", "Đức", "Mỹ", "Lộc", "Hợp", "Thụy")
_SECOND = (
    "Khuê",
    "Hưởng",
    "Thuận",
    "Khê",
    "Điền",
    "Lữ",
    "Sơn",
    "Trạch",
    "Nguyên",
    "Hậu",
    "Quới",
    "Thượng",
    "Mỹ",
    "Lũng",
)


@dataclass(frozen=True, slots=True)
class Province:
    """A province: `code` opens the personal ids registered there (the 63 codes before July 2025)."""

    code: str
    kind: str
    name: str

    @property
    def full_name(self) -> str:
        """For example `tỉnh Quảng Ngãi`."""
        return f"{self.kind} {self.name}"


@dataclass(frozen=True, slots=True)
class Place:
    """An invented commune in an invented district (None: districts are no more) of a real province."""

    commune: str
    district: str | None
    province: Province

    @property
    def address(self) -> str:
        """For example `xã Tịnh Khê, huyện Long Sơn, tỉnh Quảng Ngãi`."""
        district = f"huyện {self.district}, " if self.district else ""
        return f"xã {self.commune}, {district}{self.province.full_name}"


PROVINCES = tuple(Province(*row) for row in _PROVINCES)


def _invented_name(generator: Generator) -> str:
    first = pick(generator, _FIRST)
    return f"{first} {pick(generator, [word for word in _SECOND if word != first])}"


def draw_place(generator: Generator, province: Province | None = None) -> Place:
    """Return an invented commune, in `province` when given."""
    commune = _invented_name(generator)
    return Place(commune, _invented_name(generator), province or pick(generator, PROVINCES))
