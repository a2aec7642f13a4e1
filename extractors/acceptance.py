"""Acceptance: which fields nobody needs to look at. Support by something independent, or a steward; nothing between."""

from collections.abc import Mapping

from extractors.kinds.parsed import Parsed
from extractors.paper_text import PaperText, Stretch
from extractors.paper_type import PaperType
from extractors.record import Evidence, ExtractedField, FieldStatus, RecordState, SourcePage
from extractors.rules import RULES, Reading, RuleContext, Verdict

SINGLE_READING = "single-reading"


def judge_fields(
    paper: PaperText,
    paper_type: PaperType,
    readings: Mapping[str, tuple[Parsed, Stretch]],
    sources: tuple[SourcePage, ...],
) -> dict[str, ExtractedField]:
    """Return the fields of the record, in the order of the paper type; auxiliary fields only helped to judge."""
    supports, contradictions = _apply_rules(paper, paper_type, readings)
    fields: dict[str, ExtractedField] = {}
    for name, field_type in paper_type.fields.items():
        if not field_type.auxiliary:
            reading = readings.get(name)
            fields[name] = (
                _judge(*reading, supports.get(name), contradictions.get(name, ()), paper, sources)
                if reading
                else ExtractedField(status=FieldStatus.MISSING)
            )
    return fields


def state_of(paper_type: PaperType, fields: Mapping[str, ExtractedField]) -> RecordState:
    """Return `accepted` when every required field and every field found is accepted, else `needs_review`."""
    for name, field in fields.items():
        needed = paper_type.fields[name].required or field.status is not FieldStatus.MISSING
        if needed and not field.accepted:
            return RecordState.NEEDS_REVIEW
    return RecordState.ACCEPTED if fields else RecordState.NEEDS_REVIEW


def _apply_rules(
    paper: PaperText, paper_type: PaperType, readings: Mapping[str, tuple[Parsed, Stretch]]
) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    context = RuleContext(
        paper,
        paper_type,
        {
            name: Reading(parsed.value, parsed.repaired, parsed.partial, stretch)
            for name, (parsed, stretch) in readings.items()
        },
    )
    supports: dict[str, str] = {}
    contradictions: dict[str, tuple[str, ...]] = {}
    for use in paper_type.rules:
        for name, verdict in RULES[use.rule](context, use.fields).items():
            if verdict is Verdict.SUPPORTED:
                supports.setdefault(name, use.rule)
            else:
                contradictions[name] = (*contradictions.get(name, ()), use.rule)
    return supports, contradictions


def _judge(
    parsed: Parsed,
    stretch: Stretch,
    support: str | None,
    contradictions: tuple[str, ...],
    paper: PaperText,
    sources: tuple[SourcePage, ...],
) -> ExtractedField:
    reasons = [f"contradicted:{rule}" for rule in contradictions]
    if parsed.reason:
        reasons.append(parsed.reason)
    if parsed.repaired:
        reasons.append("repaired:accents")
    if parsed.value is None:
        status = FieldStatus.INVALID
    else:
        status = FieldStatus.CONFLICTING if contradictions else FieldStatus.FOUND
    accepted = status is FieldStatus.FOUND and support is not None and not parsed.partial
    if status is FieldStatus.FOUND and support is None:
        reasons.append(SINGLE_READING)
    source = sources[stretch.page_index]
    readers = paper.pages[stretch.page_index].readers
    return ExtractedField(
        value=parsed.value,
        raw=stretch.text,
        status=status,
        confidence=stretch.confidence,
        accepted=accepted,
        decided_by=support.replace("_", "-") if accepted and support else None,
        evidence=Evidence(
            file=source.file,
            page_number=source.page_number,
            box=stretch.box,
            reader=readers[0].label if readers else "sample",
        ),
        reasons=tuple(reasons),
    )
