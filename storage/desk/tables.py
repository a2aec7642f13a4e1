"""The desk's tables. Every change of them needs a migration (`migrations/versions`), or a test fails.

Times are ISO 8601 in UTC with microseconds, which sort as text. Flags are 0 or 1.
"""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, LargeBinary, MetaData, Table, UniqueConstraint

from storage.database import TEXT

HEAD = "0001"
# Not Alembic's own name: the database may be shared with the catalogue and with other programs.
VERSION_TABLE = "sohoa_desk_version"

metadata = MetaData()

# --- Who may come in ---

accounts = Table(
    "accounts",
    metadata,
    Column("account", TEXT, primary_key=True),
    Column("display_name", TEXT, nullable=False),
    Column("password_hash", TEXT),
    # Set: the password is one that an administrator handed out, good until then and only to set another.
    Column("temporary_until", TEXT),
    Column("oidc_issuer", TEXT),
    Column("oidc_subject", TEXT),
    # Whom an administrator expects from the provider, and until when: bound at the first sign-in, then cleared.
    Column("expected_email", TEXT),
    Column("expected_until", TEXT),
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
    # From where, in a few words, so that people tell their own sessions apart.
    Column("address", TEXT, nullable=False),
    Column("device", TEXT, nullable=False),
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

# Who changed what in the tables above; never a secret, never a hash.
access_changes = Table(
    "access_changes",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("at", TEXT, nullable=False),
    Column("by", TEXT, nullable=False),
    # The account, or `client:` and the identifier of the system.
    Column("whose", TEXT, nullable=False),
    # `storage.desk.access_changes.ChangeKind`
    Column("kind", TEXT, nullable=False),
    Column("value", TEXT, nullable=False),
    Index("access_changes_by_whose", "whose", "seq"),
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
    # `storage.desk.upload.UploadKind`
    Column("kind", TEXT, nullable=False),
    # Name of the dossier (folder) and of the file, as the clerk gave them, NFC; what stands for the dossier in names.
    Column("dossier_id", TEXT, nullable=False),
    Column("segment", TEXT, nullable=False),
    Column("file", TEXT, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    # How much of it is durably in the partial file.
    Column("offset_bytes", BigInteger, nullable=False),
    # What the client says the whole is; checked when all of it came. Of a stored scan: what it is.
    Column("sha256", TEXT),
    # `storage.desk.upload.UploadState`
    Column("state", TEXT, nullable=False),
    # `ocr.problem.Problem` as JSON where it failed.
    Column("problem", TEXT),
    Column("created_at", TEXT, nullable=False),
    Column("changed_at", TEXT, nullable=False),
    Index("uploads_by_batch", "batch_id", "upload_id"),
    Index("uploads_by_state", "state", "changed_at"),
    Index("uploads_by_scan", "sha256"),
    Index("uploads_by_dossier", "segment"),
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
    # A number is never given twice: who follows the events knows by it what they have seen.
    sqlite_autoincrement=True,
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
    # As JSON. Gone when the keying is closed: the record holds the value then.
    Column("value", TEXT),
    # 1: of the second and the third, that it says the same as the first.
    Column("agrees", Integer),
    # 1: the record was decided on. What is kept tells how often people agree.
    Column("closed", Integer, nullable=False),
    Column("at", TEXT, nullable=False),
    Index("keyings_by_account", "account", "closed"),
)

# One line for each field a person settled. Without values and without names of persons. The board reads the sums below.
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
    # A settlement that is noted again, after an answer was lost, is found here.
    Index("settlements_by_record", "record_id", "field"),
)

# What was settled, summed up by Viet Nam's days for each agency together with all units under it ("" is everybody): a
# settlement is counted for its agency and for every one above. Written along with the settlements, in one transaction.
settled_speeds = Table(
    "settled_speeds",
    metadata,
    Column("agency", TEXT, primary_key=True),
    Column("day", TEXT, primary_key=True),
    Column("account", TEXT, primary_key=True),
    # Half seconds a field took, rounded down; -1: it was not timed.
    Column("step", Integer, primary_key=True),
    Column("fields", Integer, nullable=False),
    Column("seconds", Float, nullable=False),
)

settled_fields = Table(
    "settled_fields",
    metadata,
    Column("agency", TEXT, primary_key=True),
    Column("day", TEXT, primary_key=True),
    Column("paper_type", TEXT, primary_key=True),
    Column("field", TEXT, primary_key=True),
    Column("sampled", Integer, primary_key=True),
    Column("fields", Integer, nullable=False),
    # Of them, those in which the machine was right.
    Column("hits", Integer, nullable=False),
)

# --- What other systems are told ---

# One row: the changes feed as a whole. Whoever writes events locks it first.
feed = Table(
    "feed",
    metadata,
    Column("name", TEXT, primary_key=True),
    # Another one after the desk was lost: cursors of before then say so.
    Column("epoch", TEXT, nullable=False),
    Column("last_seq", Integer, nullable=False),
    # 0 until what the store held when the desk was made is told.
    Column("is_filled", Integer, nullable=False),
    # The one relay that may write, and until when.
    Column("holder", TEXT),
    Column("until", TEXT),
)

# Up to which revision each record was looked at, whether there was something to tell or not.
feed_places = Table(
    "feed_places",
    metadata,
    Column("record_id", TEXT, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("agency", TEXT),
)

events = Table(
    "events",
    metadata,
    # Given by the relay, in the order of telling: a sequence of the database would show gaps that fill up later.
    Column("seq", Integer, primary_key=True, autoincrement=False),
    # The same for a copy that is addressed to an earlier reader.
    Column("event_id", TEXT, nullable=False),
    Column("at", TEXT, nullable=False),
    Column("told_at", TEXT, nullable=False),
    Column("type", TEXT, nullable=False),
    Column("record_id", TEXT, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", TEXT, nullable=False),
    Column("paper_type", TEXT, nullable=False),
    Column("agency", TEXT),
    # A copy for this account alone, who read the record and whose agency would not be told; None: for all.
    Column("reader", TEXT),
    # 1: told before the record was erased; it keeps its number and is shown no more.
    Column("hidden", Integer, nullable=False),
    Index("events_by_record", "record_id", "revision"),
    Index("events_by_telling", "told_at"),
)

webhooks = Table(
    "webhooks",
    metadata,
    Column("webhook_id", TEXT, primary_key=True),
    # Whose it is, as principals are named (`client:…`).
    Column("account", TEXT, nullable=False),
    Column("url", TEXT, nullable=False),
    # Signing needs the secret itself.
    Column("secret", TEXT, nullable=False),
    # Types of events, a space between them.
    Column("types", TEXT, nullable=False),
    # 1: its receiver said that it is gone for good.
    Column("disabled", Integer, nullable=False),
    Column("created_at", TEXT, nullable=False),
    # Failures in a row, the next try, and how the last one went: an HTTP status, or in a word why there was none.
    Column("failures", Integer, nullable=False),
    Column("retry_at", TEXT, nullable=False),
    Column("last_status", Integer),
    Column("last_failure", TEXT),
    Column("delivered_at", TEXT),
    Index("webhooks_by_account", "account"),
)

# What is to be sent, in the order of events: kept until it was delivered or given up, whatever happens to the service.
deliveries = Table(
    "deliveries",
    metadata,
    Column("webhook_id", TEXT, primary_key=True),
    Column("event_seq", Integer, primary_key=True),
    # `waiting`, `delivered`, `given_up`
    Column("state", TEXT, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created_at", TEXT, nullable=False),
    Column("changed_at", TEXT, nullable=False),
    Index("deliveries_by_webhook", "webhook_id", "state", "event_seq"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("caller", TEXT, primary_key=True),
    Column("key", TEXT, primary_key=True),
    # A keyed hash: bodies are about persons, and an identifier has too few digits for a plain one.
    Column("request_hash", TEXT, nullable=False),
    # None while the first request is being answered.
    Column("status", Integer),
    Column("media_type", TEXT),
    # As JSON.
    Column("headers", TEXT),
    Column("body", LargeBinary),
    Column("at", TEXT, nullable=False),
    Index("idempotency_by_time", "at"),
)

# Which records a lookup told an account of, and when it last did: what it may read although another agency keeps it.
offers = Table(
    "offers",
    metadata,
    Column("account", TEXT, primary_key=True),
    Column("record_id", TEXT, primary_key=True),
    Column("at", TEXT, nullable=False),
    Index("offers_by_time", "at"),
)
