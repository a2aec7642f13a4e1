"""Running text with a tone that all readers lost or mistook alike: `thấm định` for `thẩm định`.

Two readers who agree on a word that makes no known compound with its neighbours, while the same letters under another
tone make one, may have made the same mistake. That is a doubt, no proof: most words are in no list.
"""

import re
from itertools import pairwise

from extractors.lexicon.compounds import is_compound, toned_for_compound

_TOKEN = re.compile(r"\w+|[^\w\s]")
# Words that stand beside any other: what they seem to make with a neighbour is no compound (`cấp tỉnh`, `con có`).
# Source: titles of 52 national procedures, where these made four of five false doubts.
_STAND_ALONE = frozenset({
    "ba", "bán", "bản", "bằng", "bị", "bởi", "các", "cấp", "cha", "chỉ", "cho", "chữ", "có", "con", "của", "cùng",
    "cả", "do", "đã", "đang", "đến", "để", "điểm", "điều", "được", "giấy", "hai", "hoặc", "huyện", "khi", "khoản",
    "không", "là", "lại", "lên", "mà", "mẹ", "một", "năm", "nếu", "ngày", "người", "những", "nước", "phải", "qua",
    "ra", "sau", "sẽ", "tại", "tháng", "theo", "thì", "thuộc", "tỉnh", "trên", "trong", "trước", "từ", "tự", "và",
    "vào", "về", "với", "xã",
})  # fmt: skip

# Right as they are, though the list has another tone of them alone (`trồng cấy`). Source: the same titles,
# the forms and the acts that samples are made of.
_RIGHT = frozenset({
    "ăn quả", "chuyển sang", "đài truyền", "đồ thửa", "đổi số", "gian trả", "gói thầu", "mất điện", "nước mặt",
    "ở đầu", "trồng cây",
})  # fmt: skip


def has_doubtful_tone(text: str) -> bool:
    """True when two words side by side are no compound, but would be one if one of them had another tone.

    Only words in small letters count: any two syllables may stand together in a name.

    Raises:
        SohoaError: `reader_missing` when the list of compounds is not installed or not the one pinned.
    """
    words = [token if token.islower() and token.isalpha() else None for token in _TOKEN.findall(text)]
    bound = [False] * len(words)
    pairs = [(at, first, second) for at, (first, second) in enumerate(pairwise(words))]
    for at, first, second in pairs:
        if first and second and is_compound(first, second):
            bound[at] = bound[at + 1] = True
    return any(
        first and second and not (bound[at] or bound[at + 1]) and _differs_in_tone(first, second)
        for at, first, second in pairs
    )


def _differs_in_tone(first: str, second: str) -> bool:
    is_right = f"{first} {second}" in _RIGHT or not {first, second}.isdisjoint(_STAND_ALONE)
    return not is_right and toned_for_compound(first, second)
