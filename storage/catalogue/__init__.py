"""The catalogue: what the store holds, as tables that can be asked. A projection: delete it, reindex, lose nothing.

It holds no personal data. A dossier stands in it as in object names, by `storage.dossier_segment`, because its
identifier may be a person's name; persons stand in it as keyed hashes (`storage.identity`). Rows are plain nouns;
`Catalogue` brings SQLAlchemy with it, which is loaded when first asked for.
"""

from typing import TYPE_CHECKING, Any

from storage.catalogue.rows import DossierRow, HoldingRow, ReadRow, RecordRow, ReuseRow

if TYPE_CHECKING:
    from storage.catalogue.catalogue import Catalogue

__all__ = ["Catalogue", "DossierRow", "HoldingRow", "ReadRow", "RecordRow", "ReuseRow"]


def __getattr__(name: str) -> Any:
    if name != "Catalogue":
        raise AttributeError(name)
    from storage.catalogue.catalogue import Catalogue  # noqa: PLC0415

    return Catalogue
