"""What a paper may be used for: codes of purposes, told from free text without keeping it.

The text of a purpose may hold names (`kết hôn với chị …`), so only the code goes into indexes.
"""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from extractors.procedures.procedure import Procedure
from ocr.vietnamese import fold

# A purpose that is stated and is none of ours, or more than one: it equals no other, not even itself.
OTHER = "other"
# What a paper says it is not good for. Source: NĐ 123/2015/NĐ-CP Điều 23 khoản 3: a confirmation for another purpose
# has no value for marrying, and says so.
_NOT_FOR = re.compile(r"\bkhong (?:co )?(?:gia tri|duoc|su dung|dung)\b[^.;\n]*")


def purpose_code(text: str | None) -> str | None:
    """Return the code of the purpose that `text` states.

    Returns:
        A code of `purposes.yaml`; `other` for a stated purpose that is none of them or more than one; None without
        text. What the text excludes (`không có giá trị để đăng ký kết hôn`) is no purpose.
    """
    if text is None or not text.strip():
        return None
    said = _NOT_FOR.sub(" ", fold(text))
    found = {code for code, pattern in _patterns().items() if pattern.search(said)}
    return found.pop() if len(found) == 1 else OTHER


def purpose_of_procedure(procedure: Procedure) -> str | None:
    """Return the purpose a paper serves in a procedure, or None where the procedure states none of ours."""
    if procedure.purpose is not None:
        return procedure.purpose
    # A procedure that issues a paper about marriage is not marrying.
    by_name = purpose_code(procedure.name)
    if by_name not in {None, OTHER}:
        return by_name
    return _fields().get(fold(procedure.field or ""))


def serves(scope: str | None, needed: str | None) -> bool:
    """True when a paper issued for the purpose `scope` may be used where `needed` is the purpose.

    A paper without a stated purpose serves every one. A stated one serves that one alone; `other` serves none we
    could name, for the code does not say what it stands for.
    """
    return scope is None or (scope == needed and scope != OTHER)


def known_purposes() -> tuple[str, ...]:
    """Return all codes that `purpose_code` may give."""
    return (*_patterns(), OTHER)


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    codes: Mapping[str, list[str]] = _table()["purposes"]
    return {code: re.compile("|".join(rf"\b{fold(words)}\b" for words in said)) for code, said in codes.items()}


@cache
def _fields() -> Mapping[str, str]:
    fields: Mapping[str, str] = _table()["fields"]
    return {fold(field): code for field, code in fields.items()}


@cache
def _table() -> Any:
    return yaml.safe_load(files("extractors.procedures").joinpath("purposes.yaml").read_text("utf-8"))
