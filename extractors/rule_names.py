"""Rules and their parameters, by name: what a paper type may refer to. The rules are in `extractors.rules`."""

from collections.abc import Mapping

RULE_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    # Date in figures against the same date in words.
    "date_in_words": ("date", "words"),
    # The value stands a second time elsewhere on the paper, letter for letter.
    "two_places": ("field",),
    # The value is part of another field's value, letter for letter.
    "part_of": ("field", "whole"),
    # Notation against the abbreviation of the title's type and the initials of the organ.
    "notation_of_title_and_organ": ("notation", "organ"),
    # Sex and year of birth against the digits of the personal id that encode them.
    "sex_of_personal_id": ("sex", "personal_id", "date_of_birth"),
    # One date cannot come before another; contradicts only.
    "not_before": ("date", "earlier"),
}
