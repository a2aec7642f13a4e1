"""A client that sends files by tus, as a page or a system does, and pages to send. All persons are invented."""

import base64
import hashlib
import io
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.drawing.paper import draw_paper
from ocr.code_writer import qr_picture
from tests.services.office import Desk

TUS = {"Tus-Resumable": "1.0.0"}
BODY = {**TUS, "Content-Type": "application/offset+octet-stream"}
DPI = 200


def encoded(data: str | bytes) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def sha_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def checksum(data: bytes, algorithm: str = "sha256") -> dict[str, str]:
    return {"Upload-Checksum": f"{algorithm} {encoded(hashlib.new(algorithm, data).digest())}"}


def pdf(number: int = 1, size_bytes: int = 400) -> bytes:
    """Bytes that are named and begin like a scan; nobody can open it."""
    return f"%PDF-1.7 scan {number} ".encode().ljust(size_bytes, b".")


@dataclass
class Sender:
    """One account's work on one batch."""

    client: Any
    batch_id: str = ""
    said: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.batch_id:
            answer = self.client.post("/v1/batches", json=self.said)
            assert answer.status_code == 201, answer.text
            self.batch_id = answer.json()["batch_id"]

    @property
    def path(self) -> str:
        return f"/v1/batches/{self.batch_id}"

    def view(self) -> dict[str, Any]:
        answer = self.client.get(self.path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def files(self) -> dict[tuple[str, str], dict[str, Any]]:
        return {(d["dossier_id"], f["file"]): f for d in self.view()["dossiers"] for f in d["files"]}

    def create(
        self,
        size_bytes: int,
        dossier_id: str = "hs-001",
        file: str = "trang 1.pdf",
        sha256: str | None = None,
        **named: Any,
    ) -> Any:
        said = {"batch_id": self.batch_id, "dossier_id": dossier_id, "file": file, "sha256": sha256, **named}
        metadata = ",".join(f"{key} {encoded(value)}" for key, value in said.items() if value is not None)
        headers = {**TUS, "Upload-Length": str(size_bytes), "Upload-Metadata": metadata}
        return self.client.post("/v1/uploads", headers=headers)

    def begin(self, *arguments: Any, **named: Any) -> str:
        answer = self.create(*arguments, **named)
        assert answer.status_code == 201, answer.text
        return answer.headers["location"]

    def patch(self, location: str, data: bytes, offset: int = 0, **headers: str) -> Any:
        return self.client.patch(location, content=data, headers={**BODY, "Upload-Offset": str(offset), **headers})

    def head(self, location: str) -> Any:
        return self.client.head(location, headers=TUS)

    def offset(self, location: str) -> int:
        answer = self.head(location)
        assert answer.status_code == 200, answer.status_code
        return int(answer.headers["upload-offset"])

    def send(self, data: bytes, dossier_id: str = "hs-001", file: str = "trang 1.pdf", *, told: bool = True) -> Any:
        """Send a file in one piece; gives the answer to its bytes."""
        location = self.begin(len(data), dossier_id, file, sha_of(data) if told else None)
        return self.patch(location, data)

    def submit(self, *add_to: str) -> Any:
        return self.client.post(f"{self.path}/submit", json={"add_to": list(add_to)} if add_to else None)


def until(found: Callable[[], Any], seconds: float = 120.0) -> Any:
    """Wait until something is found; given up later than a busy machine stalls."""
    end = time.monotonic() + seconds
    while not (answer := found()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
    return answer


def drawn_page(seed: int = 3, cut_left: int = 0, qr: str | None = None) -> Image.Image:
    """A page of a drawn act, 200 dpi; its text cut off at the left, or with a QR in its corner."""
    pixels = np.array(draw_paper("quyet-dinh", seed, DPI, "clean").pages[0].convert("L"))
    if qr is not None:
        code = np.kron(qr_picture(qr), np.ones((5, 5), np.uint8))
        pixels[40 : 40 + code.shape[0], 40 : 40 + code.shape[1]] = code
    if cut_left:
        columns = np.nonzero((pixels < 110).any(axis=0))[0]
        pixels = pixels[:, columns[0] + cut_left :]
    return Image.fromarray(np.ascontiguousarray(pixels))


def scan_of(*pages: Image.Image) -> bytes:
    """A TIFF of pages."""
    written = io.BytesIO()
    pages[0].save(
        written, "TIFF", save_all=True, append_images=list(pages[1:]), dpi=(DPI, DPI), compression="tiff_deflate"
    )
    return written.getvalue()


def parts_of(home: Path) -> list[str]:
    """The partial files of a home."""
    return sorted(path.name for path in (home / "uploads").glob("*"))


def part_of(desk: Desk, location: str) -> Path:
    """Where the bytes of an upload lie until all have come."""
    return desk.office.intake.parts.path(location.rpartition("/")[2])
