"""Requests to register a birth: who asks stands before whom it is about.

Source of labels: Thông tư 04/2020/TT-BTP; Thông tư 04/2024/TT-BTP adds the requester's day of birth and the parents'
identity papers, and leaves lines blank for people whose personal id is given.
"""

from collections.abc import Sequence
from datetime import date

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.chance import Generator, between, happens, pick
from benchmarks.drawing.civil_art import tick_box
from benchmarks.drawing.civil_layout import (
    Blank,
    Entry,
    Leaders,
    Look,
    entry,
    nation,
    row,
    sentence,
    slashed,
    typed_family,
)
from benchmarks.drawing.civil_people import home_on, identity_paper, partner_for, registrar_of, residence
from benchmarks.drawing.civil_status import Birth
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Occasion
from benchmarks.drawing.ink import BLUE, lay_ink, signature_mask
from benchmarks.drawing.number_words import date_words
from benchmarks.drawing.people import Person, Sex
from benchmarks.drawing.sheets import WIDTH_MM, Margins, Sheets

_SUBJECT_BELOW = "Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:"
_OATH = (
    "Tôi cam đoan nội dung khai trên đây là đúng sự thật, được sự thỏa thuận nhất trí của các bên liên quan theo quy "
    "định pháp luật. Tôi chịu hoàn toàn trách nhiệm trước pháp luật về nội dung cam đoan của mình."
)
_NOTES_2020 = (
    "(1) Ghi rõ tên cơ quan đề nghị thực hiện việc đăng ký khai sinh.",
    "(2) Ghi theo nơi đăng ký thường trú, nếu không có nơi đăng ký thường trú thì ghi theo nơi đăng ký tạm trú.",
    "(3) Ghi thông tin về giấy tờ tùy thân của người đi đăng ký khai sinh.",
    "(4) Trường hợp sinh tại cơ sở y tế thì ghi rõ tên cơ sở y tế và địa chỉ trụ sở cơ sở y tế đó.",
    "(5) Ghi đầy đủ ngày, tháng, năm sinh (nếu có).",
)
_NOTES_2024 = (
    "(1) Ghi rõ tên cơ quan đề nghị thực hiện đăng ký khai sinh.",
    "(2) Trường hợp không có số định danh cá nhân thì ghi theo nơi đăng ký thường trú, tạm trú, nơi đang sinh sống.",
    "(3) Ghi thông tin về giấy tờ tùy thân; ghi rõ số, cơ quan cấp, ngày cấp.",
)


