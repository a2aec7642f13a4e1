"""Zones of papers that carry the two-column heading of NĐ 30/2020: organ, number, place and date, subject, signer.

Everything is judged on upright boxes and relative to the height of the text, so resolution and skew do not matter.
Source: NĐ 30/2020 Phụ lục I, diagram of boxes (domain §5.1); boxes 6-13 float and are anchored to each other.
"""

import re
from collections.abc import Sequence
from statistics import median

from extractors.paper_text import PaperText, PaperWord, Stretch, fold_same_length, stretch_of
from extractors.signing_date import signing_date_zones
from extractors.titles import TitlePlace, find_national_header, is_in_capitals
from ocr.page import Box

_NUMBER_LABEL = re.compile(r"^\W*s[o06]\b\s*[:.;]?\s*")
# The notation of a number (`/UBND-KTTH`); no name of an organ has a slash.
_NOTATION = re.compile(r"[/⁄]\s*[^\W\d_]{2}")
# First words of what follows a subject. Source: NĐ 30/2020 Phụ lục III, skeletons of acts.
_AFTER_SUBJECT = re.compile(r"^\W*(?:can cu|kinh gui|theo de nghi|xet|thuc hien|de |trong |nham |ngay |dieu 1|i\.|1\.)")
# `Quảng Ngãi, ngày 04 tháng 02 năm 2025`, folded: the year is printed, the day is often written by hand.
# A written day may be read as letters that stick to the word before it (`ngàyR`).
_PLACE_AND_DATE = re.compile(
    r"(?P<place>[^,.;\d]*?)\s*[,.;]?\s*(?P<date>\b(?:(?:nga?y?|thang)[^a-z]|ngay\w).*nam\s*\d{4})"
)
_NAME_SYLLABLE = re.compile(r"[A-ZÀ-ỸĐ][^\W\d_]*(?:['’\-][^\W\d_]+)*")


def find_zones(paper: PaperText, title: TitlePlace | None) -> dict[str, Stretch]:
    """Return the zones found, by name; what is not on the paper is not in the answer."""
    zones: dict[str, Stretch] = {}
    first_page = [word for word in paper.words if word.page_index == 0]
    header = find_national_header(paper)
    if header and first_page:
        zones |= _heading_zones(first_page, header, title)
        subject = _subject_under_title(paper, title) if title else _subject_under_number(first_page, header)
        if subject:
            zones["subject"] = subject
    return zones | _signer_zones(paper) | signing_date_zones(paper)


def rows_of(words: Sequence[PaperWord]) -> list[list[PaperWord]]:
    """Group words into rows by height, left to right, top to bottom: the reader's lines may mix two columns."""
    rows: list[list[PaperWord]] = []
    for word in sorted(words, key=lambda w: w.word.upright_box.center_y):
        box = word.word.upright_box
        if rows:
            reach = median(w.word.upright_box.center_y for w in rows[-1])
            height = max(median(w.word.upright_box.height for w in rows[-1]), box.height)
            if abs(box.center_y - reach) < 0.5 * height:
                rows[-1].append(word)
                continue
        rows.append([word])
    for row in rows:
        row.sort(key=lambda w: w.word.upright_box.left)
    return rows


