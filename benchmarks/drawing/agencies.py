"""Invented issuing agencies: what their heads of paper, symbols and signature blocks say."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from benchmarks.drawing.chance import Generator, happens, pick
from benchmarks.drawing.places import DISTRICTS_END, Place, draw_place

_DEPARTMENTS = (
    ("Sở Xây dựng", "SXD", ("QLĐT", "VP")),
    ("Sở Nội vụ", "SNV", ("TCBC", "CCHC")),
    ("Sở Tư pháp", "STP", ("HCTP", "VP")),
    ("Sở Tài chính", "STC", ("QLNS", "ĐKKD")),
    ("Sở Y tế", "SYT", ("NVY", "TCCB")),
    ("Sở Nông nghiệp và Môi trường", "SNNMT", ("QLĐĐ", "TL")),
    ("Sở Giáo dục và Đào tạo", "SGDĐT", ("GDTrH", "TCCB")),
)
_MINISTRIES = (
    ("Bộ Nội vụ", "BNV", ("CCVC", "TCBC")),
    ("Bộ Tư pháp", "BTP", ("HTQTCT", "VP")),
    ("Bộ Xây dựng", "BXD", ("QHKT", "PC")),
    ("Bộ Y tế", "BYT", ("KCB", "TCCB")),
)
_COMMITTEE_UNITS = ("NC", "KTTH", "NNTN", "VX", "TTHC", "KSTT")


@dataclass(frozen=True, slots=True)
class Agency:
    """An issuing agency.

    Attributes:
        parent_lines: Governing body above the name, in capitals, printed lines; often none.
        name_lines: Name in capitals, printed lines.
        full_name: Name within a sentence, for example `Ủy ban nhân dân tỉnh Nghệ An`.
        symbol: Abbreviation in document symbols, for example `UBND`.
        units: Abbreviations of drafting units, for công văn symbols.
        place: What stands before the date.
        head: Title of its head, for example `Chủ tịch`; `deputy` that of the deputy.
        collective: In whose name the head signs (`TM. …`), or None when the head signs as such.
        seal_text: Text around its stamp.
        home: Where it sits.
    """

    parent_lines: tuple[str, ...]
    name_lines: tuple[str, ...]
    full_name: str
    symbol: str
    units: tuple[str, ...]
    place: str
    head: str
    deputy: str
    collective: str | None
    seal_text: str
    home: Place

    @property
    def printed_name(self) -> str:
        """The whole left head of the paper on one line: governing body, then name, in capitals."""
        return " ".join((*self.parent_lines, *self.name_lines))


def _seal(text: str) -> str:
    return f"* {text.upper()} *"


def provincial_committee(generator: Generator, _: date) -> Agency:
    """Return the people's committee of a province."""
    place = draw_place(generator)
    province = place.province
    return Agency(
        parent_lines=(),
        name_lines=("ỦY BAN NHÂN DÂN", province.full_name.upper()),
        full_name=f"Ủy ban nhân dân {province.full_name}",
        symbol="UBND",
        units=_COMMITTEE_UNITS,
        place=province.name,
        head="Chủ tịch",
        deputy="Phó Chủ tịch",
        collective="ỦY BAN NHÂN DÂN",
        seal_text=_seal(f"Ủy ban nhân dân {province.full_name}"),
        home=place,
    )


def communal_committee(generator: Generator, issued: date, place: Place | None = None) -> Agency:
    """Return the people's committee of a commune, as its papers of that day name it: below its district or not."""
    home = place or draw_place(generator)
    return Agency(
        parent_lines=(f"UBND HUYỆN {home.district.upper()}",) if home.district and issued < DISTRICTS_END else (),
        name_lines=("ỦY BAN NHÂN DÂN", f"XÃ {home.commune.upper()}"),
        full_name=f"Ủy ban nhân dân xã {home.commune}",
        symbol="UBND",
        units=("VP", "TP", "ĐC", "VHXH"),
        place=home.commune,
        head="Chủ tịch",
        deputy="Phó Chủ tịch",
        collective="ỦY BAN NHÂN DÂN",
        seal_text=_seal(f"UBND xã {home.commune} - {home.province.full_name}"),
        home=home,
    )


def _department(generator: Generator, _: date) -> Agency:
    place = draw_place(generator)
    name, symbol, units = pick(generator, _DEPARTMENTS)
    return Agency(
        parent_lines=(f"UBND {place.province.full_name.upper()}",),
        name_lines=(name.upper(),),
        full_name=f"{name} {place.province.full_name}",
        symbol=symbol,
        units=units,
        place=place.province.name,
        head="Giám đốc",
        deputy="Phó Giám đốc",
        collective=None,
        seal_text=_seal(f"{name} {place.province.full_name}"),
        home=place,
    )


def _ministry(generator: Generator, _: date) -> Agency:
    name, symbol, units = pick(generator, _MINISTRIES)
    return Agency(
        parent_lines=(),
        name_lines=(name.upper(),),
        full_name=name,
        symbol=symbol,
        units=units,
        place="Hà Nội",
        head="Bộ trưởng",
        deputy="Thứ trưởng",
        collective=None,
        seal_text=_seal(name),
        home=draw_place(generator),
    )


def people_council(generator: Generator) -> Agency:
    """Return the people's council of a province, which passes resolutions."""
    place = draw_place(generator)
    province = place.province
    return Agency(
        parent_lines=(),
        name_lines=("HỘI ĐỒNG NHÂN DÂN", province.full_name.upper()),
        full_name=f"Hội đồng nhân dân {province.full_name}",
        symbol="HĐND",
        units=("VP",),
        place=province.name,
        head="Chủ tịch",
        deputy="Phó Chủ tịch",
        collective=None,
        seal_text=_seal(f"Hội đồng nhân dân {province.full_name}"),
        home=place,
    )


def draw_agency(generator: Generator, issued: date) -> Agency:
    """Return an agency of a random kind, as its papers of the day `issued` name it."""
    kinds: tuple[Callable[[Generator, date], Agency], ...] = (
        provincial_committee,
        provincial_committee,
        communal_committee,
        _department,
        _department,
        _ministry,
    )
    return pick(generator, kinds)(generator, issued)


def signature_titles(generator: Generator, agency: Agency) -> tuple[str, ...]:
    """Return the title lines above the signature, for example `KT. GIÁM ĐỐC`, `PHÓ GIÁM ĐỐC`."""
    lines = [f"TM. {agency.collective}"] if agency.collective else []
    if happens(generator, 0.6):
        return (*lines, f"KT. {agency.head.upper()}", agency.deputy.upper())
    return (*lines, agency.head.upper())
