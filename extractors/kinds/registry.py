"""The kinds of value a paper type may name, in one table."""

from collections.abc import Callable, Mapping

from extractors.kinds.date import parse_date
from extractors.kinds.date_words import parse_date_in_words
from extractors.kinds.names import parse_person_name
from extractors.kinds.numbers import (
    parse_code_notation,
    parse_code_number,
    parse_document_number,
    parse_personal_id,
)
from extractors.kinds.organ import parse_organ, parse_place
from extractors.kinds.parsed import Parsed
from extractors.kinds.signer import parse_signer_name, parse_signer_title
from extractors.kinds.text import parse_sex, parse_subject, parse_text

KINDS: Mapping[str, Callable[[str], Parsed]] = {
    "code_notation": parse_code_notation,
    "code_number": parse_code_number,
    "date": parse_date,
    "date_in_words": parse_date_in_words,
    "document_number": parse_document_number,
    "organ": parse_organ,
    "person_name": parse_person_name,
    "personal_id": parse_personal_id,
    "place": parse_place,
    "sex": parse_sex,
    "signer_name": parse_signer_name,
    "signer_title": parse_signer_title,
    "subject": parse_subject,
    "text": parse_text,
}

# Kinds that are read in figures: a reader of figures is asked about them before a reader of words.
FIGURE_KINDS = frozenset({"code_number", "date", "document_number", "personal_id"})
