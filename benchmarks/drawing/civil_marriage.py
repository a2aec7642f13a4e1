"""Marriage certificates, current and old form. Source of labels: Thông tư 04/2020/TT-BTP; TP/HT-2010-KH of 2010.

Both spouses stand side by side: read line by line, one gets the other's values.
"""

from datetime import date

from benchmarks.drawing.chance import Generator, between, happens, pick
from benchmarks.drawing.civil_art import emblem, frame, rosettes
from benchmarks.drawing.civil_layout import (
    Blank,
    Entry,
    Leaders,
    Look,
    columns_of,
    entry,
    nation,
    sign,
    slashed,
    text_box,
    typed_family,
    write_entry,
)
from benchmarks.drawing.civil_people import (
    IdentityPaper,
    Marriage,
    draw_marriage,
    home_on,
    identity_paper,
    office,
    residence,
    some_date,
)
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Occasion
from benchmarks.drawing.ink import BLUE, lay_ink, signature_mask
from benchmarks.drawing.people import Person
from benchmarks.drawing.sheets import WIDTH_MM, Margins, Sheets

_WIFE, _HUSBAND = "wife", "husband"
_OF = {_WIFE: "vợ", _HUSBAND: "chồng"}


def wife_left(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the current form: the wife left, the husband right."""
    return _current(generator, occasion, (_WIFE, _HUSBAND), "tt04-vo-trai")


def husband_left(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the current form as some printers set it: the husband left."""
    return _current(generator, occasion, (_HUSBAND, _WIFE), "tt04-chong-trai")


def old_form(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2010: the husband left, register number and book number in the corner."""
    marriage = draw_marriage(generator, occasion.birth, old_form=True)
    newer_tone = happens(generator, 0.5)
    sheets = Sheets(occasion.dpi, Margins(left=22, top=24, right=20, bottom=18), 1.2, occasion.family)
    rosettes(sheets)
    corner = sheets.right_mm - 42
    sheets.put(f"Số: {marriage.number}", corner, 17, 12.5)
    sheets.put(f"Quyển số: {marriage.book}", corner, 23, 12.5)
    sheets.y_mm = nation(sheets, WIDTH_MM / 2, 34, 12.5, newer_tone) + 8
    sheets.stack(("GIẤY CHỨNG NHẬN KẾT HÔN",), WIDTH_MM / 2, sheets.y_mm, 20, Style.BOLD)
    sheets.y_mm += 14
    look = Look(
        size_pt=12,
        spacing=1.45,
        value=Style.BOLD if happens(generator, 0.3) else Style.REGULAR,
        typed=typed_family(generator, occasion.family),
        blank=pick(generator, (Blank.EMPTY, Blank.DASHES)),
        leaders=Leaders.UNDER,
    )
    papers = {role: _paper(generator, _spouse(marriage, role), marriage.registered) for role in _OF}
    years_only = happens(generator, 0.12)
    blocks = [
        _old_block(generator, _spouse(marriage, role), _OF[role], papers[role], marriage.registered, years_only)
        for role in (_HUSBAND, _WIFE)
    ]
    _side_by_side(sheets, look, blocks, level=happens(generator, 0.6))
    sheets.y_mm += 3
    entry(sheets, look, Entry("Nơi đăng ký", marriage.registrar))
    entry(sheets, look, Entry("Ngày, tháng, năm đăng ký", some_date(generator, marriage.registered)))
    entry(sheets, look, Entry("Ghi chú", None))
    sheets.y_mm += 2
    _spouses_sign(sheets, generator, ("CHỒNG", "VỢ"), "")
    agency = office(generator, marriage.wife.home, marriage.registered, newer_tone)
    top = sheets.y_mm + 2
    left = sheets.left_mm + 38
    sheets.stack(("NGƯỜI THỰC HIỆN", "(Ký, ghi rõ họ tên)"), left, top, 12, Style.BOLD)
    _scribble(sheets, generator, left, top + 10)
    sign(sheets, generator, agency, "", occasion.stamp_over_name, note="")
    sheets.put("TP/HT-2010-KH.1", sheets.left_mm, 281, 8.5)
    truth = _truth(marriage, papers)
    if years_only:
        for role in _OF:
            truth[f"{role}_date_of_birth"] = str(_spouse(marriage, role).date_of_birth.year)
    return Drawn(sheets.pages, truth, "tp-ht-2010")


def _current(generator: Generator, occasion: Occasion, order: tuple[str, str], layout: str) -> Drawn:
    marriage = draw_marriage(generator, occasion.birth, old_form=False)
    newer_tone = happens(generator, 0.4)
    sheets = Sheets(occasion.dpi, Margins(left=24, top=26, right=20, bottom=18), 1.2, occasion.family)
    rosettes(sheets)
    frame(sheets)
    sheets.put(f"Số: {marriage.number}", sheets.right_mm - 38, 20, 13)
    sheets.y_mm = nation(sheets, WIDTH_MM / 2, 27, 12.5, newer_tone) + 3
    if happens(generator, 0.6):
        sheets.y_mm = emblem(sheets, WIDTH_MM / 2, sheets.y_mm) + 1
    else:
        sheets.y_mm += 5
    sheets.stack(("GIẤY CHỨNG NHẬN KẾT HÔN",), WIDTH_MM / 2, sheets.y_mm, 21, Style.BOLD)
    sheets.y_mm += 13
    look = Look(
        size_pt=pick(generator, (12.0, 12.5, 13.0)),
        spacing=between(generator, 1.18, 1.35),
        value=Style.BOLD if happens(generator, 0.25) else Style.REGULAR,
        typed=typed_family(generator, occasion.family),
        blank=pick(generator, tuple(Blank)),
        leaders=pick(generator, (Leaders.NONE, Leaders.NONE, Leaders.UNDER)),
    )
    papers: dict[str, IdentityPaper | None] = {
        role: identity_paper(generator, _spouse(marriage, role), marriage.registered) for role in _OF
    }
    blocks = [
        _block(generator, _spouse(marriage, role), _OF[role], papers[role], marriage.registered) for role in order
    ]
    _side_by_side(sheets, look, blocks, level=happens(generator, 0.6))
    sheets.y_mm += 2
    entry(sheets, look, Entry("Nơi đăng ký kết hôn", marriage.registrar))
    entry(sheets, look, Entry("Ngày, tháng, năm đăng ký", some_date(generator, marriage.registered)))
    sheets.y_mm += 2
    titles = ("Vợ", "Chồng") if order[0] == _WIFE else ("Chồng", "Vợ")
    _spouses_sign(sheets, generator, titles, "(Ký, ghi rõ họ, chữ đệm, tên)")
    agency = office(generator, marriage.wife.home, marriage.registered, newer_tone)
    sign(sheets, generator, agency, "NGƯỜI KÝ GIẤY CHỨNG NHẬN KẾT HÔN", occasion.stamp_over_name, 0.68)
    return Drawn(sheets.pages, _truth(marriage, papers), layout)


def _truth(marriage: Marriage, papers: dict[str, IdentityPaper | None]) -> dict[str, str | list[str] | None]:
    truth: dict[str, str | list[str] | None] = {"number": marriage.number}
    for role in _OF:
        person, paper = _spouse(marriage, role), papers[role]
        truth[f"{role}_name"] = person.full_name
        truth[f"{role}_date_of_birth"] = person.date_of_birth.isoformat()
        truth[f"{role}_personal_id"] = paper.number if paper else None
    truth["registration_place"] = marriage.registrar
    truth["registration_date"] = marriage.registered.isoformat()
    return truth


def _spouse(marriage: Marriage, role: str) -> Person:
    return marriage.wife if role == _WIFE else marriage.husband


def _paper(generator: Generator, person: Person, day: date) -> IdentityPaper | None:
    """Return the identity paper; old registers at times left it out."""
    return None if happens(generator, 0.1) else identity_paper(generator, person, day)


def _block(
    generator: Generator, person: Person, role: str, paper: IdentityPaper | None, day: date
) -> list[tuple[Entry, ...]]:
    nature = (Entry("Dân tộc", person.ethnicity), Entry("Quốc tịch", person.nationality))
    return [
        (Entry(f"Họ, chữ đệm, tên {role}", person.full_name.upper(), strong=True),),
        (Entry("Ngày, tháng, năm sinh", slashed(person.date_of_birth)),),
        *((item,) for item in nature),
        (Entry("Nơi cư trú", residence(generator, home_on(generator, person.home, day))),),
        (Entry("Giấy tờ tùy thân", paper.text if paper else None),),
    ]


def _old_block(
    generator: Generator, person: Person, role: str, paper: IdentityPaper | None, day: date, year_only: bool
) -> list[tuple[Entry, ...]]:
    born = str(person.date_of_birth.year) if year_only else slashed(person.date_of_birth)
    number = f"{paper.number}" if paper else None
    return [
        (Entry(f"Họ và tên {role}", person.full_name.upper(), strong=True),),
        (Entry("Ngày, tháng, năm sinh", born),),
        (Entry("Dân tộc", person.ethnicity), Entry("Quốc tịch", person.nationality)),
        (Entry("Nơi thường trú/tạm trú", residence(generator, home_on(generator, person.home, day))),),
        (Entry("Số Giấy CMND/Hộ chiếu/Giấy tờ hợp lệ thay thế", number),),
    ]


def _side_by_side(sheets: Sheets, look: Look, blocks: list[list[tuple[Entry, ...]]], level: bool) -> None:
    """Write both blocks in columns, each wrapping inside its own; `level` keeps equal labels at equal height."""
    columns = columns_of(text_box(sheets), (1.0, 1.0), gap_mm=6)
    tops = [sheets.y_mm, sheets.y_mm]
    for lines in zip(*blocks, strict=True):
        for number, items in enumerate(lines):
            boxes = columns_of(columns[number], [1.0] * len(items), gap_mm=2)
            y_mm = tops[number]
            tops[number] = max(
                write_entry(sheets, look, item, box, y_mm) for item, box in zip(items, boxes, strict=True)
            )
        if level:
            tops = [max(tops)] * 2
    sheets.y_mm = max(tops)


def _spouses_sign(sheets: Sheets, generator: Generator, titles: tuple[str, str], note: str) -> None:
    middles = [column.left + column.width / 2 for column in columns_of(text_box(sheets), (1.0, 1.0))]
    for middle, title in zip(middles, titles, strict=True):
        below = sheets.stack((title,), middle, sheets.y_mm, 13, Style.BOLD)
        if note:
            below = sheets.stack((note,), middle, below, 10.5, Style.ITALIC)
        _scribble(sheets, generator, middle, below)
    sheets.y_mm = below + 15


def _scribble(sheets: Sheets, generator: Generator, middle_mm: float, y_mm: float) -> None:
    mask = signature_mask(generator, sheets.dpi, 32, 13)
    lay_ink(sheets.page, mask, round(sheets.px(middle_mm - 16)), round(sheets.px(y_mm)), BLUE)
