"""The key of the blind sample."""

from pathlib import Path

from storage.home_secret import load_home_secret

SAMPLE_KEY_FILE = "sample.key"


def load_sample_key(home: Path) -> bytes:
    """Return the key of the home, made when there is none. Machines that share a store need the same file.

    Raises:
        SohoaError: `STORE_UNWRITABLE` when it can be neither read nor written, or is no key.
    """
    return load_home_secret(home, SAMPLE_KEY_FILE)
