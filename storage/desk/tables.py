"""The desk's tables. Every change of them needs a migration (`migrations/versions`), or a test fails.

Times are ISO 8601 in UTC with microseconds, which sort as text. Flags are 0 or 1.
"""

from sqlalchemy import Column, Float, Index, Integer, LargeBinary, MetaData, String, Table, UniqueConstraint

HEAD = "0001"
# Not Alembic's own name: the database may be shared with the catalogue and with other programs.
VERSION_TABLE = "sohoa_desk_version"

# Sorts by code points in every database, whatever language the database speaks.
TEXT = String().with_variant(String(collation="C"), "postgresql")

metadata = MetaData()

# --- Who may come in ---

accounts = Table(
    "accounts",
    metadata,
    Column("account", TEXT, primary_key=True),
    Column("display_name", TEXT, nullable=False),
    Column("password_hash", TEXT),
    Column("oidc_issuer", TEXT),
    Column("oidc_subject", TEXT),
    # Names of `service.roles.Role`, a space between them.
    Column("roles", TEXT, nullable=False),
    Column("agency", TEXT),
    Column("disabled", Integer, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("changed_at", TEXT, nullable=False),
    Column("signed_in_at", TEXT),
    UniqueConstraint("oidc_issuer", "oidc_subject", name="accounts_of_provider"),
)

sessions = Table(
    "sessions",
    metadata,
    # A digest: who reads the table cannot sign in with what stands in it.
    Column("token_hash", TEXT, primary_key=True),
    Column("account", TEXT, nullable=False),
    Column("csrf_token", TEXT, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("seen_at", TEXT, nullable=False),
    Column("expires_at", TEXT, nullable=False),
    Index("sessions_by_account", "account"),
)

clients = Table(
    "clients",
    metadata,
    Column("client_id", TEXT, primary_key=True),
    Column("display_name", TEXT, nullable=False),
    Column("secret_hash", TEXT),
    Column("certificate_sha256", TEXT, unique=True),
    Column("roles", TEXT, nullable=False),
    Column("agency", TEXT),
    Column("disabled", Integer, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("changed_at", TEXT, nullable=False),
)

access_tokens = Table(
    "access_tokens",
    metadata,
    Column("token_hash", TEXT, primary_key=True),
    Column("client_id", TEXT, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("expires_at", TEXT, nullable=False),
    Index("access_tokens_by_client", "client_id"),
)

# --- What clerks send ---

batches = Table(
    "batches",
    metadata,
    Column("batch_id", TEXT, primary_key=True),
    Column("account", TEXT, nullable=False),
    Column("agency", TEXT),
    Column("procedure_code", TEXT),
    Column("dossier_code", TEXT),
    # `storage.batch.BatchState`
    Column("state", TEXT, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("submitted_at", TEXT),
    Column("finished_at", TEXT),
    # How often digitising it was begun: a batch that kills its runner is not begun for ever.
    Column("attempts", Integer, nullable=False),
    Index("batches_by_account", "account", "created_at"),
    Index("batches_by_state", "state", "submitted_at"),
)

uploads = Table(
    "uploads",
    metadata,
    Column("upload_id", TEXT, primary_key=True),
    Column("batch_id", TEXT, nullable=False),
    Column("account", TEXT, nullable=False),
    # Name of the dossier (folder) and of the file, as the clerk gave them.
    Column("dossier_id", TEXT, nullable=False),
    Column("file", TEXT, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("offset_bytes", Integer, nullable=False),
    # What the client says the whole is; checked when all of it came.
    Column("sha256", TEXT),
    # `open`, `stored`, `failed`
    Column("state", TEXT, nullable=False),
    # `ocr.problem.Problem` as JSON where it failed.
    Column("problem", TEXT),
    Column("created_at", TEXT, nullable=False),
    Column("changed_at", TEXT, nullable=False),
    Index("uploads_by_batch", "batch_id", "upload_id"),
)

batch_progress = Table(
    "batch_progress",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("batch_id", TEXT, nullable=False),
    Column("at", TEXT, nullable=False),
    # `storage.desk.progress.Progress` as JSON
    Column("event", TEXT, nullable=False),
    Index("batch_progress_by_batch", "batch_id", "seq"),
)

# --- What stewards do ---

leases = Table(
    "leases",
    metadata,
    Column("record_id", TEXT, primary_key=True),
    Column("account", TEXT, nullable=False),
    # Of one open page: the same account in another tab is another holder.
    Column("token", TEXT, nullable=False),
    Column("since", TEXT, nullable=False),
    Column("until", TEXT, nullable=False),
    Index("leases_by_account", "account"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("record_id", TEXT, primary_key=True),
    Column("account", TEXT, primary_key=True),
    # The revision that the steward looked at.
    Column("revision", Integer, nullable=False),
    # `storage.desk.drafts.Draft` as JSON
    Column("content", TEXT, nullable=False),
    Column("changed_at", TEXT, nullable=False),
)

keyings = Table(
    "keyings",
    metadata,
    Column("record_id", TEXT, primary_key=True),
    Column("field", TEXT, primary_key=True),
    # 1 first, 2 second, blind; 3 by who adjudicates.
    Column("ordinal", Integer, primary_key=True),
    Column("account", TEXT, nullable=False),
    Column("value", TEXT),
    Column("at", TEXT, nullable=False),
)

# One line for each field a person settled: for the board. Without values and without names of persons.
settlements = Table(
    "settlements",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", TEXT, nullable=False),
    Column("record_id", TEXT, nullable=False),
    Column("paper_type", TEXT, nullable=False),
    Column("field", TEXT, nullable=False),
    Column("agency", TEXT),
    Column("account", TEXT, nullable=False),
    # `confirmed`, `proposed` (another reader's proposal), `typed`, `blank`
    Column("kind", TEXT, nullable=False),
    Column("seconds", Float),
    # 1: what the machine held was right.
    Column("machine_right", Integer, nullable=False),
    # 1: the machine had accepted it, and it was looked at as a sample.
    Column("sampled", Integer, nullable=False),
    Index("settlements_by_time", "at"),
)

# --- What other systems are told ---

events = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("event_id", TEXT, nullable=False, unique=True),
    Column("at", TEXT, nullable=False),
    Column("type", TEXT, nullable=False),
    Column("record_id", TEXT, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("paper_type", TEXT, nullable=False),
    Column("agency", TEXT),
    UniqueConstraint("record_id", "revision", "type", name="events_of_revision"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", TEXT, primary_key=True),
    Column("client_id", TEXT, nullable=False),
    Column("url", TEXT, nullable=False),
    # Signing needs the secret itself.
    Column("secret", TEXT, nullable=False),
    # Types of events, a space between them.
    Column("types", TEXT, nullable=False),
    Column("disabled", Integer, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("changed_at", TEXT, nullable=False),
    Index("webhooks_by_client", "client_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("webhook_id", TEXT, primary_key=True),
    Column("event_seq", Integer, primary_key=True),
    # `waiting`, `delivered`, `given_up`
    Column("state", TEXT, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", TEXT, nullable=False),
    Column("last_status", Integer),
    Column("changed_at", TEXT, nullable=False),
    Index("deliveries_by_time", "state", "next_at"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", TEXT, primary_key=True),
    Column("key", TEXT, primary_key=True),
    Column("request_sha256", TEXT, nullable=False),
    # None while the first request is being answered.
    Column("status", Integer),
    Column("media_type", TEXT),
    Column("body", LargeBinary),
    Column("at", TEXT, nullable=False),
)

# What is known of the desk itself, by name: the epoch of the changes feed, and how far it has got.
desk_state = Table(
    "desk_state", metadata, Column("name", TEXT, primary_key=True), Column("value", TEXT, nullable=False)
)
