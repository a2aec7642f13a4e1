"""Rules that compare two readings of the same thing: in figures and in words, in print and in a code, two dates."""

import re
from collections.abc import Mapping
from decimal import Decimal

from extractors.rules.context import RuleContext, Verdict, Verdicts
from extractors.same_value import normalise_spelling


def date_in_words(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support a date in figures by the same date in words; two that differ contradict."""
    figures, words = context.whole(fields["date"]), context.whole(fields["words"])
    if figures is None or words is None:
        return {}
    return {fields["date"]: Verdict.SUPPORTED if figures == words else Verdict.CONTRADICTED}


def in_words(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support a figure by the same figure in words; two that differ contradict."""
    figure, words = context.whole(fields["figure"]), context.whole(fields["words"])
    if figure is None or words is None:
        return {}
    return {fields["figure"]: Verdict.SUPPORTED if Decimal(figure) == Decimal(words) else Verdict.CONTRADICTED}


def code_payload(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support what is printed by the same in a code on the paper; two that differ contradict.

    A value that was taken from the code itself is not supported by it: the code may be another paper's.
    """
    name, carried = fields["field"], context.whole(fields["payload"])
    value = context.whole(name)
    if value is None or carried is None or context.readings[name].stretch.is_of_code:
        return {}
    return {name: Verdict.SUPPORTED if _as_compared(value) == _as_compared(carried) else Verdict.CONTRADICTED}


def _as_compared(value: str) -> str:
    """Return a value without what codes leave out: the signs between the parts of an address."""
    return "".join(re.findall(r"\w", normalise_spelling(value)))


def not_before(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Contradict a date that comes before one it must follow; ISO dates compare as text."""
    later, earlier = context.whole(fields["date"]), context.whole(fields["earlier"])
    if later is None or earlier is None or later >= earlier:
        return {}
    return {fields["date"]: Verdict.CONTRADICTED, fields["earlier"]: Verdict.CONTRADICTED}
