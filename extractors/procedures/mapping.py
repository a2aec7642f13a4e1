"""Mapping the rows of the national list to components: what each asks for, in our terms, and which words say so.

Nothing is guessed: a row that does not begin with the name of a paper or form, and is no remark, is left to a person.
A held paper is offered only for a row that names it; being asked twice is less harm than not being asked.
"""

import re
from collections.abc import Iterable
from itertools import pairwise

from extractors.paper_type import PaperType
from extractors.procedures.items import Item, ItemKind, grouped, names_an_item, read_items
from extractors.procedures.phrase import Phrase, matching_words
from extractors.procedures.procedure import Component, ComponentKind, SubmissionForm
from extractors.procedures.published_text import Row
from extractors.procedures.words import OurNames, names_of_ours, pattern_of, role_names, starts_with, words

# What stands before a row: `- `, `+ `, `a) `, `1. `, `g.1) `, the ticks of an old symbol font.
_BULLET = re.compile(r"^[\s\-–—+*•·\uf000-\uf0ff]*(?:(?:\d{1,2}|[a-zđ])(?:\.\d{1,2})?[.)]\s*)?[\s\-–—+*•·]*")
# Bullets within a row, where several rows were published as one.
_INNER_BULLET = re.compile(r"(?<=[.;:,…])\s+(?=[-–+•]\s+\S)|(?<=[.;:])\s+(?=[a-zđ]\.\d\)\s)")
_HEADING_END = re.compile(r"[\s:;.\-–*+•\uf000-\uf0ff]+$")
_NO_HEADING = re.compile(r"[\W_]*")
_FORM_NAMED = re.compile(r"(?<!\w)(?:theo mẫu|mẫu số|mẫu \w*\d)(?!\w)")
_LIST = re.compile(r"(?<!\w)(?:bao gồm|gồm có|gồm|giấy tờ sau|sau đây)$")
_CHOICE = pattern_of(["như"])
_ONE_OF = pattern_of(["một trong"])
_WHEN = pattern_of(["nếu", "trường hợp", "đối với", "khi", "trừ"])
_NOT_OF_IT = pattern_of(["nếu", "trường hợp", "đối với", "khi", "trừ", "theo", "hoặc", "do", "để"])
_OF = re.compile(r"(?<!\w)của ")
# Headings that say how papers are handed in, and no case, unless they name one.
_HOW = pattern_of(["phải nộp", "xuất trình", "nộp trực tiếp", "lưu ý", "ghi chú", "chú ý", "thành phần hồ sơ"])
_NAMES_A_CASE = pattern_of(["trường hợp", "đối với"])
# Remarks are sentences; what is asked for, with a count of nothing, is a name.
_LONGEST_NAME_WORDS = 30
# So many words behind `giấy`, `văn bản` say which is meant.
_MOST_WORDS_QUOTED = 6


def components_of(rows: Iterable[Row], paper_types: Iterable[PaperType], field: str | None) -> tuple[Component, ...]:
    """Map rows of the national list, in order; a row gives one component or more.

    Args:
        rows: As published.
        paper_types: Ours.
        field: Lĩnh vực of the procedure: some names mean a paper of ours in one field alone.
    """
    names = names_of_ours(paper_types, field)
    listed = tuple(rows)
    cases = {case for row in listed if (case := _case(row.heading)) is not None}
    return tuple(
        component.model_copy(update={"required": component.required and len(cases) < 2})
        if component.case in cases
        else component
        for row in listed
        for part in _parts(row.name)
        for component in _components(row, part, names)
    )


def _parts(name: str) -> tuple[str, ...]:
    """Cut a row that holds several bullets; the parts, joined, are the row but for blanks at the cuts."""
    parts = [part.strip() for part in _INNER_BULLET.split(name)]
    return tuple(part for part in parts if part) or (name,)


def _components(row: Row, part: str, names: OurNames) -> list[Component]:
    phrase = Phrase.of(part[_BULLET.match(part).end() :])  # type: ignore[union-attr]  # fits anywhere
    base = Component(
        name=part,
        kind=ComponentKind.CONDITION,
        form=_form(row, phrase),
        originals=row.originals,
        copies=row.copies,
        case=_case(row.heading),
        required=False,
    )
    remark = _remark(row, phrase)
    if remark is not None:
        return [base.model_copy(update={"reason": remark})]
    begin, is_condition = _beginning(phrase, names)
    lead_in = phrase.said(0, begin)
    items = read_items(phrase, begin, names, is_list=bool(_LIST.search(lead_in)))
    waived = _waiver(phrase, items)
    if waived is not None:
        return [base.model_copy(update={"reason": waived})]
    if not items:
        return [_unread(base, row, phrase)]
    base = base.model_copy(update={"required": not is_condition})
    before = phrase.said(0, items[0].end)
    groups = grouped(items, is_choice=bool(_CHOICE.search(before)), is_one_of=bool(_ONE_OF.search(before)))
    found = [_component(base, row, phrase, group) for group in groups]
    return _with_all_text(found, part, phrase, groups)


