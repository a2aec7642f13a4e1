"""The signature block of an act: title and name, of which a stamp may have swallowed the beginning.

What is missing at an end is not seen by readers who agree on the rest; what the block must hold is.
"""

import re
from dataclasses import replace

from extractors.kinds.names import parse_person_name
from extractors.kinds.organ import parse_organ
from extractors.kinds.parsed import Parsed
from extractors.lexicon.repair import has_common_surname
from ocr.vietnamese import fold, to_nfc

# Who signs for the head (`KT.`) is a deputy; who signs for a body (`TM.`) or by order (`TL.`, `TUQ.`) names his office.
# Source: NĐ 30/2020 Phụ lục I, mục II.6: the office of the signer stands in the row under the organ or the head.
_DEPUTY = re.compile(r"\bkt\b.*\b(?:pho|thu)\b")
_OFFICE = re.compile(
    r"\b(?:chu tich|chu nhiem|(?:bo|thu|cuc|vu|vien)? ?truong|giam doc|pho|chanh|thu tuong|cong chung vien)\b"
)
# Only abbreviations carry a dot: one behind a word is a speck of the stamp.
_SPECK = re.compile(r"(?<=[^\W\d_]{3})(?<!TUQ)\s*[.,;:'’`]+\s*")


def parse_signer_name(raw: str) -> Parsed:
    """Return the name; partial where it does not begin with a common surname: the stamp may lie on it."""
    parsed = parse_person_name(raw)
    if parsed.text is None or has_common_surname(parsed.text):
        return parsed
    return replace(parsed, partial=True, reason="surname-uncertain")


def parse_signer_title(raw: str) -> Parsed:
    """Return the title; partial where the row that must follow `KT.`, `TM.`, `TL.` or `TUQ.` is not there."""
    parsed = parse_organ(_SPECK.sub(" ", to_nfc(raw)).rstrip())
    if parsed.text is None:
        return parsed
    text = fold(parsed.text)
    signs_for = re.findall(r"\b(kt|tm|tl|tuq)\b", text)
    whole = _DEPUTY.search(text) if "kt" in signs_for else _OFFICE.search(text)
    return parsed if whole else replace(parsed, partial=True, reason="title-incomplete")
