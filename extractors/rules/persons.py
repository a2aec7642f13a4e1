"""Rules about persons: what their personal id and the machine-readable zone say of them."""

import re
from collections.abc import Mapping

from extractors.rules.context import RuleContext, Verdict, Verdicts
from ocr.vietnamese import fold

# Codes of the provinces as they were until 2025, 001-096. Countries of birth have codes above; nothing is told of them.
_LAST_PLACE_CODE = 96


def sex_of_personal_id(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Support sex by the digit of the personal id that encodes century and sex, when the year of birth fits too.

    Source: NĐ 137/2015 Điều 13: 4th digit 0/1 male/female born 1900-1999, 2/3 born 2000-2099; 5th and 6th the year.
    """
    verdicts = birth_of_personal_id(context, fields)
    personal_id, sex = context.whole(fields["personal_id"]), context.whole(fields["sex"])
    if verdicts or sex is None or not _tells_birth(context, fields):
        return verdicts
    coded = "Nữ" if int((personal_id or "0000")[3]) % 2 else "Nam"
    if sex == coded:
        return {fields["sex"]: Verdict.SUPPORTED}
    return {fields["sex"]: Verdict.CONTRADICTED, fields["personal_id"]: Verdict.CONTRADICTED}


def birth_of_personal_id(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Contradict a personal id whose province, century or year of birth cannot be the person's.

    Source: as for `sex_of_personal_id`.
    """
    if not _tells_birth(context, fields):
        return {}
    personal_id = context.whole(fields["personal_id"]) or ""
    year = int((context.readings[fields["date_of_birth"]].parsed.text or "")[:4])
    century_digit = (year // 100 - 19) * 2
    possible = (
        1 <= int(personal_id[:3]) <= _LAST_PLACE_CODE
        and personal_id[4:6] == f"{year % 100:02d}"
        and int(personal_id[3]) // 2 * 2 == century_digit
    )
    return {} if possible else {fields["personal_id"]: Verdict.CONTRADICTED}


def name_of_zone(context: RuleContext, fields: Mapping[str, str]) -> Verdicts:
    """Contradict a name whose letters differ from the machine-readable zone's, which has no accents and may be cut."""
    name, zone = context.whole(fields["name"]), context.whole(fields["zone"])
    if name is None or zone is None:
        return {}
    letters, coded = (re.sub(r"[^a-z]", "", fold(text)) for text in (name, zone))
    return {} if letters.startswith(coded) else {fields["name"]: Verdict.CONTRADICTED}


def _tells_birth(context: RuleContext, fields: Mapping[str, str]) -> bool:
    """True when there is a personal id of twelve digits and at least a year of birth."""
    personal_id = context.whole(fields["personal_id"])
    birth = context.readings.get(fields["date_of_birth"])
    return len(personal_id or "") == 12 and birth is not None and birth.parsed.text is not None
