"""What the pages of accounts and of systems do alike: read the form, see that it grants no more than it may, answer."""

from collections.abc import Callable
from typing import Annotated, NamedTuple, TypeVar

from fastapi import Depends, Form, Request, Response

from ocr.messages import MESSAGES, Message
from ocr.problem import Code, SohoaError
from service.access import principal_of
from service.errors import status_of
from service.pages.access_words import FAULTS
from service.roles import Principal, Role
from storage.desk.accounts import Account
from storage.desk.clients import Client

ADMIN = frozenset({Role.ADMIN})

Text = Annotated[str, Form()]
_Holder = TypeVar("_Holder", Account, Client)


class Granted(NamedTuple):
    """What is granted, in the order and by the names that accounts and systems have it."""

    display_name: str
    roles: frozenset[str]
    agency: str | None


def _granted(
    display_name: Text = "",
    # A box that is not ticked is not sent.
    roles: Annotated[list[str] | None, Form()] = None,
    agency: Text = "",
) -> Granted:
    return Granted(display_name.strip(), frozenset(roles or ()), agency.strip() or None)


GrantedForm = Annotated[Granted, Depends(_granted)]


def seen(request: Request, found: _Holder | None) -> _Holder:
    """Return what the caller may see.

    Raises:
        SohoaError: `ACCOUNT_UNKNOWN` for what is not there, or of another agency.
    """
    if found is None or not principal_of(request).may_see(found.agency):
        raise SohoaError(Code.ACCOUNT_UNKNOWN)
    return found


def check_grant(principal: Principal, granted: Granted, grantable: frozenset[Role]) -> None:
    """Make sure that an administrator gives only roles that there are, within the own agency.

    Raises:
        SohoaError: `ACCOUNT_INVALID` naming the field.
    """
    if not granted.roles or not granted.roles <= {role.value for role in grantable}:
        raise SohoaError(Code.ACCOUNT_INVALID, field="roles")
    if not principal.may_see(granted.agency):
        raise SohoaError(Code.ACCOUNT_INVALID, field="agency", detail="not the administrator's agency")


def or_told(act: Callable[[], Response], tell: Callable[[Message, int], Response]) -> Response:
    """Return what `act` answers, or the page with what was wrong with the form."""
    try:
        return act()
    except SohoaError as error:
        status = status_of(error.problem)
        if status not in {403, 409, 422}:
            raise
        fault = FAULTS.get(error.problem.field or "") if error.code is Code.ACCOUNT_INVALID else None
        return tell(fault or MESSAGES[error.code], status)
