"""The blind sample: a few accepted fields that a person looks at all the same, to go on measuring acceptance.

Which fields is settled by a keyed hash of record and field name: the same for every run, foreseen by nobody who lacks
the key, and no more likely for one citizen than for another. The field stays accepted and the record is released as it
is: the look is a measurement and comes afterwards.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

from extractors.record import Record

_DRAWS = 1 << 64


def blind(record: Record) -> dict[str, Any]:
    """Return the record as plain values without telling what is sampled: who reads it may be who reviews it."""
    return record.model_dump(mode="json", by_alias=True, exclude={"fields": {"__all__": {"sampled"}}})


@dataclass(frozen=True, slots=True)
class BlindSample:
    """Chooses the fields of the blind sample.

    Attributes:
        key: Secret of the home.
        share: Share of accepted fields that is chosen, 0-1; what a smaller share chooses a larger one chooses too.
    """

    key: bytes
    share: float

    def mark(self, record: Record) -> Record:
        """Return the record with its chosen fields marked as `sampled`; nothing else changes."""
        fields = {
            name: field.model_copy(update={"sampled": True}) if field.accepted and self._has(record, name) else field
            for name, field in record.fields.items()
        }
        return record.model_copy(update={"fields": fields})

    def _has(self, record: Record, name: str) -> bool:
        digest = hmac.new(self.key, f"{record.record_id}/{name}".encode(), hashlib.sha256).digest()
        return int.from_bytes(digest[:8]) < self.share * _DRAWS