def _remark(row: Row, phrase: Phrase) -> str | None:
    """Return why the row asks for nothing, or None."""
    if not phrase.words:
        return "không có chữ"
    if phrase.text.rstrip().endswith(":") or _LIST.search(phrase.keys):
        return "mở đầu một danh sách"
    # What the list counts is to be brought, however it is worded.
    return None if row.originals or row.copies else _remark_not_counted(row, phrase)


def _remark_not_counted(row: Row, phrase: Phrase) -> str | None:
    """Return why a row the list counts nothing of is a remark, or None: some name a paper all the same."""
    if starts_with("notes").search(matching_words(row.heading)):
        return "mục lưu ý"
    if phrase.match(starts_with("actors"), 0) and (act := phrase.find(starts_with("acts"))):
        return f"việc của người làm, không phải giấy tờ: “{phrase.printed(*act)}”"
    if row.originals is None:
        return None
    if rule := phrase.find(starts_with("rules")):
        return f"quy định chung: “{phrase.printed(*rule)}”"
    if phrase.match(starts_with("conditions"), 0) or len(phrase.words) > _LONGEST_NAME_WORDS:
        return "số lượng 0 và là câu quy định"
    return None


def _beginning(phrase: Phrase, names: OurNames) -> tuple[int, bool]:
    """Return the word at which what is asked for begins, and whether it is asked for only in some case."""
    if names_an_item(phrase, 0, names):
        behind = _behind_list_head(phrase, names)
        return (behind, False) if behind else (0, False)
    if phrase.match(starts_with("conditions"), 0):
        demanded = _behind_demand(phrase, names)
        return (demanded, True) if demanded is not None else (_behind_colon(phrase, names) or len(phrase.words), True)
    return (_behind_colon(phrase, names) or 0), False


def _behind_list_head(phrase: Phrase, names: OurNames) -> int | None:
    """Return where the list behind `Giấy tờ xuất trình cho cảng vụ gồm:` begins; such a head names no paper."""
    colon = _behind_colon(phrase, names)
    if colon is None or not _LIST.search(phrase.said(0, colon)) or phrase.words[0].key != "giấy":
        return None
    return colon


def _behind_colon(phrase: Phrase, names: OurNames) -> int | None:
    for index, word in enumerate(phrase.words[1:], 1):
        if ":" in word.before and word.depth == 0:
            return index if names_an_item(phrase, index, names) else None
    return None


def _behind_demand(phrase: Phrase, names: OurNames) -> int | None:
    """Return where the paper begins that a condition asks for: behind `phải nộp`, or behind `thì`."""
    index = 0
    while (found := phrase.find(starts_with("demands"), index)) is not None:
        index = found[1]
        denied = phrase.words[found[0] - 1].key in {"không", "đã", "được"} if found[0] else False
        if not denied and index < len(phrase.words) and names_an_item(phrase, index, names):
            return index
    then = next((i + 1 for i, word in enumerate(phrase.words) if word.key == "thì"), None)
    if then is not None:
        return then if names_an_item(phrase, then, names) else None
    return _behind_comma(phrase, names)


def _behind_comma(phrase: Phrase, names: OurNames) -> int | None:
    """Return where a paper not of ours begins behind the first comma: `Trường hợp chia tách, hồ sơ đăng ký …`."""
    comma = next((i for i, word in enumerate(phrase.words) if i and "," in word.before and word.depth == 0), None)
    if comma is None:
        return None
    items = read_items(phrase, comma, names, is_list=False)
    return comma if items and items[0].kind is not ItemKind.OURS else None


def _waiver(phrase: Phrase, items: tuple[Item, ...]) -> str | None:
    """Return why nothing is asked for although a paper may be named: the sentence says it need not be brought."""
    waived = phrase.find(starts_with("waivers"))
    if waived is None:
        return None
    is_first = not items or waived[0] < items[0].begin
    return f"không phải nộp: “{phrase.printed(*waived)}”" if is_first else None


