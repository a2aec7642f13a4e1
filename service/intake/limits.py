"""How much is taken at one time. Generous: a day's paper of a busy office fits; a mistake or an attack does not."""

from ocr.scan import MAX_SCAN_BYTES
from storage.desk.upload import Limits

# One file, archives included; the same that a scan may have.
MAX_FILE_BYTES = MAX_SCAN_BYTES
# One batch.
BATCH_LIMITS = Limits(files=5_000, size_bytes=50_000_000_000)
# Bytes after which what came of one request is made durable and may be gone on from.
SETTLED_EVERY_BYTES = 8 << 20
# Bytes that are gathered before they are written.
WRITTEN_EVERY_BYTES = 256 << 10
# Seconds without a byte after which a connection is taken for dead: a line that broke does not always say so.
LONGEST_SILENCE_S = 30.0

# An archive: number of its entries, bytes of its table of contents, bytes of all entries unpacked.
MAX_ENTRIES = 10_000
MAX_CONTENTS_BYTES = 8 << 20
MAX_UNPACKED_BYTES = 20_000_000_000
# How many times as large as the archive its entries may be; scans are packed already. Below the second figure (bytes)
# nothing is asked: an empty page as a plain bitmap packs to a thousandth.
MAX_RATIO, ALWAYS_UNPACKED_BYTES = 100, 200_000_000
