"""Telling the type of a paper: by its title, else by what the rest of it says; unknown is an honest answer."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extractors.label_support import Support, label_support
from extractors.paper_text import PaperText, Stretch
from extractors.paper_type import PaperType
from extractors.payloads import payloads_of
from extractors.titles import LETTERS_PER_EDIT_WITH_SUPPORT, TitlePlace, find_title, has_national_header

# The one act without a title. Source: NĐ 30/2020 Phụ lục III, mẫu 1.5.
OFFICIAL_LETTER = "cong-van"
_CHIP_CARD, _NEW_CARD = "can-cuoc-cong-dan", "can-cuoc"
# The card without place of origin is issued from this day. Source: Luật Căn cước 2023; domain §7.11.
_NEW_CARD_SINCE = "2024-07-01"
_NEW_CARD_WORDS = re.compile(r"noi dang ky khai sinh|place of birth|ngay, thang, nam het han|so dinh danh ca nhan")
_CHIP_CARD_WORDS = re.compile(r"dac diem nhan dang|personal identification|que quan|place of origin|noi thuong tru")
# Notations that name a form, folded. Source: domain §6 and §7 (numbers of civil status papers, permits).
_NOTATIONS = {
    "tlks": "trich-luc-khai-sinh",
    "gks": "giay-khai-sinh",
    "tlkt": "trich-luc-khai-tu",
    "xntthn": "giay-xac-nhan-tinh-trang-hon-nhan",
    "gpxd": "giay-phep-xay-dung",
    "lltp": "phieu-ly-lich-tu-phap",
}
_NUMBER_LINE = re.compile(r"\bs[o06]\b\W{0,3}[\w\s./…-]{0,20}?/\s*(?:\d{4}\s*/\s*)?(?P<notation>[a-zđ][\w.-]*)")
# Codes printed in the corner of forms. Source: domain §7.3.
_FORM_CODES = {r"\btp/ht-\d{4}-kh\b|\btp/ht-\d{4}-kh\d": "giay-chung-nhan-ket-hon"}
# Below this no type is named without a title, nor where a second type is nearly as well supported.
_LEAST_SCORE, _LEAST_LEAD = 2.0, 1.0
# What is told without an exact title is never surer than this: a person confirms it.
_MOST_WITHOUT_TITLE = 0.95


@dataclass(frozen=True, slots=True)
class Classification:
    """The type of a paper and why.

    Attributes:
        paper_type: None when nothing tells it.
        confidence: 0-1; 1.0 for an exact title; None where no number would mean anything.
        reasons: Machine codes, as `title:GIẤY KHAI SINH`, `labels:7/9`, `mrz:IDVNM`, `no-title`.
        is_sure: True when no person needs to confirm the type.
        title: The title that was gone by, or None.
    """

    paper_type: PaperType | None
    confidence: float | None
    reasons: tuple[str, ...]
    is_sure: bool = False
    title: TitlePlace | None = None


@dataclass(frozen=True, slots=True)
class _Vote:
    type_id: str
    weight: float
    reason: str


def classify(
    paper: PaperText,
    paper_types: Sequence[PaperType],
    zones: Mapping[str, Stretch],
    title: TitlePlace | None,
    declared: str | None = None,
) -> Classification:
    """Tell the type of `paper`.

    Args:
        paper: The whole paper.
        paper_types: All there are.
        zones: Zones found on it; `subject` under the number marks an official letter.
        title: Its title, as `extractors.titles.find_title` gives it.
        declared: Type that a separator sheet before it announces.
    """
    support = label_support(paper.text, paper_types)
    votes = _votes(paper, paper_types, support, declared)
    if title is not None:
        found = _by_title(title, support, votes)
    else:
        found = _by_the_rest(paper, paper_types, zones, support, votes)
    if declared is not None and found.paper_type is not None and found.paper_type.id != declared:
        # The clerk announced something else: one of the two is wrong.
        return Classification(
            found.paper_type, found.confidence, (*found.reasons, f"separator-says:{declared}"), title=found.title
        )
    return found


def _by_title(title: TitlePlace, support: Mapping[str, Support], votes: Sequence[_Vote]) -> Classification:
    own = title.paper_type.id
    reasons = [f"title:{title.title}"]
    if own in support:
        reasons.append(_labels_reason(support[own]))
    reasons += [vote.reason for vote in votes if vote.type_id == own]
    strong = any(vote.type_id == own and vote.reason.startswith("mrz:") for vote in votes)
    against = [vote for vote in votes if vote.type_id != own and vote.weight >= _LEAST_SCORE]
    reasons += [f"but-{vote.reason}" for vote in against]
    is_sure = (title.edits == 0 or strong) and not against
    confidence = title.confidence if not against else min(title.confidence, 0.9)
    return Classification(title.paper_type, confidence, tuple(reasons), is_sure, title)


def _by_the_rest(
    paper: PaperText,
    paper_types: Sequence[PaperType],
    zones: Mapping[str, Stretch],
    support: Mapping[str, Support],
    votes: Sequence[_Vote],
) -> Classification:
    by_id = {paper_type.id: paper_type for paper_type in paper_types}
    if "subject" in zones and OFFICIAL_LETTER in by_id:
        return Classification(by_id[OFFICIAL_LETTER], None, ("no-title", "subject-under-number"))
    # A badly read title counts as much as it is read, together with the rest.
    nearly = find_title(paper, paper_types, LETTERS_PER_EDIT_WITH_SUPPORT)
    if nearly is not None:
        votes = [*votes, _Vote(nearly.paper_type.id, 1.5, f"title-like:{nearly.title}")]
    scores: dict[str, float] = {type_id: one.weight for type_id, one in support.items() if one.weight > 0}
    for vote in votes:
        scores[vote.type_id] = scores.get(vote.type_id, 0.0) + vote.weight
    ranked = sorted(((score, type_id) for type_id, score in scores.items() if type_id in by_id), reverse=True)
    best, runner_up = (*ranked, (0.0, ""), (0.0, ""))[:2]
    if best[0] < _LEAST_SCORE or best[0] - runner_up[0] < _LEAST_LEAD:
        return Classification(None, None, ("no-title",))
    own = best[1]
    reasons = ["no-title", *(vote.reason for vote in votes if vote.type_id == own)]
    if own in support and support[own].seen:
        reasons.append(_labels_reason(support[own]))
    confidence = round(min(_MOST_WITHOUT_TITLE, best[0] / (best[0] + runner_up[0] + 1.0)), 4)
    mrz = any(vote.type_id == own and vote.reason.startswith("mrz:") for vote in votes)
    coded = sum(vote.type_id == own and vote.reason.startswith(("mrz:", "card-words:", "qr:")) for vote in votes)
    title = nearly if nearly is not None and nearly.paper_type.id == own else None
    return Classification(by_id[own], confidence, tuple(reasons), mrz and coded >= 2, title)


def _votes(
    paper: PaperText, paper_types: Sequence[PaperType], support: Mapping[str, Support], declared: str | None
) -> list[_Vote]:
    """Return what besides title and labels names a type."""
    votes = [*_card_votes(paper, support), *_notation_votes(paper, paper_types)]
    for pattern, type_id in _FORM_CODES.items():
        if re.search(pattern, paper.folded):
            votes.append(_Vote(type_id, 2.0, "form-code"))
    if declared is not None:
        votes.append(_Vote(declared, 3.0, f"separator:{declared}"))
    known = {paper_type.id for paper_type in paper_types}
    return [vote for vote in votes if vote.type_id in known]


def _card_votes(paper: PaperText, support: Mapping[str, Support]) -> list[_Vote]:
    """Zone and QR of an identity card; which of the two cards tell its words, else its day of issue."""
    zone = next((zone for page in paper.pages for zone in page.mrz if zone.valid and zone.issuer == "VNM"), None)
    payloads = payloads_of(paper.pages)
    is_card = zone is not None and zone.document_code.startswith("I")
    if not is_card and "id_card.personal_id" not in payloads:
        return []
    chip, new = (len(set(pattern.findall(paper.folded))) for pattern in (_CHIP_CARD_WORDS, _NEW_CARD_WORDS))
    issued = payloads.get("id_card.issued_date")
    votes: list[_Vote] = []
    if chip != new:
        own = _CHIP_CARD if chip > new else _NEW_CARD
        votes.append(_Vote(own, 1.0, f"card-words:{max(chip, new)}"))
    elif issued is not None:
        is_new = "-".join(reversed(issued.text.split("/"))) >= _NEW_CARD_SINCE
        own = _NEW_CARD if is_new else _CHIP_CARD
    else:
        own = max((_CHIP_CARD, _NEW_CARD), key=lambda one: support[one].weight if one in support else 0.0)
    if is_card and zone is not None:
        votes.append(_Vote(own, 3.0, "mrz:IDVNM"))
    if "id_card.personal_id" in payloads:
        votes.append(_Vote(own, 3.0, "qr:id-card"))
    return votes


def _notation_votes(paper: PaperText, paper_types: Sequence[PaperType]) -> list[_Vote]:
    """The notation beside the number in the heading: of a form, or of an act by its abbreviation."""
    head = paper.folded.split("\f", 1)[0]
    head = "\n".join(head.splitlines()[:12])
    abbreviations = {
        paper_type.abbreviation.lower(): paper_type.id for paper_type in paper_types if paper_type.abbreviation
    }
    folded = {key.replace("đ", "d"): type_id for key, type_id in abbreviations.items()}
    votes: list[_Vote] = []
    for match in _NUMBER_LINE.finditer(head):
        parts = [part for part in re.split(r"[-.]", match["notation"]) if part]
        reason = f"notation:{paper.text[match.start('notation') : match.end('notation')].upper()}"
        named = next((_NOTATIONS[part] for part in parts if part in _NOTATIONS), None)
        if named is not None:
            votes.append(_Vote(named, 2.0, reason))
        elif parts and parts[0] in folded and len(parts) > 1 and has_national_header(paper):
            votes.append(_Vote(folded[parts[0]], 2.0, reason))
    return votes[:1]


def _labels_reason(support: Support) -> str:
    return f"labels:{support.seen}/{support.known}"
