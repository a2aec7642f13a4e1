"""Receiving the bytes of a request: streamed to the disk, durable before they are promised, kept when the line breaks.

The event loop only waits for bytes; writing happens in threads. No more than a piece is in memory.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Protocol

from starlette.concurrency import run_in_threadpool

from ocr.problem import Code, SohoaError
from service.intake.intake import Intake
from service.intake.limits import LONGEST_SILENCE_S, SETTLED_EVERY_BYTES, WRITTEN_EVERY_BYTES
from service.intake.uploading import as_held, store_whole
from storage.desk.parts import Part
from storage.desk.upload import Upload, UploadState


class _Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Checksum:
    """What the client says the bytes of one request hash to."""

    algorithm: str
    digest: bytes


async def receive_bytes(
    intake: Intake, upload_id: str, offset_bytes: int, body: AsyncIterator[bytes], checksum: Checksum | None
) -> Upload:
    """Write the body of a request behind what came before, and store the scan when it is the last.

    Args:
        intake: Where to.
        upload_id: An upload of the caller.
        offset_bytes: Where the client says the body goes on.
        body: The bytes as they come.
        checksum: Nothing of the body counts unless it has this checksum.

    Returns:
        The upload as it is then.

    Raises:
        SohoaError: `UPLOAD_OUT_OF_STEP` for another offset; `UPLOAD_BUSY` while another request writes;
            `UPLOAD_CORRUPT` when the checksum differs; `UPLOAD_TOO_LARGE` when more comes than was said; see
            `store_whole`.
        TimeoutError: Nothing came for too long. As when the connection breaks, what came is kept.
    """
    reception = await run_in_threadpool(_Reception.begin, intake, upload_id, offset_bytes, checksum)
    try:
        async for piece in _pieces(body):
            await run_in_threadpool(reception.take, piece)
        return await run_in_threadpool(reception.end)
    except Exception:
        await run_in_threadpool(reception.settle)
        raise
    except BaseException:
        # The server stops: there is no time to wait for a thread, and little to do.
        reception.settle()
        raise
    finally:
        reception.close()


async def _pieces(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what comes in larger pieces; what came before the connection broke is yielded before the error."""
    gathered = bytearray()
    try:
        while True:
            async with asyncio.timeout(LONGEST_SILENCE_S):
                chunk = await anext(body, None)
            if chunk is None:
                break
            gathered += chunk
            if len(gathered) >= WRITTEN_EVERY_BYTES:
                yield bytes(gathered)
                gathered.clear()
    except Exception:
        if gathered:
            yield bytes(gathered)
        raise
    if gathered:
        yield bytes(gathered)


class _Reception:
    """The bytes of one request on their way to the disk."""

    def __init__(self, intake: Intake, upload: Upload, part: Part, checksum: Checksum | None, held: ExitStack) -> None:
        self._intake = intake
        self._upload = upload
        self._part = part
        self._checksum = checksum
        self._held = held
        self._digest: _Digest | None = hashlib.new(checksum.algorithm) if checksum else None
        self._written = self._settled = upload.offset_bytes

    @classmethod
    def begin(cls, intake: Intake, upload_id: str, offset_bytes: int, checksum: Checksum | None) -> "_Reception":
        """Hold the upload, and make sure that the client goes on where it ends."""
        with ExitStack() as held:
            part = held.enter_context(intake.parts.holding(upload_id))
            upload = as_held(intake, upload_id, part)
            if upload.offset_bytes != offset_bytes:
                raise SohoaError(Code.UPLOAD_OUT_OF_STEP, detail=f"{upload.offset_bytes} bytes came")
            return cls(intake, upload, part, checksum, held.pop_all())

    def take(self, data: bytes) -> None:
        """Write a piece."""
        if self._written + len(data) > self._upload.size_bytes:
            raise SohoaError(Code.UPLOAD_TOO_LARGE, detail="more bytes came than the upload was said to have")
        if self._digest is not None:
            self._digest.update(data)
        self._part.write(data)
        self._written += len(data)
        if self._written - self._settled >= SETTLED_EVERY_BYTES:
            self.settle()

    def settle(self) -> None:
        """Make what was written durable and note it; bytes whose checksum is still to be checked do not count."""
        if self._digest is None and self._written > self._settled:
            self._note()

    def end(self) -> Upload:
        """Check, note and, when it is the last of the upload, store."""
        if self._digest is not None and self._checksum is not None:
            if self._digest.digest() != self._checksum.digest:
                self._part.cut(self._settled)
                self._written = self._settled
                raise SohoaError(Code.UPLOAD_CORRUPT, detail=f"{self._checksum.algorithm} differs", retryable=True)
            self._digest = None
        self.settle()
        upload = as_held(self._intake, self._upload.upload_id, self._part)
        if upload.state is UploadState.OPEN and upload.is_whole:
            return store_whole(self._intake, upload)
        return upload

    def close(self) -> None:
        """Let the upload go."""
        self._held.close()

    def _note(self) -> None:
        self._part.sync()
        self._intake.uploads.advance(self._upload.upload_id, self._written)
        self._settled = self._written
