"""Which paper types a name speaks of: the line of a receipt, a component of a procedure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from extractors.paper_type import PaperType
from ocr.vietnamese import fold

# A receipt says `CCCD` of either card. Source: Luật Căn cước 2023 Điều 46: both are in use.
EITHER_CARD = ("can-cuoc-cong-dan", "can-cuoc")
# How clerks shorten names: folded, and in full.
SHORT_FORMS = {
    "cccd": "căn cước công dân",
    "cmnd": "chứng minh nhân dân",
    "gcn": "giấy chứng nhận",
    "cnqsd": "chứng nhận quyền sử dụng",
    "cnqsdd": "chứng nhận quyền sử dụng đất",
    "gcnqsdd": "giấy chứng nhận quyền sử dụng đất",
    "qsdd": "quyền sử dụng đất",
    "qsd": "quyền sử dụng",
    "dkkd": "đăng ký kinh doanh",
    "dkdn": "đăng ký doanh nghiệp",
    "hkd": "hộ kinh doanh",
    "gplx": "giấy phép lái xe",
    "gpxd": "giấy phép xây dựng",
    "tthn": "tình trạng hôn nhân",
    "lltp": "lý lịch tư pháp",
    "plltp": "phiếu lý lịch tư pháp",
    "qd": "quyết định",
}
_LEADING = re.compile(r"^(?:0?1\s+)?(?:ban (?:sao|chinh|chup|goc)\s+)?(?:(?:co )?chung thuc\s+)?")


def component_types(name: str, paper_types: Sequence[PaperType]) -> tuple[str, ...]:
    """Return the types that a component's name speaks of, the first named first; empty when it names none.

    An identity card may be either of the two kinds in use. Acts are meant only where the name begins with them:
    `theo quyết định …` is said of other papers.
    """
    text = f" {_expanded(name)} "
    found: dict[str, tuple[int, int]] = {}
    for type_id, of_acts, keys in _names(tuple((one.id, is_act(one), names_of(one)) for one in paper_types)):
        for key in keys:
            place = text.find(f" {key} ")
            if place < 0 or (of_acts and place > 0):
                continue
            known = found.get(type_id)
            if known is None or (place, -len(key)) < known:
                found[type_id] = (place, -len(key))
    ordered = sorted(found, key=lambda type_id: found[type_id])
    # A shorter name inside a longer one (`căn cước` in `căn cước công dân`) is not named beside it.
    kept = [one for one in ordered if not any(other != one and _covers(found[other], found[one]) for other in ordered)]
    return with_either_card(kept)


def with_either_card(paper_types: Sequence[str]) -> tuple[str, ...]:
    """Return the types, and where one of the two identity cards is among them, the other after them."""
    missing = [card for card in EITHER_CARD if set(paper_types) & set(EITHER_CARD) and card not in paper_types]
    return (*paper_types, *missing)


def names_of(paper_type: PaperType) -> tuple[str, ...]:
    """Return what papers of the type are called: its name, titles and aliases."""
    return (paper_type.name, *paper_type.titles, *paper_type.aliases)


def is_act(paper_type: PaperType) -> bool:
    """True for administrative acts: one family, told apart by title alone, of any content."""
    return paper_type.family is not None


@lru_cache(maxsize=4)
def _names(
    declared: tuple[tuple[str, bool, tuple[str, ...]], ...],
) -> tuple[tuple[str, bool, tuple[str, ...]], ...]:
    return tuple(
        (type_id, of_acts, tuple(dict.fromkeys(_folded_words(name) for name in names)))
        for type_id, of_acts, names in declared
    )


def _folded_words(text: str) -> str:
    return " ".join(re.findall(r"\w+", fold(text)))


def _expanded(name: str) -> str:
    words = fold(" ".join(SHORT_FORMS.get(word, word) for word in _folded_words(name).split()))
    return _LEADING.sub("", words) or words


def _covers(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """True when the name at `one` (place, minus its length) holds the shorter one at `other`."""
    return one[0] <= other[0] and one[0] - one[1] >= other[0] - other[1] and one[1] < other[1]
