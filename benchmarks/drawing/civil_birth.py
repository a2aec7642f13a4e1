"""Birth certificates of older forms and copies, extracts of other arrangements.

Source of labels: Thông tư 04/2020/TT-BTP; forms TP/HT-2010-KS and those of 2006.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from benchmarks.drawing.acts import act_date
from benchmarks.drawing.blocks import agency_head, head_columns
from benchmarks.drawing.chance import Generator, between, happens, pick, pick_day
from benchmarks.drawing.civil_art import emblem, frame, rosettes
from benchmarks.drawing.civil_layout import (
    Blank,
    Entry,
    Leaders,
    Look,
    entry,
    nation,
    row,
    sentence,
    sign,
    slashed,
    typed_family,
)
from benchmarks.drawing.civil_people import LAST_DAY, home_on, office, registrar_of, residence, some_date
from benchmarks.drawing.civil_status import Birth, draw_birth_certificate, draw_birth_extract
from benchmarks.drawing.fonts import Style
from benchmarks.drawing.forms import Drawn, Occasion, Value
from benchmarks.drawing.number_words import date_words
from benchmarks.drawing.people import Person
from benchmarks.drawing.sheets import WIDTH_MM, Margins, Sheets


def current_certificate(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2020."""
    pages, fields = draw_birth_certificate(
        generator, occasion.dpi, occasion.stamp_over_name, occasion.birth, occasion.family
    )
    return Drawn(pages, dict(fields), "tt04-2020")


