"""The digital signatures inside a PDF file.

They are taken apart by a program of its own (`ocr/signature_check.py`): a hostile file may hang or swell the library
that reads it, and the library takes a second to start, which no unsigned file pays for.
"""

import mmap
import subprocess
import sys
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from ocr.signature import PdfSignature, SignatureState

# Part of the recipe: raise it when a change here or in `ocr/signature_check.py` changes what is told.
SIGNATURES_VERSION = 1

# Hashing 500 MB takes a second; the program sets itself a limit of CPU time, this one is for a machine that is busy.
SIGNATURES_TIMEOUT_S = 120.0
# Every signature names the bytes it covers, and a signature may not lie inside a packed stream.
# Source: ISO 32000-1, 12.8.1.
_MARK = b"/ByteRange"
_PROGRAM = Path(__file__).with_name("signature_check.py")

_LIST = TypeAdapter(tuple[PdfSignature, ...])


def pdf_signatures(path: Path, timeout_s: float = SIGNATURES_TIMEOUT_S) -> tuple[PdfSignature, ...]:
    """Return the signatures of the PDF at `path`, oldest first; empty for an unsigned one.

    Nothing is fetched: neither the issuer's certificate nor a list of revoked ones is looked at. What cannot be read is
    listed as unreadable, never raised.

    Args:
        path: The PDF.
        timeout_s: Wall-clock limit.
    """
    if not _may_be_signed(path):
        return ()
    # Isolated: what lies in the folder of the program or in the environment is no module of it.
    command = [sys.executable, "-I", str(_PROGRAM), str(path.absolute())]
    try:
        answer = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # may quote the file
            timeout=timeout_s,
            check=True,
        )
        return _LIST.validate_json(answer.stdout)
    except subprocess.TimeoutExpired:
        note = "took-too-long"
    except subprocess.CalledProcessError:
        note = "too-large"  # it met a limit it sets itself
    except ValidationError:
        note = "unreadable-file"
    return (PdfSignature(field="", state=SignatureState.UNREADABLE, note=note),)


def _may_be_signed(path: Path) -> bool:
    with path.open("rb") as stream:
        try:
            with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return data.find(_MARK) >= 0
        except ValueError:  # an empty file cannot be mapped
            return False
