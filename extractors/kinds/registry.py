"""The kinds of value a paper type may name, in one table."""

from collections.abc import Callable, Mapping

from extractors.kinds.amounts import parse_area, parse_area_in_words, parse_money, parse_money_in_words
from extractors.kinds.date import parse_date
from extractors.kinds.date_words import parse_date_in_words
from extractors.kinds.identifiers import (
    parse_enterprise_code,
    parse_household_business_code,
    parse_personal_id,
    parse_personal_id_within,
)
from extractors.kinds.land import (
    parse_land_serial,
    parse_map_sheet_number,
    parse_parcel_number,
    parse_register_number,
)
from extractors.kinds.listed import parse_components, parse_ethnicity, parse_nationality
from extractors.kinds.names import parse_holder_name, parse_person_name
from extractors.kinds.numbers import parse_code_notation, parse_code_number, parse_document_number
from extractors.kinds.organ import parse_address, parse_organ, parse_place
from extractors.kinds.parsed import Parsed
from extractors.kinds.procedures import (
    parse_dossier_code,
    parse_expiry_date,
    parse_license_class,
    parse_license_number,
    parse_procedure_code,
)
from extractors.kinds.signer import parse_signer_name, parse_signer_title
from extractors.kinds.text import parse_sex, parse_subject, parse_text

KINDS: Mapping[str, Callable[[str], Parsed]] = {
    "address": parse_address,
    "area": parse_area,
    "area_in_words": parse_area_in_words,
    "code_notation": parse_code_notation,
    "code_number": parse_code_number,
    "components": parse_components,
    "date": parse_date,
    "date_in_words": parse_date_in_words,
    "document_number": parse_document_number,
    "dossier_code": parse_dossier_code,
    "enterprise_code": parse_enterprise_code,
    "ethnicity": parse_ethnicity,
    "expiry_date": parse_expiry_date,
    "holder_name": parse_holder_name,
    "household_business_code": parse_household_business_code,
    "land_serial": parse_land_serial,
    "license_class": parse_license_class,
    "license_number": parse_license_number,
    "map_sheet_number": parse_map_sheet_number,
    "money": parse_money,
    "money_in_words": parse_money_in_words,
    "nationality": parse_nationality,
    "organ": parse_organ,
    "parcel_number": parse_parcel_number,
    "person_name": parse_person_name,
    "personal_id": parse_personal_id,
    "personal_id_within": parse_personal_id_within,
    "place": parse_place,
    "procedure_code": parse_procedure_code,
    "register_number": parse_register_number,
    "sex": parse_sex,
    "signer_name": parse_signer_name,
    "signer_title": parse_signer_title,
    "subject": parse_subject,
    "text": parse_text,
}

# Kinds that are read in figures: a reader of figures is asked about them before a reader of words.
FIGURE_KINDS = frozenset(
    {
        "area",
        "code_number",
        "date",
        "document_number",
        "dossier_code",
        "enterprise_code",
        "expiry_date",
        "household_business_code",
        "land_serial",
        "license_number",
        "map_sheet_number",
        "money",
        "parcel_number",
        "personal_id",
        "personal_id_within",
        "procedure_code",
        "register_number",
    }
)