def request_of_2020(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2020."""
    return _request(generator, occasion, newer=False)


def request_of_2024(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2024, lines that the law allows to leave blank often left blank."""
    return _request(generator, occasion, newer=True)


def _request(generator: Generator, occasion: Occasion, newer: bool) -> Drawn:
    birth = occasion.birth
    child = birth.child
    sheets = Sheets(occasion.dpi, Margins(left=27, top=15, right=17, bottom=10), 1.1, occasion.family)
    sheets.y_mm = nation(sheets, WIDTH_MM / 2, 15, 12, happens(generator, 0.5)) + 4
    sheets.headline("TỜ KHAI ĐĂNG KÝ KHAI SINH", 14.5)
    sheets.y_mm += 2
    look = Look(
        size_pt=pick(generator, (12.0, 12.5)),
        spacing=between(generator, 1.05, 1.15),
        typed=typed_family(generator, occasion.family),
        value=pick(generator, (Style.REGULAR, Style.REGULAR, Style.ITALIC, Style.BOLD)),
        strong=pick(generator, (Style.REGULAR, Style.BOLD)),
        blank=pick(generator, tuple(Blank)),
        leaders=pick(generator, tuple(Leaders)),
        raised_notes=happens(generator, 0.6),
        note_first=happens(generator, 0.3),
    )
    registrar = registrar_of(generator, home_on(generator, child.home, birth.registered))
    row(sheets, look, Entry("Kính gửi", registrar, note="1"), shares=(1,))
    requester, relation = _requester(generator, birth)
    _requester_block(sheets, look, generator, requester, relation, birth.registered, newer)
    sentence(sheets, look, _SUBJECT_BELOW, Style.BOLD)
    capitals = happens(generator, 0.6)
    entry(sheets, look, Entry("Họ, chữ đệm, tên", _name(child, capitals), strong=True))
    words = date_words(child.date_of_birth, birth.words)
    entry(sheets, look, Entry("Ngày, tháng, năm sinh", f"{slashed(child.date_of_birth)} ghi bằng chữ: {words}"))
    row(sheets, look, Entry("Giới tính", child.sex.value), Entry("Dân tộc", child.ethnicity),
        Entry("Quốc tịch", child.nationality))  # fmt: skip
    entry(sheets, look, Entry("Nơi sinh", birth.birthplace, note="4"))
    entry(sheets, look, Entry("Quê quán", child.home.address))
    for role, parent in (("mẹ", birth.mother), ("cha", birth.father)):
        _parent_block(sheets, look, generator, role, parent, birth.registered, newer, capitals)
    sentence(sheets, look, _OATH)
    _close(sheets, generator, requester, birth, _NOTES_2024 if newer else _NOTES_2020)
    truth = {
        "requester_name": requester.full_name,
        "full_name": child.full_name,
        "date_of_birth": child.date_of_birth.isoformat(),
        "sex": child.sex.value,
        "mother_name": birth.mother.full_name,
        "father_name": birth.father.full_name if birth.father else None,
    }
    return Drawn(sheets.pages, truth, "tt04-2024" if newer else "tt04-2020")


def _requester(generator: Generator, birth: Birth) -> tuple[Person, str]:
    """Return who asks: a parent, or someone else of the family."""
    if happens(generator, 0.2):
        relative = partner_for(generator, birth.father or birth.mother)
        near = ("Cô", "Dì") if relative.sex is Sex.FEMALE else ("Chú", "Bác")
        return relative, pick(generator, ("Người thân thích", *near))
    if birth.father and happens(generator, 0.7):
        return birth.father, "Cha"
    return birth.mother, "Mẹ"


def _requester_block(
    sheets: Sheets, look: Look, generator: Generator, person: Person, relation: str, day: date, newer: bool
) -> None:
    entry(sheets, look, Entry("Họ, chữ đệm, tên người yêu cầu", _name(person, happens(generator, 0.5)), strong=True))
    if newer:
        entry(sheets, look, Entry("Ngày, tháng, năm sinh", slashed(person.date_of_birth)))
    entry(sheets, look, Entry("Nơi cư trú", _lawful_blank(generator, person, day, newer), note="2"))
    entry(sheets, look, Entry("Giấy tờ tùy thân", identity_paper(generator, person, day).text, note="3"))
    entry(sheets, look, Entry("Quan hệ với người được khai sinh", relation))


def _parent_block(
    sheets: Sheets,
    look: Look,
    generator: Generator,
    role: str,
    parent: Person | None,
    day: date,
    newer: bool,
    capitals: bool,
) -> None:
    name = _name(parent, capitals) if parent else None
    entry(sheets, look, Entry(f"Họ, chữ đệm, tên người {role}", name, strong=True))
    year = parent.date_of_birth.year if parent else None
    born = None if parent is None else pick(generator, (str(year), slashed(parent.date_of_birth)))
    row(
        sheets,
        look,
        Entry("Năm sinh", born, note="5"),
        Entry("Dân tộc", parent.ethnicity if parent else None, note="2" if newer else ""),
        Entry("Quốc tịch", parent.nationality if parent else None, note="2" if newer else ""),
        shares=(1.15, 1, 1.1),
    )
    home = _lawful_blank(generator, parent, day, newer) if parent else None
    entry(sheets, look, Entry("Nơi cư trú", home, note="2"))
    if newer:
        paper = identity_paper(generator, parent, day).text if parent else None
        entry(sheets, look, Entry("Giấy tờ tùy thân", paper, note="3"))


def _lawful_blank(generator: Generator, person: Person, day: date, newer: bool) -> str | None:
    """Return the residence; the form of 2024 wants it only from people who give no personal id."""
    if newer and happens(generator, 0.4):
        return None
    return residence(generator, home_on(generator, person.home, day))


def _close(sheets: Sheets, generator: Generator, requester: Person, birth: Birth, notes: Sequence[str]) -> None:
    right = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * 0.72
    place = home_on(generator, birth.child.home, birth.registered).commune
    sheets.need(36)
    top = sheets.y_mm
    below = sheets.stack((f"Làm tại: {place}, {act_date(birth.registered)}",), right, top, 12, Style.ITALIC)
    below = sheets.stack(("Người yêu cầu",), right, below, 12.5, Style.BOLD)
    below = sheets.stack(("(Ký, ghi rõ họ, chữ đệm, tên)",), right, below, 11, Style.ITALIC)
    mask = signature_mask(generator, sheets.dpi, 34, 11)
    lay_ink(sheets.page, mask, round(sheets.px(right - 17)), round(sheets.px(below)), BLUE)
    sheets.stack((requester.full_name,), right, below + 11, 12.5)
    wanted = happens(generator, 0.5)
    copies = f"{int(generator.integers(1, 6)):02d}" if wanted else "....."
    sheets.put("Đề nghị cấp bản sao:", sheets.left_mm, top, 12)
    for number, (label, ticked) in enumerate((("Có", wanted), ("Không", not wanted))):
        x_mm = sheets.left_mm + number * 22
        sheets.put(label, x_mm, top + 6, 12)
        tick_box(sheets, x_mm + sheets.text_width_mm(label, 12) + 2, top + 6.6, ticked)
    sheets.put(f"Số lượng: {copies} bản", sheets.left_mm, top + 12, 12)
    sheets.y_mm = below + 18
    if happens(generator, 0.6):
        sheets.rule(sheets.left_mm + 20, 40, sheets.y_mm)
        sheets.y_mm += 1
        small = Look(size_pt=9, spacing=1.05, gap_mm=0)
        for note in notes:
            sentence(sheets, small, note)


def _name(person: Person, capitals: bool) -> str:
    return person.full_name.upper() if capitals else person.full_name