def certificate_of_2010(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the form of 2010: `Quyển số` beside `Số`, father before mother, no personal id."""
    birth, book = occasion.birth, _book(generator, occasion.birth)
    newer_tone = happens(generator, 0.5)
    sheets = Sheets(occasion.dpi, Margins(left=24, top=22, right=20, bottom=16), 1.2, occasion.family)
    if happens(generator, 0.7):
        rosettes(sheets)
    _numbers(sheets, birth.register_number, book)
    sheets.y_mm = nation(sheets, WIDTH_MM / 2, 32, 12.5, newer_tone) + 6
    sheets.stack(("GIẤY KHAI SINH",), WIDTH_MM / 2, sheets.y_mm, 20, Style.BOLD)
    sheets.y_mm += 9
    if happens(generator, 0.4):
        sheets.headline("BẢN CHÍNH", 12)
    sheets.y_mm += 4
    look = _old_look(generator, occasion)
    child = birth.child
    row(
        sheets,
        look,
        Entry("Họ và tên", child.full_name.upper(), strong=True),
        Entry("Giới tính", child.sex.value),
        shares=(2.4, 1),
    )
    _born(sheets, look, birth, "Ghi bằng chữ")
    entry(sheets, look, Entry("Nơi sinh", birth.birthplace))
    row(sheets, look, Entry("Dân tộc", child.ethnicity), Entry("Quốc tịch", child.nationality))
    entry(sheets, look, Entry("Quê quán", child.home.address))
    for role, parent in (("cha", birth.father), ("mẹ", birth.mother)):
        entry(sheets, look, Entry(f"Họ và tên {role}", _capitals(parent), strong=True))
        row(sheets, look, *_origin(parent))
        entry(sheets, look, Entry("Nơi thường trú/tạm trú", _residence(generator, parent, birth)))
    registrar = registrar_of(generator, home_on(generator, child.home, birth.registered))
    entry(sheets, look, Entry("Nơi đăng ký", registrar))
    entry(sheets, look, Entry("Ngày, tháng, năm đăng ký", slashed(birth.registered)))
    entry(sheets, look, Entry("Ghi chú", None))
    declarer = birth.father or birth.mother
    entry(sheets, look, Entry("Họ và tên người đi khai sinh", declarer.full_name))
    relation = "Cha" if birth.father else "Mẹ"
    entry(sheets, look, Entry("Quan hệ với người được khai sinh", relation))
    agency = office(generator, child.home, birth.registered, newer_tone)
    left = sheets.left_mm + 34
    sheets.stack(("NGƯỜI THỰC HIỆN", "(Ký, ghi rõ họ tên)"), left, sheets.y_mm + 2, 11.5, Style.BOLD)
    sign(sheets, generator, agency, "", occasion.stamp_over_name, note="")
    sheets.put("TP/HT-2010-KS.1", sheets.left_mm, 283, 8.5)
    return Drawn(sheets.pages, _truth(birth, registrar, personal_id=False), "tp-ht-2010")


def certificate_of_2006(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the oldest form: parents in blocks of their own, whose labels repeat those of the child."""
    birth, child = occasion.birth, occasion.birth.child
    newer_tone = happens(generator, 0.5)
    sheets = Sheets(occasion.dpi, Margins(left=26, top=20, right=20, bottom=16), 1.2, occasion.family)
    frame(sheets)
    agency = office(generator, child.home, birth.registered, newer_tone)
    columns = head_columns(sheets, 11.5)
    left = agency_head(sheets, agency, columns, 18, 11.5)
    right = nation(sheets, columns.right_middle, 18, 11.5, newer_tone)
    book = _book(generator, birth)
    sheets.put(f"Số: {birth.register_number}", columns.right_middle - 8, right + 2.5, 12)
    sheets.put(f"Quyển số: {book}", columns.right_middle - 8, right + 8, 12)
    sheets.y_mm = max(left, right) + 16
    sheets.headline("GIẤY KHAI SINH", 20)
    sheets.y_mm += 4
    look = _old_look(generator, occasion)
    entry(sheets, look, Entry("Họ và tên", child.full_name.upper(), strong=True))
    row(sheets, look, Entry("Giới tính", child.sex.value), Entry("Dân tộc", child.ethnicity),
        Entry("Quốc tịch", child.nationality))  # fmt: skip
    _born(sheets, look, birth, "Viết bằng chữ")
    entry(sheets, look, Entry("Nơi sinh", birth.birthplace))
    entry(sheets, look, Entry("Quê quán", child.home.address))
    for role, parent in (("mẹ", birth.mother), ("cha", birth.father)):
        sheets.y_mm += 1.5
        sentence(sheets, look, f"Phần ghi về người {role}", Style.BOLD)
        entry(sheets, look, Entry("Họ và tên", _capitals(parent), strong=True))
        row(sheets, look, *_origin(parent))
        entry(sheets, look, Entry("Nơi thường trú", _residence(generator, parent, birth)))
    sheets.y_mm += 1.5
    registrar = registrar_of(generator, home_on(generator, child.home, birth.registered))
    entry(sheets, look, Entry("Nơi đăng ký khai sinh", registrar))
    entry(sheets, look, Entry("Ngày, tháng, năm đăng ký", some_date(generator, birth.registered)))
    heading = pick(generator, ("", "NGƯỜI KÝ GIẤY KHAI SINH"))
    sign(sheets, generator, agency, heading, occasion.stamp_over_name, note="(Ký tên, đóng dấu)")
    return Drawn(sheets.pages, _truth(birth, registrar, personal_id=False), "cu-2006")


def certificate_copy(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw a copy taken from the register: it has a number and a date of its own, which are not the child's."""
    birth = occasion.birth
    newer_tone = happens(generator, 0.5)
    sheets = Sheets(occasion.dpi, Margins(left=26, top=22, right=20, bottom=14), 1.2, occasion.family)
    frame(sheets)
    sheets.put(f"Số: {birth.register_number}", sheets.right_mm - 36, 21, 12.5)
    sheets.y_mm = nation(sheets, WIDTH_MM / 2, 28, 12.5, newer_tone) + 2
    sheets.y_mm = emblem(sheets, WIDTH_MM / 2, sheets.y_mm, 14)
    sheets.stack(("GIẤY KHAI SINH",), WIDTH_MM / 2, sheets.y_mm, 19, Style.BOLD)
    sheets.y_mm += 8
    sheets.headline("(BẢN SAO)", 13)
    sheets.y_mm += 3
    look = Look(size_pt=12.5, spacing=between(generator, 1.08, 1.2), typed=typed_family(generator, occasion.family),
                value=pick(generator, (Style.REGULAR, Style.BOLD)), blank=pick(generator, tuple(Blank)),
                leaders=pick(generator, tuple(Leaders)))  # fmt: skip
    has_id = happens(generator, 0.7)
    _person_block(sheets, look, generator, birth, has_id)
    declarer = birth.father or birth.mother
    entry(sheets, look, Entry("Họ, chữ đệm, tên người đi khai sinh", declarer.full_name))
    entry(sheets, look, Entry("Giấy tờ tùy thân", f"Căn cước công dân số {declarer.personal_id}"))
    registrar = registrar_of(generator, home_on(generator, birth.child.home, birth.registered))
    entry(sheets, look, Entry("Nơi đăng ký khai sinh", registrar))
    entry(sheets, look, Entry("Ngày, tháng, năm đăng ký", slashed(birth.registered)))
    copied = pick_day(generator, min(birth.registered + timedelta(days=3), LAST_DAY), LAST_DAY)
    agency = office(generator, birth.child.home, copied, newer_tone)
    sheets.y_mm += 1
    sheets.put("Sao từ Sổ đăng ký khai sinh", sheets.left_mm, sheets.y_mm, 12.5, Style.BOLD)
    number = f"Số: {int(generator.integers(1, 400))}/GKS-BS"
    sheets.put(number, sheets.left_mm, sheets.y_mm + 6, 12.5)
    dated = f"{agency.place}, {act_date(copied)}"
    middle = sheets.left_mm + (sheets.right_mm - sheets.left_mm) * 0.72
    sheets.y_mm = sheets.stack((dated,), middle, sheets.y_mm, 12.5, Style.ITALIC)
    sign(sheets, generator, agency, "NGƯỜI KÝ BẢN SAO", occasion.stamp_over_name, note="")
    return Drawn(sheets.pages, _truth(birth, registrar, has_id), "ban-sao")


def current_extract(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw the usual extract."""
    pages, fields = draw_birth_extract(
        generator, occasion.dpi, occasion.stamp_over_name, occasion.birth, occasion.family
    )
    return Drawn(pages, dict(fields), "tt04-2020")


def extract_with_notes(generator: Generator, occasion: Occasion) -> Drawn:
    """Draw an extract printed by software: footnote marks, all levels of the agency or none, dots after values."""
    birth = occasion.birth
    newer_tone = happens(generator, 0.5)
    issued = pick_day(generator, min(birth.registered + timedelta(days=1), LAST_DAY), LAST_DAY)
    agency = office(generator, birth.child.home, issued, newer_tone, all_levels=happens(generator, 0.5))
    sheets = Sheets(occasion.dpi, Margins(left=26, top=16, right=18, bottom=14), 1.15, occasion.family)
    columns = head_columns(sheets, 11.5)
    left = agency_head(sheets, agency, columns, 16, 11.5)
    right = nation(sheets, columns.right_middle, 16, 11.5, newer_tone)
    number = _extract_number(generator, issued)
    line_y = max(left, right) + 2
    sheets.stack((f"Số: {number}",), columns.left_middle, line_y, 12.5)
    dated = f"{agency.place}, {act_date(issued)}"
    sheets.y_mm = sheets.stack((dated,), columns.right_middle, line_y, 12.5, Style.ITALIC) + 5
    sheets.headline("TRÍCH LỤC KHAI SINH", 17)
    sheets.headline("(BẢN SAO)", 13)
    sheets.y_mm += 3
    look = Look(size_pt=12.5, spacing=between(generator, 1.1, 1.25), typed=typed_family(generator, occasion.family),
                blank=pick(generator, tuple(Blank)), leaders=pick(generator, (Leaders.AFTER, Leaders.UNDER)),
                value=pick(generator, (Style.REGULAR, Style.ITALIC)),
                raised_notes=happens(generator, 0.5), note_first=happens(generator, 0.4))  # fmt: skip
    has_id = happens(generator, 0.7)
    _person_block(sheets, look, generator, birth, has_id, notes=("1", "2", "3"))
    registrar = registrar_of(generator, home_on(generator, birth.child.home, birth.registered))
    entry(sheets, look, Entry("Đăng ký khai sinh tại", registrar, note="4"))
    plain = some_date(generator, birth.registered)
    entry(sheets, look, Entry("Số", f"{birth.register_number}, ngày {plain}"))
    entry(sheets, look, Entry("Ghi chú", None, note="5"))
    sign(sheets, generator, agency, "NGƯỜI KÝ TRÍCH LỤC", occasion.stamp_over_name)
    truth: dict[str, Value] = {**birth.truth, "number": number, "registration_place": registrar}
    truth |= {"original_number": birth.register_number, "original_date": birth.registered.isoformat()}
    truth |= {"issued_date": issued.isoformat(), "personal_id": birth.child.personal_id if has_id else None}
    return Drawn(sheets.pages, truth, "phan-mem-chu-thich")


def _truth(birth: Birth, registrar: str, personal_id: bool) -> dict[str, Value]:
    return {
        **birth.truth,
        "number": birth.register_number,
        "registration_place": registrar,
        "registration_date": birth.registered.isoformat(),
        "personal_id": birth.child.personal_id if personal_id else None,
    }


def _person_block(
    sheets: Sheets,
    look: Look,
    generator: Generator,
    birth: Birth,
    has_id: bool,
    notes: Sequence[str] = ("", "", ""),
) -> None:
    child = birth.child
    entry(sheets, look, Entry("Họ, chữ đệm, tên", child.full_name.upper(), strong=True))
    _born(sheets, look, birth, "ghi bằng chữ")
    row(sheets, look, Entry("Giới tính", child.sex.value), Entry("Dân tộc", child.ethnicity),
        Entry("Quốc tịch", child.nationality))  # fmt: skip
    entry(sheets, look, Entry("Nơi sinh", birth.birthplace, note=notes[0]))
    entry(sheets, look, Entry("Quê quán", child.home.address))
    entry(sheets, look, Entry("Số định danh cá nhân", child.personal_id if has_id else None, note=notes[1]))
    for role, parent in (("mẹ", birth.mother), ("cha", birth.father)):
        entry(sheets, look, Entry(f"Họ, chữ đệm, tên người {role}", _capitals(parent), strong=True))
        row(sheets, look, *_origin(parent))
        entry(sheets, look, Entry("Nơi cư trú", _residence(generator, parent, birth), note=notes[2]))


def _born(sheets: Sheets, look: Look, birth: Birth, words_label: str) -> None:
    day = birth.child.date_of_birth
    words = date_words(day, birth.words)
    if words_label[0].isupper():
        entry(sheets, look, Entry("Ngày, tháng, năm sinh", slashed(day)))
        entry(sheets, look, Entry(words_label, words))
    else:
        entry(sheets, look, Entry("Ngày, tháng, năm sinh", f"{slashed(day)} {words_label}: {words}"))


def _origin(parent: Person | None) -> tuple[Entry, ...]:
    return (
        Entry("Năm sinh", str(parent.date_of_birth.year) if parent else None),
        Entry("Dân tộc", parent.ethnicity if parent else None),
        Entry("Quốc tịch", parent.nationality if parent else None),
    )


def _residence(generator: Generator, parent: Person | None, birth: Birth) -> str | None:
    return residence(generator, home_on(generator, parent.home, birth.registered)) if parent else None


def _capitals(parent: Person | None) -> str | None:
    return parent.full_name.upper() if parent else None


def _book(generator: Generator, birth: Birth) -> str:
    return f"{int(generator.integers(1, 4)):02d}/{birth.registered.year}"


def _numbers(sheets: Sheets, number: str, book: str) -> None:
    """Write register and book number in the upper right corner."""
    corner = sheets.right_mm - 42
    sheets.put(f"Số: {number}", corner, 16, 12.5)
    sheets.put(f"Quyển số: {book}", corner, 22, 12.5)


def _old_look(generator: Generator, occasion: Occasion) -> Look:
    return Look(
        size_pt=12.5,
        spacing=between(generator, 1.15, 1.35),
        value=pick(generator, (Style.REGULAR, Style.BOLD, Style.ITALIC)),
        typed=typed_family(generator, occasion.family),
        blank=pick(generator, tuple(Blank)),
        leaders=pick(generator, (Leaders.UNDER, Leaders.AFTER)),
    )


def _extract_number(generator: Generator, issued: date) -> str:
    number = int(generator.integers(1, 900))
    return pick(generator, (f"{number}/TLKS-BS", f"{number:02d}/{issued.year}/TLKS-BS"))
