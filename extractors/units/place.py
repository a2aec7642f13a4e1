"""The nouns of a printed address put in order: units by name and code, as of when, and what they are called today."""

from enum import StrEnum

from ocr.stored import Stored


class AsOf(StrEnum):
    """Which division of the country an address follows.

    Source: Nghị quyết 202/2025/QH15, 203/2025/QH15: since 1/7/2025 34 provinces and two levels, before it 63 and three.
    """

    OLD = "old"
    NEW = "new"
    BOTH = "both"


class Unit(Stored):
    """An administrative unit.

    Attributes:
        name: With its kind, accents as in the tables: `Xã Tịnh Khê`.
        code: Code of the General Statistics Office: two digits of a province, three of a district, five of a commune;
            None where the two divisions give the same name different codes and the address fits both.
    """

    name: str
    code: str | None


class CurrentPlace(Stored):
    """Where the place lies today; `commune` is None unless the old one became, whole, a part of a single new one."""

    province: Unit
    commune: Unit | None


class NormalisedPlace(Stored):
    """A printed address as units of the tables. The printed text stays beside it, verbatim.

    Attributes:
        province: Always known.
        district: As in the tables of 30/6/2025; None when none was printed or the tables have none. Never the province.
        commune: None when none was printed or the tables have none.
        as_of: Which division it fits.
        exact: True when all units found stand in the tables as printed: kind, accents, and one inside the other. A
            commune that moved to another district, or a lost accent, makes it False.
        current: Today's units.
    """

    province: Unit
    district: Unit | None = None
    commune: Unit | None = None
    as_of: AsOf
    exact: bool
    current: CurrentPlace