def _heading_zones(
    first_page: Sequence[PaperWord], header: Sequence[PaperWord], title: TitlePlace | None
) -> dict[str, Stretch]:
    header_box = stretch_upright(header)
    height = header_box.height
    lowest = stretch_upright(title.words).top if title and title.words[0].page_index == 0 else float("inf")
    below = [w for w in first_page if header_box.top - 1.5 * height < w.word.upright_box.center_y < lowest]
    split = _column_split(below, header)
    left = rows_of([w for w in below if w.word.upright_box.center_x < split])
    zones: dict[str, Stretch] = {}
    number_row = next(
        (i for i, row in enumerate(left) if _is_number_row(_from_label(row)) and _near(row, header_box.top, height)),
        None,
    )
    # A number whose label was misread ends the organ all the same.
    end = number_row if number_row is not None else next((i for i, row in enumerate(left) if _has_notation(row)), None)
    # Some certificates carry their number under the title: their organ is what stands level with the national header.
    organ_rows = left[:end] if number_row is not None or title is None else _rows_in_capitals(left[:end])
    # A letter alone is a speck, but for the one that is a word (`SỞ Y TẾ`); a figure may be of a name (`QUẬN 7`).
    organ_words = [w for row in organ_rows for w in row if re.search(r"\d|[Yy]|[^\W\d_]\W*[^\W\d_]", w.word.text)]
    # The organ begins level with the national header; lower, its first line was not read.
    complete = organ_rows and stretch_upright(organ_rows[0]).top < header_box.bottom + 0.5 * height
    if complete and is_in_capitals("".join(w.word.text for w in organ_words)):
        zones["organ"] = stretch_of(organ_words)
    if number_row is not None:
        zones |= _number_zones(_from_label(left[number_row]))
    right = rows_of([w for w in below if w.word.upright_box.center_x >= split])
    return zones | _place_and_date_zones([row for row in right if _near(row, header_box.top, height)])


def _rows_in_capitals(rows: Sequence[list[PaperWord]]) -> list[list[PaperWord]]:
    """Return the first rows, in capitals and close to each other."""
    taken: list[list[PaperWord]] = []
    for row in rows:
        is_near = not taken or stretch_upright(row).top - stretch_upright(taken[-1]).bottom < 1.5 * _row_height(row)
        if not is_near or not is_in_capitals("".join(word.word.text for word in row)):
            break
        taken.append(row)
    return taken


def _from_label(row: Sequence[PaperWord]) -> Sequence[PaperWord]:
    """Return the row from its first word of more than one sign: the edge of a copy is read as a letter before it."""
    first = next((i for i, word in enumerate(row) if len(re.findall(r"\w", word.word.text)) > 1), 0)
    return row[first:]


def _has_notation(row: Sequence[PaperWord]) -> bool:
    return _NOTATION.search(_text(row)) is not None


def _is_number_row(row: Sequence[PaperWord]) -> bool:
    """True for `Số: 574/UBND-KTTH` and what is left of it; `SỞ TƯ PHÁP` folds to the same beginning."""
    text = _text(row)
    return _NUMBER_LABEL.match(fold_same_length(text)) is not None and re.search(r"[\d:/]", text) is not None


def _near(row: Sequence[PaperWord], header_top: int, height: int) -> bool:
    """Heading rows end about ten text heights below the top of the national header."""
    return row[0].word.upright_box.top < header_top + 10 * height


def _column_split(below: Sequence[PaperWord], header: Sequence[PaperWord]) -> float:
    """Return the x between the two columns of the heading."""
    header_box = stretch_upright(header)
    left_neighbours = [
        w.word.upright_box.right
        for w in below
        if w.word.upright_box.right <= header_box.left
        and abs(w.word.upright_box.center_y - header_box.center_y) < 3 * header_box.height
    ]
    return (max(left_neighbours, default=0) + header_box.left) / 2 if left_neighbours else header_box.left


def _number_zones(row: Sequence[PaperWord]) -> dict[str, Stretch]:
    """Split `Số: 574 /UBND-KTTH` into number and notation at the last slash before letters."""
    text = _text(row).replace("⁄", "/")
    label = _NUMBER_LABEL.match(fold_same_length(text))
    start = label.end() if label else 0
    slashes = [m.start() for m in re.finditer("/", text[start:]) if re.search(r"[^\W\d_]", text[start + m.start() :])]
    zones: dict[str, Stretch] = {"number_line": stretch_of(row)}
    slash = start + slashes[-1] if slashes else len(text)
    number = _piece(row, start, slash)
    notation = _piece(row, slash + 1, len(text))
    if number:
        zones["number"] = number
    if notation:
        zones["notation"] = notation
    return zones


