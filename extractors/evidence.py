"""From a reading and what rules say of it to the signals of a field, by the names of `extractors.signals`."""

from collections.abc import Sequence

from extractors.kinds.parsed import Parsed
from extractors.reading import Reading
from extractors.signals import (
    AGAINST,
    CLAIMED,
    CLAIMED_STEPS,
    DOUBT,
    KIND,
    ODD,
    OF_CODE,
    OTHER_READER,
    PAGE,
    PARTIAL,
    READERS_DIFFER,
    REPAIRED,
    SINGLE_READING,
    SUPPORT,
    THIRD_AGREES,
    THIRD_DIFFERS,
)
from ocr.page_quality import PageQuality, Verdict
from ocr.syllables import is_syllable, lacks_marks

# Kinds whose values are Vietnamese words, so that their shape can be judged.
_WORD_KINDS = frozenset({"organ", "person_name", "place", "signer_name", "signer_title", "subject", "text"})


def signals_of(
    kind: str,
    reading: Reading,
    supports: Sequence[str],
    contradictions: Sequence[str],
    quality: PageQuality | None,
) -> tuple[str, ...]:
    """Return the signals of one field that was read, sorted.

    Args:
        kind: How its value is read; a name of `extractors.kinds.registry.KINDS`.
        reading: What was read.
        supports: Names of what supports it, as `two-readers`.
        contradictions: Names of the rules that contradict it.
        quality: How well its page was scanned, None where nobody judged it.
    """
    signals = {f"{KIND}{kind}", _claimed(reading.stretch.confidence)}
    signals |= {f"{SUPPORT}{_hyphened(name)}" for name in supports}
    signals |= {f"{AGAINST}{_hyphened(name)}" for name in contradictions}
    signals |= _of_parsing(reading.parsed)
    signals |= _of_readers(reading, is_supported=bool(supports))
    if reading.stretch.is_of_code:
        signals.add(OF_CODE)
    if kind in _WORD_KINDS:
        signals |= _of_shape(reading.parsed.value)
    if quality is not None and quality.verdict is not Verdict.ACCEPT:
        signals.add(f"{PAGE}{quality.verdict.value}")
    return tuple(sorted(signals))


def _of_parsing(parsed: Parsed) -> set[str]:
    signals = {PARTIAL} if parsed.partial else set()
    if parsed.repaired:
        signals.add(REPAIRED)
    if parsed.reason == OTHER_READER:
        signals.add(OTHER_READER)
    elif parsed.reason:
        signals.add(f"{DOUBT}{parsed.reason}")
    return signals


def _of_readers(reading: Reading, *, is_supported: bool) -> set[str]:
    signals: set[str] = set()
    if reading.is_disputed or (reading.said and not reading.agreed_by):
        signals.add(READERS_DIFFER)
    if len(reading.said) > 2:
        signals.add(THIRD_DIFFERS if reading.is_disputed else THIRD_AGREES)
    if not is_supported:
        signals.add(SINGLE_READING)
    return signals


def _of_shape(value: object) -> set[str]:
    words = [word for word in str(value or "").split() if any(map(str.isalpha, word))]
    signals = set()
    if not all(is_syllable(word) for word in words):
        signals.add(f"{ODD}syllable")
    if any(lacks_marks(word) for word in words):
        signals.add(f"{ODD}marks")
    return signals


def _claimed(confidence: float | None) -> str:
    if confidence is None:
        return f"{CLAIMED}none"
    return f"{CLAIMED}{max((step for step in CLAIMED_STEPS if confidence * 100 >= step), default=0)}"


def _hyphened(name: str) -> str:
    return name.replace("_", "-")
