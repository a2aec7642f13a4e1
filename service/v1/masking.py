"""Identifiers of persons in what people are shown of a record: hidden wherever they stand, not in their field alone.

A number on a paper turns up again as what was printed, as what each reader made of it, as the paper's number in the
metadata. A reader's slip makes it another number, so every run of twelve digits is hidden too.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from extractors.paper_type import PaperType
from extractors.record import Record
from service.pages.rendering import masked
from service.security.masking import is_masked

# With the blanks and dots that papers set between groups.
_TWELVE_DIGITS = re.compile(r"(?<!\d)(?:\d[ .]?){11}\d(?!\d)")
# Parts of a field that hold what it says; the rest are names and numbers of our own.
_SAYING = frozenset({"value", "raw", "said", "repairs"})
# Inside them: who says it.
_SAYERS = frozenset({"reader", "source"})


class Masking:
    """Hides the identifiers that one record tells."""

    def __init__(self, record: Record, paper_type: PaperType | None) -> None:
        """Gather the identifiers of the record's persons, and which of its fields hold one."""
        self._fields = frozenset(name for name in record.fields if is_masked(paper_type, name))
        told = {subject.personal_id for subject in record.subjects}
        told |= {value for name in self._fields if isinstance(value := record.fields[name].value, str)}
        digits = {re.sub(r"[ .]", "", each) for each in told if each}
        self._told = [
            re.compile(r"(?<!\w)" + "[ .]?".join(map(re.escape, each)) + r"(?!\w)") for each in sorted(digits) if each
        ]

    def field(self, name: str, told: Mapping[str, Any]) -> dict[str, Any]:
        """Return a field as plain values with what it says of identifiers hidden."""
        hide = masked_whole if name in self._fields else self._text
        return {key: _walked(value, hide) if key in _SAYING else value for key, value in told.items()}

    def value(self, name: str, value: Any) -> Any:
        """Return the value of a field with identifiers hidden."""
        return _walked(value, masked_whole if name in self._fields else self._text)

    def plain(self, value: Any) -> Any:
        """Return plain values with identifiers hidden wherever they stand."""
        return _walked(value, self._text)

    def subjects(self, told: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return subjects as plain values with their identifiers hidden."""
        return [{**each, "personal_id": masked(each["personal_id"]) or None} for each in told]

    def _text(self, text: str) -> str:
        for pattern in (*self._told, _TWELVE_DIGITS):
            text = pattern.sub(lambda found: masked(found[0]), text)
        return text


def masked_whole(text: str) -> str:
    """Return a text that is an identifier with its middle hidden."""
    return masked(text)


def _walked(value: Any, hide: Any) -> Any:
    if isinstance(value, str):
        return hide(value)
    if isinstance(value, list | tuple):
        return [_walked(each, hide) for each in value]
    if isinstance(value, dict):
        return {key: each if key in _SAYERS else _walked(each, hide) for key, each in value.items()}
    return value
