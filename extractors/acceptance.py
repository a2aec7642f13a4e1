"""Acceptance: which fields nobody needs to look at. Support by something independent, or a steward; nothing between."""

from collections.abc import Mapping

from extractors.paper_text import PaperText
from extractors.paper_type import PaperType
from extractors.reading import Reading
from extractors.record import LEFT_BLANK, Evidence, ExtractedField, FieldStatus, RecordState, SourcePage
from extractors.rules import RULES, RuleContext, Verdict

SINGLE_READING = "single-reading"
TWO_READERS = "two_readers"
READERS_DIFFER = "readers-differ"
NOT_SEEN = "not-seen"


def judge_fields(
    paper: PaperText,
    paper_type: PaperType,
    readings: Mapping[str, Reading],
    sources: tuple[SourcePage, ...],
) -> dict[str, ExtractedField]:
    """Return the fields of the record, in the order of the paper type; auxiliary fields only helped to judge."""
    supports, contradictions = _apply_rules(paper, paper_type, readings)
    fields: dict[str, ExtractedField] = {}
    for name, field_type in paper_type.fields.items():
        if field_type.auxiliary:
            continue
        reading = readings.get(name)
        if reading is None:
            fields[name] = ExtractedField(status=FieldStatus.MISSING, reasons=(NOT_SEEN,))
        else:
            evidence = _evidence(reading, paper, sources)
            fields[name] = _judge(reading, supports.get(name), contradictions.get(name, ()), evidence)
    return fields


def state_of(paper_type: PaperType, fields: Mapping[str, ExtractedField]) -> RecordState:
    """Return `accepted` when no field needs a person, else `needs_review`."""
    doubtful = any(field.needs_person(required=paper_type.fields[name].required) for name, field in fields.items())
    return RecordState.NEEDS_REVIEW if doubtful or not fields else RecordState.ACCEPTED


def _apply_rules(
    paper: PaperText, paper_type: PaperType, readings: Mapping[str, Reading]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """Return by field the first rule that supports it, and all rules that contradict it."""
    context = RuleContext(paper, paper_type, readings)
    supports = {name: TWO_READERS for name, reading in readings.items() if reading.agreed_by}
    contradictions: dict[str, tuple[str, ...]] = {}
    for use in paper_type.rules:
        for name, verdict in RULES[use.rule](context, use.fields).items():
            if verdict is Verdict.SUPPORTED and not readings[name].is_disputed:
                supports.setdefault(name, use.rule)
            else:
                contradictions[name] = (*contradictions.get(name, ()), use.rule)
    return supports, contradictions


def _judge(
    reading: Reading, support: str | None, contradictions: tuple[str, ...], evidence: Evidence
) -> ExtractedField:
    parsed = reading.parsed
    if parsed.reason == LEFT_BLANK:
        return ExtractedField(status=FieldStatus.MISSING, raw=reading.stretch.text, reasons=(LEFT_BLANK,))
    if parsed.value is None:
        status = FieldStatus.INVALID
    else:
        status = FieldStatus.CONFLICTING if contradictions else FieldStatus.FOUND
    accepted = status is FieldStatus.FOUND and support is not None and not parsed.partial
    reasons = [f"contradicted:{rule}" for rule in contradictions]
    if parsed.reason:
        reasons.append(parsed.reason)
    if parsed.repaired:
        reasons.append("repaired:accents")
    if reading.is_disputed or (support is None and reading.said and not reading.agreed_by):
        reasons.append(READERS_DIFFER)
    elif status is FieldStatus.FOUND and support is None:
        reasons.append(SINGLE_READING)
    return ExtractedField(
        value=parsed.value,
        raw=reading.stretch.text,
        status=status,
        confidence=reading.stretch.confidence,
        accepted=accepted,
        decided_by=support.replace("_", "-") if accepted and support else None,
        evidence=evidence,
        reasons=tuple(reasons),
        said=reading.said,
    )


def _evidence(reading: Reading, paper: PaperText, sources: tuple[SourcePage, ...]) -> Evidence:
    page_index = reading.stretch.page_index
    source = sources[page_index]
    readers = reading.agreed_by or tuple(reader.label for reader in paper.pages[page_index].readers[:1])
    return Evidence(
        file=source.file,
        page_number=source.page_number,
        box=reading.stretch.box,
        reader=" + ".join(readers) or "sample",
    )
