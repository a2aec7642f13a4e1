"""The nouns of a page: boxes, words, steps, readers and the stored text of one page.

Coordinates are integer pixels, origin top left, right and bottom exclusive; pages count from 1.
Every word has two boxes: `box` on the original scan (what evidence points at) and `upright_box` on the
page as it stands after turning and deskewing, at the same scale (what layout is judged on).
"""

from collections.abc import Iterable
from enum import StrEnum
from math import ceil, floor
from typing import NamedTuple

from pydantic import Field

from ocr.page_quality import PageQuality
from ocr.problem import Problem
from ocr.signature import PdfSignature
from ocr.stored import Stored, StoredDocument


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are exclusive."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Width in pixels."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Height in pixels."""
        return self.bottom - self.top

    @property
    def center_x(self) -> float:
        """Horizontal middle in pixels."""
        return (self.left + self.right) / 2

    @property
    def center_y(self) -> float:
        """Vertical middle in pixels."""
        return (self.top + self.bottom) / 2

    @classmethod
    def around(cls, boxes: Iterable["Box"]) -> "Box":
        """Return the smallest box around `boxes`.

        Raises:
            ValueError: `boxes` is empty.
        """
        parts = list(boxes)
        if not parts:
            raise ValueError("no boxes")
        return cls(
            min(b.left for b in parts),
            min(b.top for b in parts),
            max(b.right for b in parts),
            max(b.bottom for b in parts),
        )


class Said(Stored):
    """What one reader made of a word.

    Attributes:
        reader: Label of the reader.
        text: NFC text as it saw it, no white space.
    """

    reader: str
    text: str


Matrix = tuple[float, float, float, float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


class Word(Stored):
    """One recognised word.

    Attributes:
        text: NFC text, no white space; where readers differ, the likelier of what they said.
        box: Place on the original scan.
        upright_box: Place on the upright page, same scale.
        confidence: What the page reader claims, 0-1, or None. Never shown as trust.
        line: Number of the text line on the page, in reading order, from 0.
        said: Who said what, the page reader first; empty when the page reader alone was asked.
    """

    text: str
    box: Box
    upright_box: Box
    confidence: float | None
    line: int
    said: tuple[Said, ...] = ()

    @property
    def by_page_reader(self) -> str:
        """What the page reader made of the word, whatever the others said."""
        return self.said[0].text if self.said else self.text


class Step(Stored):
    """One clean-up step that was applied to a page, with what is needed to repeat it."""

    name: str
    version: int
    parameters: dict[str, float | int | str | bool] = Field(default_factory=dict)


class ReaderInfo(Stored):
    """Which reader with which model; part of the recipe and of every piece of evidence."""

    name: str
    version: str
    model: str
    model_sha256: str
    parameters: dict[str, str] = Field(default_factory=dict)

    @property
    def label(self) -> str:
        """Short name for people and evidence, for example `tesseract 5.3.0 vie`."""
        return " ".join(part for part in (self.name, self.version, self.model) if part)


class CodeFormat(StrEnum):
    """Kinds of machine-readable code."""

    QR = "qr"
    MICRO_QR = "micro_qr"
    DATA_MATRIX = "data_matrix"
    PDF417 = "pdf417"
    AZTEC = "aztec"
    CODE_128 = "code_128"


class CodeContent(StrEnum):
    """What a code carries, as it says itself."""

    TEXT = "text"
    GS1 = "gs1"
    BINARY = "binary"


class PageCode(Stored):
    """One machine-readable code of a page.

    Attributes:
        format: Kind of code.
        content: What it carries.
        text: Its payload as NFC text; empty when it carries bytes that are no text.
        payload_base64: The payload byte for byte, in Base64, where it is not the UTF-8 of `text`; else None.
        box: Place on the original scan.
        corners: The four corners `(x, y)` on the original scan, clockwise from what the code itself calls top left.
    """

    format: CodeFormat
    content: CodeContent
    text: str
    payload_base64: str | None = None
    box: Box
    corners: tuple[tuple[int, int], ...]


class MrzFormat(StrEnum):
    """Formats of a machine-readable zone."""

    TD1 = "td1"
    TD2 = "td2"
    TD3 = "td3"


class MachineReadableZone(Stored):
    """The machine-readable zone of a card (TD1, TD2) or a passport (TD3). Source: ICAO Doc 9303.

    Attributes:
        format: Which of the three.
        lines: Its lines at full length, with what was repaired.
        as_read: The lines as the reader saw them.
        document_code: `I`, `ID`, `P`, …
        issuer, nationality: ICAO codes, `VNM` for Viet Nam.
        document_number: Number of the card or passport.
        personal_id: The twelve digits of the personal number, on papers of Viet Nam that carry it.
        date_of_birth, expiry: ISO 8601; None where the digits are no date. A card without expiry says `2099-12-31`.
        sex: `M`, `F` or None.
        surname, given_names: Capitals without accents, as zones have them; no check digit covers them.
        checks: For each check whether it holds: `document_number`, `date_of_birth`, `expiry` and `composite` (check
            digits), `personal_number` (TD3), `calendar` (both dates exist), `codes` (countries and sex are such),
            `personal_id` (sex, year of birth and number of the card are those of the personal number).
        repaired: Fields in which a character gave way to the one that the grammar demands, and lines whose fillers were
            miscounted.
        reader: Label of the reader.
        box: Place on the original scan.
    """

    format: MrzFormat
    lines: tuple[str, ...]
    as_read: tuple[str, ...]
    document_code: str
    issuer: str
    document_number: str
    personal_id: str | None
    date_of_birth: str | None
    sex: str | None
    expiry: str | None
    nationality: str
    surname: str
    given_names: str
    checks: dict[str, bool]
    repaired: tuple[str, ...]
    reader: str
    box: Box

    @property
    def valid(self) -> bool:
        """True when every check holds."""
        return all(self.checks.values())


class PageText(StoredDocument):
    """All that is known of one page after reading; stored as `pages/<scan sha>/<page>/<recipe>.json`.

    Attributes:
        scan_sha256: The scan this page belongs to.
        page_number: From 1.
        recipe: Fingerprint of readers, models and steps that made this text.
        width_px, height_px: Size of the original page picture (a PDF page: as rendered at `dpi`).
        dpi: Resolution the coordinates stand at.
        rotation_deg: Clockwise quarter turn that made the page upright: 0, 90, 180 or 270.
        upright_to_scan: 3x3 matrix, row by row, from points of the upright page (`upright_box`) to points of the
            original scan; a homography, where a photo was laid flat. The identity for a page that lay as it should.
        upright_width_px, upright_height_px: Size of the upright page; 0 stands for the size of the scan.
        is_blank: True when the page carries no text that belongs to a paper.
        words: In reading order.
        codes: Machine-readable codes, in reading order.
        mrz: Machine-readable zones of cards and passports, from top to bottom.
        steps: Clean-up steps applied, in order.
        readers: Readers used.
        problems: What went wrong; a page with a problem and no words has failed.
        quality: How well the page was scanned; None in texts read before this was judged and where no picture was.
        signatures: Digital signatures of the whole file, kept with its first page.
    """

    schema_: str = Field(default="sohoa.page/1", alias="schema")
    scan_sha256: str
    page_number: int
    recipe: str
    width_px: int
    height_px: int
    dpi: int
    rotation_deg: int = 0
    upright_to_scan: Matrix = IDENTITY
    upright_width_px: int = 0
    upright_height_px: int = 0
    is_blank: bool = False
    words: tuple[Word, ...] = ()
    codes: tuple[PageCode, ...] = ()
    mrz: tuple[MachineReadableZone, ...] = ()
    steps: tuple[Step, ...] = ()
    readers: tuple[ReaderInfo, ...] = ()
    problems: tuple[Problem, ...] = ()
    quality: PageQuality | None = None
    signatures: tuple[PdfSignature, ...] = ()

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height of the upright page in pixels: what `upright_box` is measured against."""
        return self.upright_width_px or self.width_px, self.upright_height_px or self.height_px

    def to_scan(self, box: Box) -> Box:
        """Return the place on the original scan of a box on the upright page."""
        m = self.upright_to_scan
        corners = ((x, y) for x in (box.left, box.right) for y in (box.top, box.bottom))
        points = []
        for x, y in corners:
            scale = m[6] * x + m[7] * y + m[8]
            points.append(((m[0] * x + m[1] * y + m[2]) / scale, (m[3] * x + m[4] * y + m[5]) / scale))
        across, down = zip(*points, strict=True)
        return Box(floor(min(across)), floor(min(down)), ceil(max(across)), ceil(max(down)))

    @property
    def failed(self) -> bool:
        """True when nothing could be read because something went wrong."""
        return bool(self.problems) and not self.words

    def lines(self) -> list[tuple[Word, ...]]:
        """Return the words line by line, in reading order."""
        grouped: dict[int, list[Word]] = {}
        for word in self.words:
            grouped.setdefault(word.line, []).append(word)
        return [tuple(grouped[number]) for number in sorted(grouped)]

    @property
    def text(self) -> str:
        """Recognised text in reading order, one line each."""
        return "\n".join(" ".join(word.text for word in line) for line in self.lines())
