"""Rules and their parameters, by name: what a paper type may refer to. The rules are in `extractors.rules.table`."""

from collections.abc import Mapping

RULE_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    # Date in figures against the same date in words.
    "date_in_words": ("date", "words"),
    # A name stands a second time elsewhere on the paper, whole, letter for letter, in other shapes.
    "two_places": ("field",),
    # The organ is named again as a whole, and the notation abbreviates its last part.
    "organ_named_again": ("organ", "notation"),
    # The notation abbreviates the organ's last part; contradicts only.
    "organ_of_notation": ("organ", "notation"),
    # The place is the whole name of a unit within the organ, letter for letter.
    "place_in_organ": ("place", "organ"),
    # Notation against the abbreviation of the title's type and the initials of the organ.
    "notation_of_title_and_organ": ("notation", "organ"),
    # Sex and year of birth against the digits of the personal id that encode them.
    "sex_of_personal_id": ("sex", "personal_id", "date_of_birth"),
    # Century, year and, on the paper, sex that the personal id encodes; contradicts only.
    "birth_of_personal_id": ("personal_id", "date_of_birth"),
    # A figure against the same in words: money, an area.
    "in_words": ("figure", "words"),
    # What is printed against what a code or a machine-readable zone on the paper carries.
    "code_payload": ("field", "payload"),
    # A name against the name, without accents, of the machine-readable zone; contradicts only.
    "name_of_zone": ("name", "zone"),
    # One date cannot come before another; contradicts only.
    "not_before": ("date", "earlier"),
}
