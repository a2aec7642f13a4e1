"""What a code on the paper settles: print read without its accents, or two readings of which the code says one.

A code that names the same letters is of the same person; it carries them with accents and cannot be misread. Where it
says something else altogether, the two contradict each other and a person looks.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from extractors.kinds.registry import KINDS
from extractors.paper_type import PaperType
from extractors.reading import Reading
from ocr.vietnamese import fold

_RULE = "code_payload"


def settle_by_codes(paper_type: PaperType, readings: Mapping[str, Reading]) -> dict[str, Reading]:
    """Return `readings`, printed fields put right where a code on the paper says the same letters."""
    result = dict(readings)
    for use in paper_type.rules:
        if use.rule != _RULE:
            continue
        name = use.fields["field"]
        printed, code = result.get(name), readings.get(use.fields["payload"])
        if printed is None or code is None or printed.stretch.is_of_code or code.whole is None:
            continue
        kind = KINDS[paper_type.fields[name].kind]
        seen = [printed.parsed.text, *(kind(said.text).text for said in printed.said)]
        if any(text is not None and _letters(text) == _letters(code.whole) for text in seen):
            result[name] = replace(printed, parsed=code.parsed, is_disputed=False)
    return result


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", fold(text))
