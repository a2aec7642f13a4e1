"""Acceptance: which fields nobody needs to look at. Support by something independent, or a steward; nothing between.

A field is accepted when something independent supports its value, nothing contradicts it, and the probability that it
is right, as calibration has measured it, reaches the threshold of the field.
"""

from collections.abc import Mapping

from extractors.calibration.model import Calibration, is_accepted, shipped_calibration
from extractors.evidence import signals_of
from extractors.kinds.parsed import OF_READERS
from extractors.paper_text import PaperText
from extractors.paper_type import PaperType
from extractors.reading import Reading
from extractors.record import LEFT_BLANK, Evidence, ExtractedField, FieldStatus, RecordState, SourcePage
from extractors.rules.context import RuleContext, Verdict
from extractors.rules.table import RULES
from extractors.signals import (
    READERS_DIFFER,
    SINGLE_READING,
    TWO_READERS,
    may_be_accepted,
    supports_in,
)
from extractors.units.normalise import place_named

NOT_SEEN = "not-seen"
# Supported, but not accepted: by what was measured it is wrong too often, or too little was measured.
NOT_SURE_ENOUGH = "not-sure-enough"
TOO_LITTLE_MEASURED = "too-little-measured"


def judge_fields(
    paper: PaperText,
    paper_type: PaperType,
    readings: Mapping[str, Reading],
    sources: tuple[SourcePage, ...],
    calibration: Calibration | None = None,
) -> dict[str, ExtractedField]:
    """Return the fields of the record, in the order of the paper type; auxiliary fields only helped to judge.

    Args:
        paper: The paper's text.
        paper_type: Its type.
        readings: What was read of each field.
        sources: Its pages, as the record names them.
        calibration: What probabilities and thresholds are taken from; None: the one that ships with the product.
    """
    calibration = calibration or shipped_calibration()
    supports, contradictions = _apply_rules(paper, paper_type, readings)
    fields: dict[str, ExtractedField] = {}
    for name, field_type in paper_type.fields.items():
        if field_type.auxiliary:
            continue
        reading = readings.get(name)
        if reading is None:
            fields[name] = ExtractedField(status=FieldStatus.MISSING, reasons=(NOT_SEEN,))
        elif reading.parsed.reason == LEFT_BLANK:
            fields[name] = ExtractedField(status=FieldStatus.MISSING, raw=reading.stretch.text, reasons=(LEFT_BLANK,))
        else:
            quality = paper.pages[reading.stretch.page_index].quality
            against = contradictions.get(name, ())
            signals = signals_of(field_type.kind, reading, supports.get(name, ()), against, quality)
            read = _field(
                field_type.kind, reading, supports.get(name, ()), against, signals, _evidence(reading, paper, sources)
            )
            fields[name] = _judged(read, paper_type.id, name, field_type.kind, calibration)
    return fields


def state_of(paper_type: PaperType, fields: Mapping[str, ExtractedField]) -> RecordState:
    """Return `accepted` when no field needs a person, else `needs_review`."""
    doubtful = any(field.needs_person(required=paper_type.fields[name].required) for name, field in fields.items())
    return RecordState.NEEDS_REVIEW if doubtful or not fields else RecordState.ACCEPTED


_Rules = dict[str, tuple[str, ...]]


def _apply_rules(paper: PaperText, paper_type: PaperType, readings: Mapping[str, Reading]) -> tuple[_Rules, _Rules]:
    """Return by field what supports it, readers first, and all rules that contradict it."""
    context = RuleContext(paper, paper_type, readings)
    supports: _Rules = {name: (TWO_READERS,) for name, reading in readings.items() if reading.agreed_by}
    contradictions: _Rules = {}
    for use in paper_type.rules:
        for name, verdict in RULES[use.rule](context, use.fields).items():
            if verdict is Verdict.SUPPORTED and not readings[name].is_disputed:
                supports[name] = (*supports.get(name, ()), use.rule)
            elif verdict is Verdict.CONTRADICTED:
                contradictions[name] = (*contradictions.get(name, ()), use.rule)
    return supports, contradictions


def _field(
    kind: str,
    reading: Reading,
    supports: tuple[str, ...],
    contradictions: tuple[str, ...],
    signals: tuple[str, ...],
    evidence: Evidence,
) -> ExtractedField:
    """Return what was read and the doubts about it, before anything is accepted."""
    parsed = reading.parsed
    if parsed.value is None:
        status = FieldStatus.INVALID
    else:
        status = FieldStatus.CONFLICTING if contradictions else FieldStatus.FOUND
    reasons = [f"contradicted:{rule}" for rule in contradictions]
    if parsed.reason:
        reasons.append(parsed.reason)
    if any(not repair.source.startswith(OF_READERS) for repair in parsed.repairs):
        reasons.append("repaired:accents")
    if reading.is_disputed or (not supports and reading.said and not reading.agreed_by):
        reasons.append(READERS_DIFFER)
    elif status is FieldStatus.FOUND and not supports:
        reasons.append(SINGLE_READING)
    return ExtractedField(
        value=parsed.value,
        raw=reading.stretch.text,
        status=status,
        evidence=evidence,
        reasons=tuple(reasons),
        said=reading.said,
        repairs=parsed.repairs,
        place=place_named(kind, parsed.text),
        signals=signals,
    )


def _judged(field: ExtractedField, paper_type: str, name: str, kind: str, calibration: Calibration) -> ExtractedField:
    """Return the field with the probability that its value is right, accepted where that is enough."""
    if field.value is None:
        return field
    probability = calibration.probability(paper_type, name, field.signals)
    threshold = calibration.threshold_of(paper_type, name, kind)
    if is_accepted(probability, field.signals, threshold):
        supports = supports_in(field.signals)
        decided_by = TWO_READERS if TWO_READERS in supports else supports[0]
        return field.model_copy(update={"confidence": probability, "accepted": True, "decided_by": decided_by})
    reasons = field.reasons
    if may_be_accepted(field.signals):
        reasons = (*reasons, TOO_LITTLE_MEASURED if threshold.least is None else NOT_SURE_ENOUGH)
    return field.model_copy(update={"confidence": probability, "reasons": reasons})


def _evidence(reading: Reading, paper: PaperText, sources: tuple[SourcePage, ...]) -> Evidence:
    page_index = reading.stretch.page_index
    source = sources[page_index]
    readers = reading.agreed_by or tuple(reader.label for reader in paper.pages[page_index].readers[:1])
    return Evidence(
        file=source.file,
        page_number=source.page_number,
        box=reading.stretch.box,
        reader=" + ".join(readers) or "sample",
        claimed=reading.stretch.confidence,
    )