def _place_and_date_zones(rows: Sequence[Sequence[PaperWord]]) -> dict[str, Stretch]:
    for row in rows:
        text = fold_same_length(_text(row))
        match = _PLACE_AND_DATE.search(text)
        if match is None:
            continue
        zones: dict[str, Stretch] = {}
        for name in ("place", "date"):
            piece = _piece(row, match.start(name), match.end(name))
            if piece:
                zones[name] = piece
        if "date" in zones:
            zones["date_line"] = zones["date"]
        return zones
    return {}


def _subject_under_number(first_page: Sequence[PaperWord], header: Sequence[PaperWord]) -> Stretch | None:
    """The `V/v …` lines of an official letter, in the left column under the number."""
    header_box = stretch_upright(header)
    split = _column_split(first_page, header)
    below = [
        w for w in first_page if w.word.upright_box.center_x < split and w.word.upright_box.center_y > header_box.bottom
    ]
    rows = rows_of(below)
    start = next((i for i, row in enumerate(rows) if re.match(r"^\W*v\s*/?\s*v\b", fold_same_length(_text(row)))), None)
    if start is None:
        return None
    return _join_rows(_until_gap(rows[start:], 2.0))


def _subject_under_title(paper: PaperText, title: TitlePlace) -> Stretch | None:
    """The centred lines under the title, up to a gap, a line in capitals or the first words of the body."""
    page = title.words[0].page_index
    title_box = stretch_upright(title.words)
    below = [w for w in paper.words if w.page_index == page and w.word.upright_box.center_y > title_box.bottom]
    chosen: list[list[PaperWord]] = []
    for whole_row in rows_of(below):
        row = _centred_part(whole_row, title_box)
        if not row:
            # A speck or the end of a rule between two lines of a subject may be read as a letter; it ends nothing.
            is_speck = stretch_upright(whole_row).width < title_box.height / 2
            if any(c.isalnum() for c in _text(whole_row)) and not is_speck:
                break
            continue
        gap = row[0].word.upright_box.top - (stretch_upright(chosen[-1]).bottom if chosen else title_box.bottom)
        limit = 1.5 * title_box.height if chosen else 3.5 * title_box.height
        if gap > limit or _begins_body(row) or is_in_capitals(_text(row)):
            break
        chosen.append(row)
    return _join_rows(chosen)


def _begins_body(row: Sequence[PaperWord]) -> bool:
    """True when the row opens the body. A subject that runs on begins its next line in small letters."""
    text = _text(row).lstrip(" -–—.,:;'`\"")
    return not text[:1].islower() and _AFTER_SUBJECT.match(fold_same_length(text)) is not None


def _centred_part(row: Sequence[PaperWord], title_box: Box) -> list[PaperWord]:
    """Return the words of `row` centred under the title, without those of a stamp at their left; or nothing."""
    tolerance = 0.9 * title_box.height
    parts = [list(row[first:]) for first in range(len(row))]
    best = min(parts, key=lambda part: abs(stretch_upright(part).center_x - title_box.center_x))
    if abs(stretch_upright(row).center_x - title_box.center_x) <= tolerance:
        return list(row)
    return best if abs(stretch_upright(best).center_x - title_box.center_x) <= tolerance / 2 else []


def _row_height(row: Sequence[PaperWord]) -> float:
    return float(median(w.word.upright_box.height for w in row))


def _until_gap(rows: Sequence[list[PaperWord]], widest: float) -> list[list[PaperWord]]:
    kept = [rows[0]]
    for row in rows[1:]:
        if stretch_upright(row).top - stretch_upright(kept[-1]).bottom > widest * _row_height(kept[-1]):
            break
        if _begins_body(row):
            break
        kept.append(row)
    return kept


def _join_rows(rows: Sequence[Sequence[PaperWord]]) -> Stretch | None:
    words = [word for row in rows for word in row]
    while words and not any(c.isalnum() for c in words[0].word.text):
        words.pop(0)
    return stretch_of(words) if words else None


