"""Writing QR codes for what the product prints itself."""

import numpy as np
import zxingcpp
from numpy.typing import NDArray

# Modules of paper around a QR. Source: ISO/IEC 18004.
_QUIET_MODULES = 4


def qr_picture(text: str) -> NDArray[np.uint8]:
    """Return a QR of `text` as grey levels (0 ink, 255 paper), one pixel a module, its quiet zone included.

    A third of the code may be soiled (error correction level H).
    """
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="H")
    modules = np.asarray(barcode.to_image(scale=1, add_quiet_zones=False), dtype=np.uint8)
    return np.pad(modules, _QUIET_MODULES, constant_values=255)
