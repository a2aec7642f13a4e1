"""What libtiff complains about while Pillow decodes a TIFF page.

Pillow lets libtiff print its complaints on the terminal and, for fax codings, takes a page full of them for a whole
one: libtiff goes on after a bad code word and reports success. So the complaints are counted here, through the handler
that libtiff has for it, and nothing is printed.
"""

import ctypes
import logging
import threading
from collections.abc import Callable
from ctypes.util import find_library
from functools import cache
from pathlib import Path
from typing import Any

import PIL

log = logging.getLogger(__name__)

_seen = threading.local()  # libtiff calls the handler in the thread that decodes


def _count(module: bytes | None, _form: bytes | None, _values: int | None) -> None:
    # libtiff looks at the directories of other pages too: those are not this page's faults.
    if b"Directory" in (module or b""):
        return
    _seen.faults = getattr(_seen, "faults", 0) + 1


# Kept for ever: libtiff holds on to it.
_HANDLER = ctypes.CFUNCTYPE(None, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p)(_count)


def faults_during(decode: Callable[[], object]) -> int:
    """Run `decode` and return how many faults libtiff found meanwhile, 0 where libtiff cannot be asked.

    Raises:
        Exception: Whatever `decode` raises.
    """
    _listen()
    _seen.faults = 0
    decode()
    return int(_seen.faults)


@cache
def _listen() -> None:
    """Make libtiff tell us its errors, once in each process."""
    bundled = (Path(PIL.__file__).parents[1] / "pillow.libs").glob("libtiff*.so*")
    place: Any = next(map(str, bundled), None) or find_library("tiff")
    try:
        library = ctypes.CDLL(place)
        library.TIFFSetErrorHandler.restype = ctypes.c_void_p
        library.TIFFSetErrorHandler(_HANDLER)
    except (OSError, AttributeError, TypeError):  # Pillow was built in another way
        log.warning("libtiff cannot be asked: damaged fax pages may pass for whole ones")
