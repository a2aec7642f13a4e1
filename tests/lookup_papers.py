"""Papers that a store holds of an invented couple, for whoever asks the once-only question."""

from datetime import UTC, datetime

from extractors.record import Provenance, Record, RecordState, SourcePage, Subject
from storage.catalogue import Catalogue
from storage.keys import record_id_for
from storage.objects import ObjectStore
from storage.records import save_draft

WIFE, HUSBAND = "001190012345", "001088012345"
MARRIAGE = "1.000894"  # Thủ tục đăng ký kết hôn, of the built-in table


def record(number: int, paper_type: str, personal_id: str, name: str, **metadata: str) -> Record:
    """A record that a machine accepted."""
    sha256 = f"{number:064x}"
    return Record(
        record_id=record_id_for("hs-001", sha256, 1),
        revision=1,
        state=RecordState.ACCEPTED,
        dossier_id="hs-001",
        paper_type=paper_type,
        paper_type_version=1,
        source=(SourcePage(file="scan.pdf", page_number=1, sha256=sha256),),
        subjects=(Subject(role="owner", personal_id=personal_id, full_name=name),),
        metadata={"trust_level": "02", **metadata},
        provenance=Provenance(
            paper_type_fingerprint="f", software="sohoa 0.1.0", created_at=datetime(2026, 1, 1, tzinfo=UTC)
        ),
    )


def hold_papers(store: ObjectStore, catalogue: Catalogue) -> None:
    """Let an office hold both cards, and of the wife a confirmation that was issued for something else."""
    single = {"issued_date": "2026-10-05", "valid_until": "2099-04-05", "scope": "vay vốn"}
    for held in (
        record(1, "can-cuoc", WIFE, "Trần Thị Thử", valid_until="2099-07-01", issued_date="2024-07-01"),
        record(2, "giay-xac-nhan-tinh-trang-hon-nhan", WIFE, "Trần Thị Thử", **single),
        record(3, "can-cuoc", HUSBAND, "Lê Văn Thử"),
    ):
        catalogue.project_record(save_draft(store, held))
