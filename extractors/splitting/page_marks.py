"""What one page shows of where a paper begins, goes on and ends: headings, numbers, numbering, running text, layout.

Everything is measured on upright boxes; lengths in millimetres by the page's resolution.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from rapidfuzz import fuzz

from extractors.paper_text import PaperText, PaperWord, fold_same_length
from extractors.paper_type import PaperType
from extractors.payloads import payloads_of
from extractors.titles import LETTERS_PER_EDIT_WITH_SUPPORT, TitlePlace, find_title
from ocr.page import PageText
from ocr.vietnamese import fold

# The national header and its motto, letters alone: readers join and part their words.
_HEADER, _MOTTO = "conghoaxahoichunghiavietnam", "doclaptudohanhphuc"
_HEADER_LIKENESS, _LOWEST_HEADER = 80.0, 0.4
# A page number stands in the top or bottom margin. Source: NĐ 30/2020 Phụ lục I: centred at the top, not on page 1.
_MARGIN_SHARE, _CENTRE_SHARE = 0.15, 0.12
_NUMBER = re.compile(r"^[\W_]*(?:trang|tr|page)?[\s.:]*(\d{1,3})[\W_]*$")
_NUMBER_OF_TOTAL = re.compile(r"^\W*(?:trang|tr|page)?[\s.:]*(\d{1,2})\s*(?:/|of|tren)\s*(\d{1,2})\W*$")
_ARTICLE = re.compile(r"^\W*dieu\s+(\d{1,3})\b")
_ITEM = re.compile(r"^\W*(\d{1,2})[.)]\s+[^\W\d]")
_ROMAN = re.compile(r"^\W*(i{1,3}|iv|vi{0,3}|ix|x)[.)]\s+[^\W\d]")
_ROMANS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
# Source: NĐ 30/2020 Phụ lục III: the annex names the act it belongs to.
_ANNEX = re.compile(
    r"kem theo (?:quyet dinh|nghi quyet|ke hoach|cong van|thong bao|to trinh|van ban|giay)|ban hanh kem"
)
_ANNEX_HEADING = re.compile(r"^\W*phu luc\b")
# What closes a paper. Source: NĐ 30/2020 Phụ lục I, boxes 7 and 9b; domain §7: signers of civil status papers.
_CLOSING = re.compile(
    r"\bnoi nhan\s*:|\bluu\W{0,3}vt\b|\./\.|ky,? (?:va )?ghi ro ho|\bnguoi ky (?:giay|trich luc)"
    r"|\bnguoi (?:tiep nhan|nop) ho so|^\W*lam tai\b|^\W*(?:tm|kt|tl|tuq|q)\.\s|\btruong phong\W*$|\bchu tich\W*$"
    r"|\bnguoi (?:khai|viet don|yeu cau|lam don|uy quyen)\W*$"
)
# Backs of cards. Source: domain §7.11.
# The title of a card is printed in colour and lost at times; its labels in two languages are not.
_CARD_FRONT = re.compile(r"identity card|personal identification number|full name|date of birth|nationality")
_CARD_BACK = re.compile(
    r"dac diem nhan dang|personal identification|ngon tro|left index|right index|bo cong an|ministry of public security"
    r"|canh sat quan ly hanh chinh|cac loai xe co gioi|classification of motor|ngay trung tuyen|beginning date"
)
# A page of an act may speak of the same things at length.
_MOST_WORDS_OF_CARD = 120
_PERSONAL_ID = re.compile(r"\b\d{12}\b")
_ENDS_SENTENCE = ".;:!?/)”\"'…-–"
_BODY = 0.08


@dataclass(frozen=True, slots=True)
class Layout:
    """Measures of a page, in millimetres: its size, the left edge and the height of its text."""

    width_mm: float
    height_mm: float
    left_mm: float
    text_mm: float


@dataclass(frozen=True)
class PageMarks:
    """One page of text, and what it shows."""

    page: PageText
    paper_types: tuple[PaperType, ...]

    @cached_property
    def text(self) -> PaperText:
        """The page as a paper of its own."""
        return PaperText((self.page,))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Folded lines, in reading order."""
        return tuple(fold_same_length(" ".join(word.word.text for word in line)) for line in self.text.lines)

    @cached_property
    def title(self) -> TitlePlace | None:
        """The title of a paper that begins here."""
        return find_title(self.text, self.paper_types)

    @cached_property
    def title_like(self) -> TitlePlace | None:
        """The title, also where too much of it is misread to go by it alone."""
        return self.title or find_title(self.text, self.paper_types, LETTERS_PER_EDIT_WITH_SUPPORT)

    @cached_property
    def has_header(self) -> bool:
        """True when the national header or its motto heads the page."""
        lowest = self.page.upright_size[1] * _LOWEST_HEADER
        for line in self.text.lines:
            if line[0].word.upright_box.top <= lowest:
                letters = re.sub(r"[^a-z]", "", fold("".join(word.word.text for word in line)))
                for wanted in (_HEADER, _MOTTO):
                    long_enough = len(letters) >= 0.8 * len(wanted)
                    if long_enough and fuzz.partial_ratio(wanted, letters) >= _HEADER_LIKENESS:
                        return True
        return False

    @cached_property
    def number(self) -> tuple[int, int | None] | None:
        """The printed page number and, where it is printed too, the number of pages."""
        width, height = self.page.upright_size
        rows = [line for line in self.text.lines if _in_margin(line, height)]
        for line in (*rows[:2], *rows[-2:]):
            text = fold_same_length(" ".join(word.word.text for word in line))
            of_total = _NUMBER_OF_TOTAL.match(text)
            if of_total and 0 < int(of_total[1]) <= int(of_total[2]):
                return int(of_total[1]), int(of_total[2])
            alone = _NUMBER.match(text)
            box = line[0].word.upright_box
            is_centred = abs((box.left + line[-1].word.upright_box.right) / 2 - width / 2) < _CENTRE_SHARE * width
            if alone and (is_centred or "tr" in text or "page" in text) and int(alone[1]) > 0:
                return int(alone[1]), None
        return None

    @cached_property
    def articles(self) -> tuple[int, ...]:
        """Numbers of the articles that begin on the page."""
        return self._numbered(_ARTICLE)

    @cached_property
    def items(self) -> tuple[int, ...]:
        """Arabic numbers that begin a line."""
        return self._numbered(_ITEM)

    @cached_property
    def sections(self) -> tuple[int, ...]:
        """Roman numbers that begin a line."""
        found = (_ROMAN.match(line) for line in self.lines)
        return tuple(_ROMANS.index(match[1]) + 1 for match in found if match)

    @cached_property
    def is_annex(self) -> bool:
        """True when the upper part of the page says that it belongs to another paper."""
        head = self.lines[: max(6, len(self.lines) // 4)]
        return any(_ANNEX.search(line) for line in head) or any(_ANNEX_HEADING.match(line) for line in head[:3])

    @cached_property
    def is_closed(self) -> bool:
        """True when a signature block or the list of recipients stands in the lower part of what is on the page."""
        return any(_CLOSING.search(line) for line in self.lines[len(self.lines) // 2 :])

    @cached_property
    def is_card_back(self) -> bool:
        """True when the page looks like the back of a card and bears no heading."""
        marks = {match.group() for line in self.lines for match in _CARD_BACK.finditer(line)}
        is_sparse = len(self.text.words) <= _MOST_WORDS_OF_CARD
        return self.title is None and not self.has_header and (bool(self.page.mrz) or (len(marks) >= 2 and is_sparse))

    @cached_property
    def is_card_front(self) -> bool:
        """True when the page carries the QR of a card, or the words that only its front prints."""
        if "id_card.personal_id" in payloads_of((self.page,)):
            return True
        return len({match.group() for line in self.lines for match in _CARD_FRONT.finditer(line)}) >= 2

    @cached_property
    def personal_ids(self) -> frozenset[str]:
        """Personal numbers of cards that codes and zones of the page carry, or else those that are printed."""
        payloads = payloads_of((self.page,))
        coded = {payloads[name].text for name in ("id_card.personal_id", "mrz.personal_id") if name in payloads}
        return frozenset(coded or _PERSONAL_ID.findall(self.text.text))

    @cached_property
    def begins_within_sentence(self) -> bool:
        """True when the first line of the body begins in small letters."""
        body = self._body
        first = body[0][0].word.text if body else ""
        return len(first) >= 2 and first.isalpha() and first.islower() and len(body[0]) >= 3

    @cached_property
    def ends_within_sentence(self) -> bool:
        """True when the last line of the body does not end a sentence."""
        body = self._body
        return bool(body) and len(body[-1]) >= 4 and body[-1][-1].word.text[-1] not in _ENDS_SENTENCE

    @cached_property
    def layout(self) -> Layout | None:
        """Measures of the page, or None where it has too little text for any."""
        if len(self.text.words) < 20 or not self.page.dpi:
            return None
        per_mm = self.page.dpi / 25.4
        width, height = self.page.upright_size
        lefts = sorted(line[0].word.upright_box.left for line in self.text.lines)
        heights = [word.word.upright_box.height for word in self.text.words if len(word.word.text) > 1]
        text = median(heights) if heights else 0
        return Layout(width / per_mm, height / per_mm, lefts[len(lefts) // 5] / per_mm, text / per_mm)

    @cached_property
    def _body(self) -> list[tuple[PaperWord, ...]]:
        """Lines without those in the page's margins that are numbers."""
        height = self.page.upright_size[1]
        return [
            line
            for line in self.text.lines
            if not (_in_margin(line, height) and (len(line) == 1 or self._is_page_number(line)))
        ]

    def _is_page_number(self, line: Sequence[PaperWord]) -> bool:
        text = fold_same_length(" ".join(word.word.text for word in line))
        return bool(_NUMBER.match(text) or _NUMBER_OF_TOTAL.match(text))

    def _numbered(self, pattern: re.Pattern[str]) -> tuple[int, ...]:
        found = (pattern.match(line) for line in self.lines)
        return tuple(int(match[1]) for match in found if match)


def _in_margin(line: Sequence[PaperWord], height: int) -> bool:
    center = line[0].word.upright_box.center_y
    return center < _MARGIN_SHARE * height or center > (1 - _MARGIN_SHARE) * height
