"""The desk, as it was first made."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_TEXT = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "access_changes",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", _TEXT, nullable=False),
        sa.Column("by", _TEXT, nullable=False),
        sa.Column("whose", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("value", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("access_changes_by_whose", "access_changes", ["whose", "seq"], unique=False)
    op.create_table(
        "access_tokens",
        sa.Column("token_hash", _TEXT, nullable=False),
        sa.Column("client_id", _TEXT, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("expires_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("access_tokens_by_client", "access_tokens", ["client_id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("display_name", _TEXT, nullable=False),
        sa.Column("password_hash", _TEXT, nullable=True),
        sa.Column("temporary_until", _TEXT, nullable=True),
        sa.Column("oidc_issuer", _TEXT, nullable=True),
        sa.Column("oidc_subject", _TEXT, nullable=True),
        sa.Column("expected_email", _TEXT, nullable=True),
        sa.Column("expected_until", _TEXT, nullable=True),
        sa.Column("roles", _TEXT, nullable=False),
        sa.Column("agency", _TEXT, nullable=True),
        sa.Column("disabled", sa.Integer(), nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("changed_at", _TEXT, nullable=False),
        sa.Column("signed_in_at", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("account"),
        sa.UniqueConstraint("oidc_issuer", "oidc_subject", name="accounts_of_provider"),
    )
    op.create_table(
        "batch_progress",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("batch_id", _TEXT, nullable=False),
        sa.Column("at", _TEXT, nullable=False),
        sa.Column("event", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("seq"),
        sqlite_autoincrement=True,
    )
    op.create_index("batch_progress_by_batch", "batch_progress", ["batch_id", "seq"], unique=False)
    op.create_table(
        "batches",
        sa.Column("batch_id", _TEXT, nullable=False),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("agency", _TEXT, nullable=True),
        sa.Column("procedure_code", _TEXT, nullable=True),
        sa.Column("dossier_code", _TEXT, nullable=True),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("submitted_at", _TEXT, nullable=True),
        sa.Column("finished_at", _TEXT, nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("batch_id"),
    )
    op.create_index("batches_by_account", "batches", ["account", "created_at"], unique=False)
    op.create_index("batches_by_state", "batches", ["state", "submitted_at"], unique=False)
    op.create_table(
        "clients",
        sa.Column("client_id", _TEXT, nullable=False),
        sa.Column("display_name", _TEXT, nullable=False),
        sa.Column("secret_hash", _TEXT, nullable=True),
        sa.Column("certificate_sha256", _TEXT, nullable=True),
        sa.Column("roles", _TEXT, nullable=False),
        sa.Column("agency", _TEXT, nullable=True),
        sa.Column("disabled", sa.Integer(), nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("changed_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("client_id"),
        sa.UniqueConstraint("certificate_sha256"),
    )
    op.create_table(
        "deliveries",
        sa.Column("webhook_id", _TEXT, nullable=False),
        sa.Column("event_seq", sa.Integer(), nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("changed_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("webhook_id", "event_seq"),
    )
    op.create_index("deliveries_by_webhook", "deliveries", ["webhook_id", "state", "event_seq"], unique=False)
    op.create_table(
        "drafts",
        sa.Column("record_id", _TEXT, nullable=False),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("content", _TEXT, nullable=False),
        sa.Column("changed_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "account"),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event_id", _TEXT, nullable=False),
        sa.Column("at", _TEXT, nullable=False),
        sa.Column("told_at", _TEXT, nullable=False),
        sa.Column("type", _TEXT, nullable=False),
        sa.Column("record_id", _TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("paper_type", _TEXT, nullable=False),
        sa.Column("agency", _TEXT, nullable=True),
        sa.Column("reader", _TEXT, nullable=True),
        sa.Column("hidden", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("events_by_record", "events", ["record_id", "revision"], unique=False)
    op.create_index("events_by_telling", "events", ["told_at"], unique=False)
    op.create_table(
        "feed",
        sa.Column("name", _TEXT, nullable=False),
        sa.Column("epoch", _TEXT, nullable=False),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("is_filled", sa.Integer(), nullable=False),
        sa.Column("holder", _TEXT, nullable=True),
        sa.Column("until", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "feed_places",
        sa.Column("record_id", _TEXT, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("agency", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_table(
        "idempotency",
        sa.Column("caller", _TEXT, nullable=False),
        sa.Column("key", _TEXT, nullable=False),
        sa.Column("request_hash", _TEXT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("media_type", _TEXT, nullable=True),
        sa.Column("headers", _TEXT, nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key"),
    )
    op.create_index("idempotency_by_time", "idempotency", ["at"], unique=False)
    op.create_table(
        "keyings",
        sa.Column("record_id", _TEXT, nullable=False),
        sa.Column("field", _TEXT, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("value", _TEXT, nullable=True),
        sa.Column("agrees", sa.Integer(), nullable=True),
        sa.Column("closed", sa.Integer(), nullable=False),
        sa.Column("at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("record_id", "field", "ordinal"),
    )
    op.create_index("keyings_by_account", "keyings", ["account", "closed"], unique=False)
    op.create_table(
        "leases",
        sa.Column("record_id", _TEXT, nullable=False),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("token", _TEXT, nullable=False),
        sa.Column("since", _TEXT, nullable=False),
        sa.Column("until", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("leases_by_account", "leases", ["account"], unique=False)
    op.create_table(
        "offers",
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("record_id", _TEXT, nullable=False),
        sa.Column("at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("account", "record_id"),
    )
    op.create_index("offers_by_time", "offers", ["at"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("token_hash", _TEXT, nullable=False),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("csrf_token", _TEXT, nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("seen_at", _TEXT, nullable=False),
        sa.Column("expires_at", _TEXT, nullable=False),
        sa.Column("address", _TEXT, nullable=False),
        sa.Column("device", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index("sessions_by_account", "sessions", ["account"], unique=False)
    op.create_table(
        "settled_fields",
        sa.Column("agency", _TEXT, nullable=False),
        sa.Column("day", _TEXT, nullable=False),
        sa.Column("paper_type", _TEXT, nullable=False),
        sa.Column("field", _TEXT, nullable=False),
        sa.Column("sampled", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "day", "paper_type", "field", "sampled"),
    )
    op.create_table(
        "settled_speeds",
        sa.Column("agency", _TEXT, nullable=False),
        sa.Column("day", _TEXT, nullable=False),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("fields", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("agency", "day", "account", "step"),
    )
    op.create_table(
        "settlements",
        sa.Column("seq", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", _TEXT, nullable=False),
        sa.Column("record_id", _TEXT, nullable=False),
        sa.Column("paper_type", _TEXT, nullable=False),
        sa.Column("field", _TEXT, nullable=False),
        sa.Column("agency", _TEXT, nullable=True),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("machine_right", sa.Integer(), nullable=False),
        sa.Column("sampled", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("settlements_by_record", "settlements", ["record_id", "field"], unique=False)
    op.create_table(
        "uploads",
        sa.Column("upload_id", _TEXT, nullable=False),
        sa.Column("batch_id", _TEXT, nullable=False),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("kind", _TEXT, nullable=False),
        sa.Column("dossier_id", _TEXT, nullable=False),
        sa.Column("segment", _TEXT, nullable=False),
        sa.Column("file", _TEXT, nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("offset_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", _TEXT, nullable=True),
        sa.Column("state", _TEXT, nullable=False),
        sa.Column("problem", _TEXT, nullable=True),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("changed_at", _TEXT, nullable=False),
        sa.PrimaryKeyConstraint("upload_id"),
    )
    op.create_index("uploads_by_batch", "uploads", ["batch_id", "upload_id"], unique=False)
    op.create_index("uploads_by_dossier", "uploads", ["segment"], unique=False)
    op.create_index("uploads_by_scan", "uploads", ["sha256"], unique=False)
    op.create_index("uploads_by_state", "uploads", ["state", "changed_at"], unique=False)
    op.create_table(
        "webhooks",
        sa.Column("webhook_id", _TEXT, nullable=False),
        sa.Column("account", _TEXT, nullable=False),
        sa.Column("url", _TEXT, nullable=False),
        sa.Column("secret", _TEXT, nullable=False),
        sa.Column("types", _TEXT, nullable=False),
        sa.Column("disabled", sa.Integer(), nullable=False),
        sa.Column("created_at", _TEXT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", _TEXT, nullable=False),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_failure", _TEXT, nullable=True),
        sa.Column("delivered_at", _TEXT, nullable=True),
        sa.PrimaryKeyConstraint("webhook_id"),
    )
    op.create_index("webhooks_by_account", "webhooks", ["account"], unique=False)
