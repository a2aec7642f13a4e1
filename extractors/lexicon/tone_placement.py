"""Where a tone mark sits within a syllable is a habit of the printer: `HOÀ` and `HÒA` are one word."""

import re


def same_but_for_tone_placement(first: str, second: str) -> bool:
    """True when two spellings differ at most by case and by where a tone mark sits (`hoà`/`hòa`)."""
    return unplaced(first) == unplaced(second)


# Where old and new spelling put the tone differently. Source: QĐ 240/QĐ of 1984 against common usage.
_PLACEMENT = str.maketrans(
    {"ò": "o`", "ó": "o'", "ỏ": "o?", "õ": "o~", "ọ": "o.", "à": "a`", "á": "a'", "ả": "a?", "ã": "a~", "ạ": "a.",
     "ù": "u`", "ú": "u'", "ủ": "u?", "ũ": "u~", "ụ": "u.", "ỳ": "y`", "ý": "y'", "ỷ": "y?", "ỹ": "y~", "ỵ": "y.",
     "è": "e`", "é": "e'", "ẻ": "e?", "ẽ": "e~", "ẹ": "e."}
)  # fmt: skip


def unplaced(text: str) -> str:
    """Return `text` in lower case, each tone mark behind its syllable where its place is a habit: a key, not a text."""
    parts = []
    for syllable in text.lower().split():
        spelled = syllable.translate(_PLACEMENT)
        if re.search(r"o[`'?~.]?[ae]|u[`'?~.]?y", spelled):
            tone = "".join(re.findall(r"[`'?~.]", spelled))
            spelled = re.sub(r"[`'?~.]", "", spelled) + tone
        parts.append(spelled)
    return " ".join(parts)
