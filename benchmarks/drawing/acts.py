"""Administrative acts of Nghị định 30/2020/NĐ-CP (Phụ lục I and III), laid out on A4."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PIL import Image

from benchmarks.drawing import act_texts
from benchmarks.drawing.agencies import Agency, draw_agency, people_council, signature_titles
from benchmarks.drawing.blocks import Signature, agency_head, head_columns, national_head, signature_block
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day, pick_several
from benchmarks.drawing.fonts import Family, Style
from benchmarks.drawing.people import Sex, draw_name
from benchmarks.drawing.sheets import Margins, Run, Sheets

ACT_TYPES = ("quyet-dinh", "cong-van", "thong-bao", "to-trinh", "ke-hoach", "chi-thi", "bao-cao", "nghi-quyet",
             "giay-moi")  # fmt: skip
_COMMANDS = {"quyet-dinh": "QUYẾT ĐỊNH:", "nghi-quyet": "QUYẾT NGHỊ:"}
_ADDRESSED = ("cong-van", "to-trinh", "giay-moi")
_BODY_PT = 14.0


@dataclass(frozen=True, slots=True)
class Act:
    """All that one act says."""

    paper_type: str
    agency: Agency
    number: str
    notation: str
    issued: date
    subject: str
    bases: tuple[str, ...]
    sentences: tuple[str, ...]
    addressees: tuple[str, ...]
    recipients: tuple[str, ...]
    titles: tuple[str, ...]
    signer: str

    @property
    def truth(self) -> dict[str, str]:
        """Field values as a record has to carry them."""
        return {
            "code_number": self.number,
            "code_notation": self.notation,
            "issued_date": self.issued.isoformat(),
            "place": self.agency.place,
            "organ_name": self.agency.printed_name,
            "subject": self.subject,
            "signer_name": self.signer,
            "signer_title": " ".join(self.titles),
        }


def act_date(day: date) -> str:
    """Return `ngày 05 tháng 3 năm 2024`: days below 10 and months 1 and 2 are padded, other months are not."""
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def draw_act(
    generator: Generator, paper_type: str, dpi: int, stamp_over_name: bool, family: Family = Family.SERIF
) -> tuple[list[Image.Image], dict[str, str | None]]:
    """Invent and draw one act; return its pages and the truth of its fields.

    Raises:
        KeyError: `paper_type` is none of `ACT_TYPES`.
    """
    act = _invent(generator, paper_type)
    margins = Margins(left=between(generator, 29, 33), right=between(generator, 15, 18))
    sheets = Sheets(dpi, margins, family=family)
    _head(sheets, act, loose_numbers=happens(generator, 0.3))
    if act.bases:
        _bases(sheets, act)
    _body(sheets, act)
    _close(sheets, generator, act, stamp_over_name)
    return sheets.pages, {**act.truth}


def _invent(generator: Generator, paper_type: str) -> Act:
    issued = pick_day(generator, date(2016, 1, 4), date(2026, 6, 30))
    agency = people_council(generator) if paper_type == "nghi-quyet" else draw_agency(generator, issued)
    blanks = {"province": agency.home.province.full_name, "commune": agency.home.commune, "year": issued.year}
    notation = (
        f"{agency.symbol}-{pick(generator, agency.units)}"
        if paper_type == "cong-van"
        else f"{act_texts.TITLES[paper_type][1]}-{agency.symbol}"
    )
    length = int(generator.integers(2, 8))
    sentences = tuple(text.format(**blanks) for text in pick_several(generator, act_texts.SENTENCES, length))
    bases = pick_several(generator, act_texts.BASES, int(generator.integers(2, 6)))
    several = int(generator.integers(1, 4))
    return Act(
        paper_type=paper_type,
        agency=agency,
        number=f"{int(pick(generator, (generator.integers(1, 100), generator.integers(100, 4000)))):02d}",
        notation=notation,
        issued=issued,
        subject=pick(generator, act_texts.SUBJECTS[paper_type]).format(**blanks),
        bases=tuple(bases) if paper_type in _COMMANDS else (),
        sentences=sentences,
        addressees=tuple(pick_several(generator, act_texts.ADDRESSEES, several)) if paper_type in _ADDRESSED else (),
        recipients=tuple(pick_several(generator, act_texts.RECIPIENTS, several + 1)),
        titles=("CHỦ TỊCH",) if paper_type == "nghi-quyet" else signature_titles(generator, agency),
        signer=draw_name(generator, pick(generator, tuple(Sex))),
    )


def _head(sheets: Sheets, act: Act, loose_numbers: bool) -> None:
    """Write the head; `loose_numbers` leaves the gaps of numbers filled in after printing."""
    size = 12.0
    columns = head_columns(sheets, size)
    top = sheets.margins.top
    left = agency_head(sheets, act.agency, columns, top, size)
    right = national_head(sheets, columns.right_middle, top, size)
    line_y = max(left, right) + 1.8
    number = f"Số: {act.number}  /{act.notation}" if loose_numbers else f"Số: {act.number}/{act.notation}"
    below = sheets.stack((number,), columns.left_middle, line_y, 13)
    day = act_date(act.issued)
    place_and_date = f"{act.agency.place}, {day}"
    sheets.stack((place_and_date,), columns.right_middle, line_y, 13.5, Style.ITALIC)
    if act.paper_type == "cong-van":
        lines = sheets.wrap(f"V/v {act.subject}", 12.5, columns.left_width - 6)
        below = sheets.stack(lines, columns.left_middle, below + 1.2, 12.5)
        sheets.y_mm = below + 7
        return
    sheets.y_mm = below + 8
    sheets.headline(act_texts.TITLES[act.paper_type][0], 14)
    lines = sheets.wrap(act.subject, _BODY_PT, 128, Style.BOLD)
    sheets.y_mm = sheets.stack(lines, sheets.center_mm, sheets.y_mm, _BODY_PT, Style.BOLD)
    sheets.rule(sheets.center_mm, sheets.text_width_mm(lines[-1], _BODY_PT, Style.BOLD) * 0.4, sheets.y_mm + 1)
    sheets.y_mm += 6


def _bases(sheets: Sheets, act: Act) -> None:
    authority = act.agency.full_name.upper()
    if act.agency.collective is None and act.paper_type != "nghi-quyet":
        authority = f"{act.agency.head.upper()} {authority}"
    sheets.headline(authority, _BODY_PT)
    sheets.y_mm += 4
    for base in act.bases:
        sheets.paragraph([Run(base, Style.ITALIC)], _BODY_PT)
    sheets.paragraph([Run(f"Theo đề nghị của Chánh Văn phòng {act.agency.full_name}.", Style.ITALIC)], _BODY_PT)
    sheets.y_mm += 1.5
    sheets.headline(_COMMANDS[act.paper_type], _BODY_PT)
    sheets.y_mm += 3


def _body(sheets: Sheets, act: Act) -> None:
    if act.addressees:
        _addressees(sheets, act.addressees)
    if act.paper_type == "giay-moi":
        _invitation(sheets, act)
    lead = "Điều {}." if act.paper_type in _COMMANDS else "{}."
    sentences = list(act.sentences)
    if act.paper_type in _COMMANDS:
        sentences.append(f"{act_texts.TITLES[act.paper_type][0].capitalize()} này có hiệu lực thi hành kể từ ngày ký.")
    elif act.paper_type != "giay-moi":
        opening = f"Thực hiện chỉ đạo của cấp có thẩm quyền, {act.agency.full_name} có ý kiến như sau:"
        sheets.paragraph([Run(opening)], _BODY_PT)
    sentences[-1] += "/."
    for number, sentence in enumerate(sentences, start=1):
        if number == len(sentences):
            sheets.need(_closing_height(sheets, act) + 24)  # the signature never stands alone on a sheet
        sheets.paragraph([Run(lead.format(number), Style.BOLD), Run(sentence)], _BODY_PT)


def _closing_height(sheets: Sheets, act: Act) -> float:
    return sheets.line_height_mm(13) * len(act.titles) + 50


def _addressees(sheets: Sheets, addressees: Sequence[str]) -> None:
    if len(addressees) == 1:
        sheets.stack((f"Kính gửi: {addressees[0]}.",), sheets.center_mm, sheets.y_mm, _BODY_PT)
        sheets.y_mm += 12
        return
    x_mm = sheets.left_mm + 38
    sheets.put("Kính gửi:", x_mm, sheets.y_mm, _BODY_PT)
    for number, addressee in enumerate(addressees):
        sheets.y_mm += sheets.line_height_mm(_BODY_PT) * 1.05
        end = "." if number == len(addressees) - 1 else ";"
        sheets.put(f"- {addressee}{end}", x_mm + 16, sheets.y_mm, _BODY_PT)
    sheets.y_mm += 11


def _invitation(sheets: Sheets, act: Act) -> None:
    head = f"{act.agency.full_name} trân trọng kính mời Quý cơ quan cử đại diện tham dự."
    sheets.paragraph([Run(head)], _BODY_PT)
    rows = (
        ("Chủ trì:", f"{act.agency.head} {act.agency.full_name}."),
        ("Thời gian:", f"08 giờ 00 phút, {act_date(act.issued)}."),
        ("Địa điểm:", "Phòng họp số 2, trụ sở cơ quan."),
    )
    for label, value in rows:
        sheets.paragraph([Run(label, Style.BOLD), Run(value)], _BODY_PT)


def _close(sheets: Sheets, generator: Generator, act: Act, stamp_over_name: bool) -> None:
    sheets.need(_closing_height(sheets, act))
    sheets.y_mm += 3
    y_mm = sheets.y_mm
    sheets.put("Nơi nhận:", sheets.left_mm, y_mm, 12, Style.BOLD_ITALIC)
    first = "Như trên" if act.paper_type == "cong-van" else "Như Điều 1" if act.bases else "Các cơ quan liên quan"
    lines = [f"- {text};" for text in (first, *act.recipients)] + [f"- Lưu: VT, {act.agency.units[0]}."]
    for number, line in enumerate(lines, start=1):
        step = sheets.line_height_mm(11)
        sheets.put(line, sheets.left_mm, y_mm + 1 + number * step, 11)
    signature = Signature(act.titles, act.signer, act.agency.seal_text)
    middle = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * 0.745
    sheets.y_mm = signature_block(sheets, generator, signature, middle, stamp_over_name)
