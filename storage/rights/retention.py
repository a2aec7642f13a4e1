"""How long papers have to be kept: by paper type, in the codes of the archives, set by the office.

Source of the codes: Thông tư 05/2025/TT-BNV, `maintenance` (domain.md §4.3). The law on personal data names no
periods, so the table below is a cautious default of this product, not a legal statement: an office puts its own
approved table into `retention.yaml` of its home.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import yaml

from ocr.problem import Code, SohoaError
from storage.objects import error_name

RETENTION_FILE = "retention.yaml"
_DEFAULT = "default"
_MOST_YEARS = 200


class RetentionCode(StrEnum):
    """The periods the archives know."""

    PERMANENT = "01"
    YEARS_70 = "02"
    YEARS_50 = "03"
    YEARS_30 = "04"
    YEARS_20 = "05"
    YEARS_10 = "06"
    OTHER = "07"


_YEARS: Mapping[RetentionCode, int | None] = {
    RetentionCode.PERMANENT: None,
    RetentionCode.YEARS_70: 70,
    RetentionCode.YEARS_50: 50,
    RetentionCode.YEARS_30: 30,
    RetentionCode.YEARS_20: 20,
    RetentionCode.YEARS_10: 10,
}


@dataclass(frozen=True, slots=True)
class Retention:
    """How long one kind of paper is kept; `years` None is for ever."""

    code: RetentionCode
    years: int | None

    @classmethod
    def of(cls, code: RetentionCode) -> "Retention":
        """Return the period of a code other than `07`, which names none."""
        return cls(code, _YEARS[code])

    def last_day(self, start: date) -> date | None:
        """Return the last day a paper that came on `start` has to be kept; None: for ever.

        As the archives count: whole years after the year it came in.
        """
        return None if self.years is None else date(start.year + self.years, 12, 31)

    def keeps(self, start: date, today: date) -> bool:
        """True when a paper that came on `start` may not be erased yet."""
        if self.years == 0:  # no duty to keep it at all
            return False
        last_day = self.last_day(start)
        return last_day is None or today <= last_day


_FOR_EVER = Retention.of(RetentionCode.PERMANENT)
_LONG = Retention.of(RetentionCode.YEARS_70)
_MIDDLE = Retention.of(RetentionCode.YEARS_20)
_SHORT = Retention.of(RetentionCode.YEARS_10)
# Copies of identity papers are sensitive and can be had from the national database: nothing speaks for keeping them.
_NONE = Retention(RetentionCode.OTHER, 0)
DEFAULTS: Mapping[str, Retention] = {
    "giay-khai-sinh": _LONG,
    "trich-luc-khai-sinh": _LONG,
    "trich-luc-khai-tu": _LONG,
    "giay-chung-nhan-ket-hon": _LONG,
    "giay-chung-nhan-quyen-su-dung-dat": _FOR_EVER,
    "giay-phep-xay-dung": _FOR_EVER,
    "giay-chung-nhan-dang-ky-doanh-nghiep": _MIDDLE,
    "giay-chung-nhan-dang-ky-ho-kinh-doanh": _MIDDLE,
    "can-cuoc": _NONE,
    "can-cuoc-cong-dan": _NONE,
    "giay-phep-lai-xe": _NONE,
}


@dataclass(frozen=True, slots=True)
class RetentionTable:
    """Periods by paper type, and the one of all other papers."""

    by_paper_type: Mapping[str, Retention]
    default: Retention

    def of(self, paper_type: str) -> Retention:
        """Return how long papers of a type are kept."""
        return self.by_paper_type.get(paper_type, self.default)


def shipped_retention() -> RetentionTable:
    """Return the table that ships with the product."""
    return RetentionTable(DEFAULTS, _SHORT)


def load_retention(home: Path) -> RetentionTable:
    """Return the office's table: the shipped one with what `retention.yaml` of the home says instead.

    The file has a line for each paper type and one for `default`: a code (`giay-khai-sinh: "01"`), or for code `07`
    a number of years (`can-cuoc: 5`).

    Raises:
        SohoaError: `SETTING_INVALID` when the file cannot be read or says something else.
    """
    try:
        found = yaml.safe_load((home / RETENTION_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return shipped_retention()
    except OSError as error:
        raise _invalid(f"cannot be read, {error_name(error)}") from None
    except (ValueError, yaml.YAMLError):
        raise _invalid("is not a YAML file") from None
    if not isinstance(found, dict):
        raise _invalid("needs lines of the form `paper-type: code`")
    periods = {str(paper_type): _period(str(paper_type), value) for paper_type, value in found.items()}
    default = periods.pop(_DEFAULT, _SHORT)
    return RetentionTable({**DEFAULTS, **periods}, default)


def _period(paper_type: str, value: object) -> Retention:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_YEARS:
        return Retention(RetentionCode.OTHER, value)
    if isinstance(value, str) and value in set(_YEARS):
        return Retention.of(RetentionCode(value))
    raise _invalid(f'{paper_type}: a code in quotes, "01" to "06", or a number of years')


def _invalid(remark: str) -> SohoaError:
    return SohoaError(Code.SETTING_INVALID, field=RETENTION_FILE, detail=f"{RETENTION_FILE}: {remark}")