def _signer_zones(paper: PaperText) -> dict[str, Stretch]:
    """Title and name of the signer: right of `Nơi nhận`, the title at its height, the name below the signature."""
    anchor = _recipients_line(paper)
    if anchor is None:
        return {}
    page = paper.pages[anchor.page_index]
    top = anchor.word.upright_box.top - 5 * anchor.word.upright_box.height
    words = [
        w
        for w in paper.words
        if w.page_index == anchor.page_index
        and w.word.upright_box.left > 0.5 * page.upright_size[0]
        and w.word.upright_box.top > top
        and any(c.isalpha() for c in w.word.text)
        and not (len(w.word.text) == 1 and w.word.text.islower())
    ]
    rows = rows_of(words)
    zones: dict[str, Stretch] = {}
    titles = _title_rows(rows)
    if titles:
        zones["signer_title"] = stretch_of([w for row in titles for w in row])
    below = stretch_upright(titles[-1]).bottom if titles else top
    middle = stretch_upright([w for row in titles for w in row]).center_x if titles else None
    parts = [_name_part(row, middle) for row in rows if stretch_upright(row).bottom > below]
    names = [part for part in parts if part]
    if names:
        zones["signer_name"] = stretch_of(names[-1])
    return zones


def _title_rows(rows: Sequence[list[PaperWord]]) -> list[list[PaperWord]]:
    """Return the first rows in capitals that follow each other closely; lower ones are of the stamp."""
    titles: list[list[PaperWord]] = []
    for row in rows:
        if titles and stretch_upright(row).top - stretch_upright(titles[-1]).bottom > 1.5 * _row_height(titles[-1]):
            break
        if is_in_capitals(_text(row)) and len("".join(_text(row).split())) >= 4:
            titles.append(row)
    return titles


def _name_part(row: Sequence[PaperWord], middle: float | None) -> list[PaperWord]:
    """Return the words of `row` that are a name under the middle of the titles: a stamp may add words at its left."""
    parts = [list(row[first:]) for first in range(len(row)) if _looks_like_name(row[first:])]
    if middle is None:
        return parts[0] if parts else []
    return min(parts, key=lambda part: abs(stretch_upright(part).center_x - middle), default=[])


def _recipients_line(paper: PaperText) -> PaperWord | None:
    """Return the first word of `Nơi nhận:`, or of the list under it where those slanted words were misread."""
    matches = list(re.finditer(r"\b[_\w]{0,2}oi nhan\b", paper.folded))
    if matches:
        return paper.words_between(matches[-1].start(), matches[-1].end())[0]
    # The list runs from one dash to the next, and its last entry is the archive's. Source: NĐ 30/2020 Phụ lục I.
    archived = list(re.finditer(r"\bluu\W{0,3}vt\b", paper.folded))
    if not archived:
        return None
    first = paper.words_between(archived[-1].start(), archived[-1].end())[0]
    # The dash itself is too flat to measure by.
    entries = [
        max(line, key=lambda word: word.word.upright_box.height)
        for line in paper.lines
        if line[0].page_index == first.page_index and line[0].word.text[0] in "-–"
    ]
    for entry in sorted(entries, key=lambda word: -word.word.upright_box.top):
        box, below = entry.word.upright_box, first.word.upright_box
        if box.top <= below.top and below.top - box.top < 4 * max(box.height, below.height):
            first = entry
    return first


def _looks_like_name(row: Sequence[PaperWord]) -> bool:
    texts = [w.word.text.strip(".,:;") for w in row]
    named = [text for text in texts if _NAME_SYLLABLE.fullmatch(text)]
    return 2 <= len(texts) <= 6 and len(named) * 2 >= len(texts) and sum(map(len, texts)) >= 6


def stretch_upright(words: Sequence[PaperWord]) -> Box:
    """Return the box of `words` on the upright page."""
    return Box.around(w.word.upright_box for w in words)


def _text(row: Sequence[PaperWord]) -> str:
    return " ".join(word.word.text for word in row)


def _piece(row: Sequence[PaperWord], start: int, end: int) -> Stretch | None:
    """Return characters `start` to `end` of the row's text (words joined by one blank) as a stretch."""
    text = _text(row)[start:end].strip()
    words, offset = [], 0
    for word in row:
        if offset < end and offset + len(word.word.text) > start:
            words.append(word)
        offset += len(word.word.text) + 1
    return Stretch(text, tuple(words)) if text and words else None
