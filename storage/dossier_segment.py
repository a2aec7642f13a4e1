"""What stands for a dossier in object names and in the catalogue: its identifier may be a person's name."""

import hashlib
import re
import unicodedata

SEGMENT = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?"

# More letters than this may spell a name ("NguyenVanAn-1990"); codes get by with a short prefix ("QD-UBND-574").
_MOST_LETTERS_IN_CODE = 6
_CODE_PATTERN = re.compile(f"(?=.*[0-9]){SEGMENT}")
# Personal identifiers have 9 or 12 digits, telephone numbers 10: no dossier code has that many in a row.
_PERSONAL_NUMBER_PATTERN = re.compile("[0-9]{9}")
_PSEUDONYM_PATTERN = re.compile("n-[0-9a-f]{32}")


def dossier_segment(dossier_id: str) -> str:
    """Return what stands for a dossier in object names and in the catalogue.

    A `dossier_id` that is a code is used as it is: ASCII letters, digits and `._-`, at least one digit, at most
    six letters, no nine digits in a row. Everything else may tell who the dossier is about and becomes `n-`
    and 32 hexadecimal digits of the SHA-256 of its NFC form.

    Raises:
        ValueError: `dossier_id` is blank or cannot be written as UTF-8.
    """
    identifier = normal_dossier_id(dossier_id)
    letters = sum(character.isalpha() for character in identifier)
    is_code = (
        _CODE_PATTERN.fullmatch(identifier) is not None
        and letters <= _MOST_LETTERS_IN_CODE
        and not _PERSONAL_NUMBER_PATTERN.search(identifier)
        # Otherwise a folder with the name of another dossier's pseudonym would be mixed up with that dossier.
        and not _PSEUDONYM_PATTERN.fullmatch(identifier)
    )
    if is_code:
        return identifier
    return f"n-{hashlib.sha256(identifier.encode()).hexdigest()[:32]}"


def is_dossier_segment(segment: str) -> bool:
    """True when `dossier_segment` can make it.

    Raises:
        ValueError: `segment` is blank.
    """
    return segment == dossier_segment(segment) or is_pseudonym(segment)


def is_pseudonym(segment: str) -> bool:
    """True for a segment that stands for an identifier which may be a name: it says nothing to people."""
    return _PSEUDONYM_PATTERN.fullmatch(segment) is not None


def normal_dossier_id(dossier_id: str) -> str:
    """Return a dossier identifier in NFC.

    Raises:
        ValueError: It is blank or cannot be written as UTF-8.
    """
    identifier = unicodedata.normalize("NFC", dossier_id)
    if not identifier.strip():
        raise ValueError("a dossier identifier is not blank")
    try:
        identifier.encode()
    except UnicodeEncodeError:
        # The codec's own message quotes the identifier, which may be a name.
        raise ValueError("a dossier identifier is valid Unicode") from None
    return identifier
