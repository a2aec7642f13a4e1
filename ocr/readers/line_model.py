"""Line models: small nets that read one cut-out line and tell, step by step, how likely each character is.

Two that know nothing of each other: PP-OCRv6 small (wheel `rapidocr`, strong on digits, no Vietnamese tones) and
AsterNet (wheel `asterocr`, reads Vietnamese). Both are used as data through onnxruntime and pinned by hash; the Python
of their packages, which talks to the network, is never imported.
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ocr.page import ReaderInfo
from ocr.problem import Code, SohoaError
from ocr.vietnamese import to_nfc
from ocr.wheel_data import located

BLANK = 0


@dataclass(frozen=True, slots=True)
class LineModelFile:
    """Where a line model lies and how it wants its picture."""

    name: str
    package: str
    model: str
    sha256: str
    height_px: int
    max_width_px: int
    is_bgr: bool
    vocabulary: str | None = None


# Source: design §8; the preparation of pictures is that of the packages (mean and deviation 0.5, scaled by height).
PP_OCR = LineModelFile(
    name="pp-ocrv6-small",
    package="rapidocr",
    model="rapidocr/models/PP-OCRv6_rec_small.onnx",
    sha256="6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    height_px=48,
    max_width_px=3200,  # no limit of the net's; a line much longer than this is no line of a form
    is_bgr=True,
)
ASTER = LineModelFile(
    name="asternet",
    package="asterocr",
    model="asterocr/assets/asternet.onnx",
    sha256="10c96b533e1f64031d73edfddafd7d4b13595544f11891f0531bcd72cb29be80",
    height_px=32,
    max_width_px=1024,  # the net knows 256 places of four pixels
    is_bgr=False,
    vocabulary="asterocr/assets/vocab.json",
)
LINE_MODELS = (PP_OCR, ASTER)


@dataclass(frozen=True, slots=True, eq=False)
class LineReading:
    """What a line model saw.

    Attributes:
        log_probabilities: `float64`, shape `(steps, characters)`: natural log of the probability of each character at
            each step from left to right; character 0 is "none" (the blank of connectionist temporal classification).
        alphabet: Character of each column; column 0 is empty.
    """

    log_probabilities: NDArray[np.float64]
    alphabet: tuple[str, ...]

    def characters(self) -> list[tuple[str, int]]:
        """Return the likeliest characters and the step each begins at."""
        found: list[tuple[str, int]] = []
        before = BLANK
        for step, column in enumerate(self.log_probabilities.argmax(axis=1).tolist()):
            if column not in (before, BLANK):
                found.append((self.alphabet[column], step))
            before = column
        return found

    @property
    def text(self) -> str:
        """The likeliest characters, NFC."""
        return to_nfc("".join(character for character, _ in self.characters()))

    def between(self, first: int, last: int) -> "LineReading":
        """Return the part from step `first` up to, not including, step `last`."""
        return LineReading(self.log_probabilities[first:last], self.alphabet)

    def ignoring(self, characters: str) -> "LineReading":
        """Return the part with `characters` counted as nothing: the paper and the dots of a blank are no writing."""
        columns = [BLANK, *(i for i, character in enumerate(self.alphabet) if character and character in characters)]
        merged = self.log_probabilities.copy()
        merged[:, BLANK] = np.logaddexp.reduce(self.log_probabilities[:, columns], axis=1)
        merged[:, columns[1:]] = -np.inf
        return LineReading(merged, self.alphabet)

    def score(self, text: str) -> float:
        """Return the log probability that the part spells `text`, summed over all ways to spell it.

        Minus infinity when the alphabet lacks a character or there are too few steps. Source: Graves et al. 2006,
        forward algorithm of connectionist temporal classification.
        """
        columns = {character: column for column, character in enumerate(self.alphabet)}
        if not all(character in columns for character in text) or not len(self.log_probabilities):
            return -np.inf
        if not text:
            return float(self.log_probabilities[:, BLANK].sum())
        labels = [BLANK]
        for character in text:
            labels += [columns[character], BLANK]
        paths = np.full(len(labels), -np.inf)
        paths[:2] = self.log_probabilities[0, labels[:2]]
        # A label may follow the one before the blank directly unless both are the same character.
        may_skip = np.array([i > 1 and label != BLANK and label != labels[i - 2] for i, label in enumerate(labels)])
        for step in self.log_probabilities[1:]:
            one_back = np.concatenate(([-np.inf], paths[:-1]))
            two_back = np.where(may_skip, np.concatenate(([-np.inf, -np.inf], paths[:-2])), -np.inf)
            paths = np.logaddexp(np.logaddexp(paths, one_back), two_back) + step[labels]
        return float(np.logaddexp(paths[-1], paths[-2]))


class LineModel:
    """One line model, loaded on first use. Safe to call from several threads."""

    def __init__(self, file: LineModelFile) -> None:
        """Find the model.

        Raises:
            SohoaError: `reader_missing` when the package is not installed or the model is not the one pinned.
        """
        self._file = file
        self._path = located(file.package, file.model)
        if hashlib.sha256(self._path.read_bytes()).hexdigest() != file.sha256:
            raise SohoaError(Code.READER_MISSING, detail=f"model {file.name} is not the one expected")

    @property
    def widest(self) -> float:
        """How many times as wide as high a line may be without being squeezed."""
        return self._file.max_width_px / self._file.height_px

    @property
    def info(self) -> ReaderInfo:
        """Name, version and fingerprint of the model."""
        return ReaderInfo(
            name=self._file.name,
            version=version(self._file.package),
            model=Path(self._file.model).name,
            model_sha256=self._file.sha256,
        )

    def read(self, line: NDArray[np.uint8]) -> LineReading:
        """Read one line. A line wider than the model can take is squeezed: cut long ones at a blank.

        Args:
            line: RGB, `uint8`, shape `(height, width, 3)`: the line with a little paper around it.

        Raises:
            SohoaError: `reader_failed` when the picture is empty or the model cannot take it.
        """
        if min(line.shape[:2]) < 2:
            raise SohoaError(Code.READER_FAILED, detail=f"{self._file.name}: empty picture")
        session = self._session
        try:
            (output,) = session.run(None, {session.get_inputs()[0].name: self._prepared(line)})
        except Exception as error:  # onnxruntime raises classes of its own that share no base but this
            detail = f"{self._file.name}: {type(error).__name__}"
            raise SohoaError(Code.READER_FAILED, detail=detail, retryable=True) from error
        scores = np.asarray(output, dtype=np.float64)
        scores = scores.reshape(-1, scores.shape[-1])
        return LineReading(_log_probabilities(scores), self._alphabet)

    def _prepared(self, line: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the picture as the net wants it, shape `(1, 3, height, width)`, from -1 (ink) to 1 (paper)."""
        height = self._file.height_px
        width = min(self._file.max_width_px, max(32, round(line.shape[1] * height / line.shape[0] / 4) * 4))
        interpolation = cv2.INTER_AREA if height < line.shape[0] else cv2.INTER_CUBIC
        scaled = cv2.resize(line, (width, height), interpolation=interpolation).astype(np.float32) / 255
        ordered = scaled[..., ::-1] if self._file.is_bgr else scaled
        return np.ascontiguousarray(((ordered - 0.5) / 0.5).transpose(2, 0, 1)[np.newaxis], dtype=np.float32)

    @cached_property
    def _session(self) -> Any:
        import onnxruntime  # noqa: PLC0415  half a second and 40 MB that a born-digital dossier need not pay

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # pages are read side by side already
        options.log_severity_level = 3
        # The arena keeps the largest line's memory for ever: 200 MB in each worker for a fiftieth of the time.
        options.enable_cpu_mem_arena = False
        options.enable_mem_pattern = False
        return onnxruntime.InferenceSession(str(self._path), options, providers=["CPUExecutionProvider"])

    @cached_property
    def _alphabet(self) -> tuple[str, ...]:
        if self._file.vocabulary is not None:
            text = located(self._file.package, self._file.vocabulary).read_text("utf-8")
            return ("", *json.loads(text)["chars"][1:])
        characters = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        return ("", *characters, " ")


def _log_probabilities(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return natural log probabilities, whether the net gives probabilities, log probabilities or raw scores."""
    if (scores >= 0).all() and np.allclose(scores.sum(axis=1), 1.0, atol=1e-2):
        result: NDArray[np.float64] = np.log(np.maximum(scores, 1e-12))
        return result
    top = scores.max(axis=1, keepdims=True)
    normalised: NDArray[np.float64] = scores - top - np.log(np.exp(scores - top).sum(axis=1, keepdims=True))
    return normalised
