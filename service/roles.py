"""The nouns of who may what: roles, and the principal that a request comes from."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person or system may do.

    `CLERK` uploads and looks up. `STEWARD` settles what the machine would not sign for. `SUPERVISOR` sees the board,
    adjudicates, revokes. `READER` is a system that looks up and reads through the API. `AUDITOR` sees the read log.
    `ADMIN` keeps accounts and systems, and sees no papers.
    """

    CLERK = "clerk"
    STEWARD = "steward"
    SUPERVISOR = "supervisor"
    READER = "reader"
    AUDITOR = "auditor"
    ADMIN = "admin"


# As pages and the API name them.
ROLE_NAMES = {
    Role.CLERK: "cán bộ một cửa",
    Role.STEWARD: "cán bộ số hóa",
    Role.SUPERVISOR: "phụ trách",
    Role.READER: "hệ thống khai thác",
    Role.AUDITOR: "kiểm tra, giám sát",
    Role.ADMIN: "quản trị",
}

PEOPLE = frozenset(Role) - {Role.READER}
# What a system may be: it reads, sends scans, watches. Decisions on papers and on accounts are persons' acts.
SYSTEMS = frozenset({Role.READER, Role.CLERK, Role.AUDITOR})
# Of routes that anybody may call, signed in or not.
ANYBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Principal:
    """Who a request comes from.

    Attributes:
        account: Name of the account, or the identifier of the system (`client:…`), as decisions and the read log
            keep it.
        display_name: As pages show it.
        roles: See `Role`.
        agency: The agency it acts for, with all units under it; None: every agency.
        csrf_token: What a request that changes something must carry along; None where no cookie vouches for the caller.
    """

    account: str
    display_name: str
    roles: frozenset[Role]
    agency: str | None
    csrf_token: str | None = None

    def may_see(self, agency: str | None) -> bool:
        """True for what belongs to the principal's agency or a unit under it; everything where it has none."""
        if self.agency is None:
            return True
        return agency is not None and (agency == self.agency or agency.startswith(f"{self.agency}."))
