"""Personal identifiers in indexes and logs: a keyed hash stands for each, never the identifier itself.

Identifiers have few digits: a plain hash is undone by trying them all. HMAC-SHA-256 (RFC 2104) with a key that is
kept outside the database cannot be.
"""

import hmac
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from ocr.problem import Code, SohoaError
from ocr.vietnamese import fold
from storage.home_secret import load_home_secret

ID_KEY_FILE = "id.key"
_SHORTEST_KEY_BYTES = 32
_DIGEST_DIGITS = 32
# Personal identifiers have 12 digits, CMND 9, enterprise codes 10, or 13 with that of a branch.
_IDENTIFIER_PATTERN = re.compile("[0-9]{9}|[0-9]{10}|[0-9]{12}|[0-9]{10}-[0-9]{3}|[0-9]{2}[A-Z][0-9]{7}")


@dataclass(frozen=True, slots=True)
class IdentityKey:
    """The key; `repr` and errors never show it. Every hash is 32 hexadecimal digits."""

    secret: bytes = field(repr=False)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Return the key of a setting: at least 64 hexadecimal digits, or 32 bytes of any text.

        Raises:
            SohoaError: `SETTING_INVALID` when it is shorter.
        """
        secret = bytes.fromhex(text) if re.fullmatch("(?:[0-9a-fA-F]{2}){32,}", text) else text.encode()
        if len(secret) < _SHORTEST_KEY_BYTES:
            raise SohoaError(Code.SETTING_INVALID, field="SOHOA_ID_KEY", detail="SOHOA_ID_KEY needs at least 32 bytes")
        return cls(secret)

    def subject(self, identifier: str) -> str:
        """Return what stands for a person or body, by its identifier as `normal_identifier` gives it."""
        return self._hash("subject", identifier)

    def name(self, full_name: str) -> str:
        """Return what stands for a name; case, accents and spaces make no difference, as readers mistake them."""
        return self._hash("name", " ".join(fold(full_name).split()))

    def date_of_birth(self, date: str) -> str:
        """Return what stands for a date of birth, ISO 8601."""
        return self._hash("date-of-birth", date)

    @property
    def fingerprint(self) -> str:
        """Tells two keys apart and neither of them to anybody."""
        return self._hash("fingerprint", "")[:12]

    def _hash(self, kind: str, text: str) -> str:
        message = f"sohoa.identity/1\0{kind}\0{text}".encode()
        return hmac.digest(self.secret, message, "sha256").hex()[:_DIGEST_DIGITS]


def load_identity_key(home: Path) -> IdentityKey:
    """Return the key of the home, made when there is none. Machines that share a catalogue need the same file.

    Raises:
        SohoaError: `STORE_UNWRITABLE` when it can be neither read nor written, or is no key.
    """
    return IdentityKey(load_home_secret(home, ID_KEY_FILE))


def normal_identifier(identifier: str) -> str:
    """Return an identifier of a person or body without blanks and dots, as it is hashed.

    Raises:
        SohoaError: `SUBJECT_INVALID` when it has not the shape of one.
    """
    normal = re.sub(r"[\s.]", "", identifier).upper()
    if not _IDENTIFIER_PATTERN.fullmatch(normal):
        raise SohoaError(Code.SUBJECT_INVALID, detail="needs 9, 10 or 12 digits, 10-3 digits, or 10 with a letter")
    return normal