def _unread(base: Component, row: Row, phrase: Phrase) -> Component:
    """Return what no rule understood: a remark when the list counts none of it, else for a person to say."""
    if row.originals == 0 and not row.copies:
        return base.model_copy(update={"reason": "số lượng 0, không nêu giấy tờ"})
    if phrase.match(starts_with("conditions"), 0) and phrase.find(starts_with("rules")):
        return base.model_copy(update={"reason": "câu quy định, không nêu giấy tờ"})
    update = {"kind": ComponentKind.OTHER_PAPER, "person_decides": True, "required": True, "reason": "chưa rõ"}
    return base.model_copy(update=update)


def _component(base: Component, row: Row, phrase: Phrase, group: tuple[Item, ...]) -> Component:
    ours = [item for item in group if item.kind is ItemKind.OURS]
    first = ours[0] if ours else group[0]
    said = phrase.printed(first.name, first.end)
    tail = phrase.said(group[0].end, group[-1].tail_end)
    update: dict[str, object] = {"required": base.required and not _WHEN.search(tail)}
    if ours:
        role, is_known = _role(phrase, ours[0])
        back = starts_with("handed_back").search(phrase.said(0, ours[0].end))
        update |= {
            "kind": ComponentKind.PAPER,
            "paper_types": tuple(dict.fromkeys(one for item in ours for one in item.paper_types)),
            "role": role,
            "person_decides": not is_known or bool(back),
            "reason": f"tên giấy tờ: “{said}”" + (", phải nộp lại bản đã cấp" if back else ""),
        }
    elif first.kind is ItemKind.FORM or _is_filled_in(row, phrase, first):
        update |= {"kind": ComponentKind.FORM, "reason": f"đơn, tờ khai: “{said}”"}
    else:
        named = phrase.printed(first.name, min(first.tail_end, first.end + _MOST_WORDS_QUOTED))
        update |= {"kind": ComponentKind.OTHER_PAPER, "reason": f"giấy tờ khác: “{named}”"}
    return base.model_copy(update=update)


def _is_filled_in(row: Row, phrase: Phrase, item: Item) -> bool:
    """True for papers that are forms where a form is named: `danh sách … theo mẫu`."""
    if phrase.match(starts_with("forms_with_a_form"), item.name) == item.name:
        return False
    return bool(row.forms) or bool(_FORM_NAMED.search(phrase.said(item.end, item.tail_end)))


def _role(phrase: Phrase, item: Item) -> tuple[str | None, bool]:
    """Return whose paper it is, None being the applicant's, and whether that is sure."""
    tail = phrase.said(item.end, item.tail_end)
    owner = _OF.search(tail)
    # Behind `theo quy định` or `trong trường hợp` it is a law's or a case's `của`.
    if owner is None or _NOT_OF_IT.search(tail[: owner.start()]):
        return None, True
    whose = tail[owner.end() :]
    for name, role in role_names():
        if whose == name or whose.startswith(f"{name} "):
            return role or None, True
    if pattern_of(words("issuers")).match(whose):
        return None, True
    return "other", False


def _with_all_text(
    found: list[Component], part: str, phrase: Phrase, groups: tuple[tuple[Item, ...], ...]
) -> list[Component]:
    """Give each component its stretch of the row, so that together they hold all of it."""
    if len(found) == 1:
        return found
    shift = len(part) - len(phrase.text)
    starts = [0, *(shift + phrase.words[group[0].begin].start for group in groups[1:]), len(part)]
    return [
        component.model_copy(update={"name": part[start:end].strip()})
        for component, (start, end) in zip(found, pairwise(starts), strict=True)
    ]


def _form(row: Row, phrase: Phrase) -> SubmissionForm:
    heading = matching_words(row.heading)
    shows = bool(starts_with("shown").search(heading)) or bool(phrase.match(starts_with("shown"), 0))
    submits = "nộp" in heading.split()
    if shows and submits:
        return SubmissionForm.EITHER
    return SubmissionForm.SHOW if shows else SubmissionForm.SUBMIT


def _case(heading: str) -> str | None:
    """Return the case a heading names; None for `--` and for `* Giấy tờ phải nộp:`, which say only how."""
    said = matching_words(heading)
    if _NO_HEADING.fullmatch(heading) or (_HOW.search(said) and not _NAMES_A_CASE.search(said)):
        return None
    return _HEADING_END.sub("", heading[_BULLET.match(heading).end() :]) or None  # type: ignore[union-attr]
