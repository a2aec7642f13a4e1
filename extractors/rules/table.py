"""Rules between fields: what supports a value independently, and what contradicts it. One table.

A rule answers for each field it looks at: supported, contradicted, or nothing. A field is accepted only on support; one
reader that sounds sure is no support.
"""

from collections.abc import Mapping

from extractors.rules.context import Rule
from extractors.rules.mentions import place_in_organ, two_places
from extractors.rules.organs import notation_of_title_and_organ, organ_named_again, organ_of_notation
from extractors.rules.persons import birth_of_personal_id, name_of_zone, sex_of_personal_id
from extractors.rules.values import code_payload, date_in_words, in_words, not_before

RULES: Mapping[str, Rule] = {
    "birth_of_personal_id": birth_of_personal_id,
    "code_payload": code_payload,
    "date_in_words": date_in_words,
    "in_words": in_words,
    "name_of_zone": name_of_zone,
    "not_before": not_before,
    "notation_of_title_and_organ": notation_of_title_and_organ,
    "organ_named_again": organ_named_again,
    "organ_of_notation": organ_of_notation,
    "place_in_organ": place_in_organ,
    "sex_of_personal_id": sex_of_personal_id,
    "two_places": two_places,
}
