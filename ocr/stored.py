"""What all stored nouns share: frozen, no unknown keys, and one way in and out of the store."""

from typing import Self

from pydantic import BaseModel, ConfigDict


class Stored(BaseModel):
    """A value that is stored, alone or inside a document: never changed in place, unknown keys forbidden."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class StoredDocument(Stored):
    """A value that is an object of its own in the store; its field `schema_` names the shape as `schema`."""

    def to_json(self) -> bytes:
        """Return the stored form: UTF-8 JSON."""
        return self.model_dump_json(by_alias=True).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Self:
        """Parse the stored form.

        Raises:
            pydantic.ValidationError: `data` is no document of this schema.
        """
        return cls.model_validate_json(data)
