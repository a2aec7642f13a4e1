"""Accounts, for administrators: who may come in, as what, for which agency."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

from fastapi import Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from ocr.messages import MESSAGES, Message
from ocr.problem import Code, SohoaError
from ocr.vietnamese import fold
from service.access import office_of, principal_of
from service.errors import status_of
from service.pages.access_words import DONE, DUTIES, FAULTS, change_words
from service.pages.rendering import render
from service.roles import PEOPLE, ROLE_NAMES, Principal, Role
from service.routes import Routes
from storage.desk.access_changes import changes_of
from storage.desk.accounts import Account

routes = Routes()

_ADMIN = frozenset({Role.ADMIN})
ROLE_CHOICES = tuple(role for role in Role if role in PEOPLE)
_NOBODY = Account("", "", frozenset())
_PAGE = 100

Text = Annotated[str, Form()]
# A box that is not ticked is not sent.
Chosen = Annotated[list[str] | None, Form()]


@routes.get("/accounts", roles=_ADMIN)
def accounts_page(
    request: Request,
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the accounts of the administrator's agency, or those in whose row the words of `q` stand."""
    return _list(request, _NOBODY, wanted=q, page=page)


@routes.post("/accounts", roles=_ADMIN)
def add_account(
    request: Request,
    account: Text = "",
    display_name: Text = "",
    roles: Chosen = None,
    agency: Text = "",
    by_provider: Text = "",
    email: Text = "",
) -> Response:
    """Add an account, with a password that is shown once, or for somebody whom the provider vouches for."""
    principal, office = principal_of(request), office_of(request)
    chosen = frozenset(roles or ())
    added = Account(account.strip().lower(), display_name.strip(), chosen, agency.strip() or None, is_local=False)

    def add() -> Response:
        check_grant(principal, added.roles, added.agency, PEOPLE)
        office.accounts.add(added, None, by=principal.account)
        if not by_provider:
            handed_out = office.accounts.hand_out_password(added.account, by=principal.account)
            return _one(request, added.account, handed_out=handed_out)
        if email.strip():
            office.bindings.expect(added.account, email, by=principal.account)
        return _done(added.account, "saved")

    return or_told(add, lambda problem, status: _list(request, added, problem=problem, status=status))


@routes.get("/accounts/{account}", roles=_ADMIN)
def account_page(request: Request, account: str, done: str = "") -> Response:
    """Show one account."""
    return _one(request, account, done=DONE.get(done))


@routes.post("/accounts/{account}", roles=_ADMIN)
def change_account(
    request: Request, account: str, display_name: Text = "", roles: Chosen = None, agency: Text = ""
) -> Response:
    """Change name, roles and agency."""
    principal, found = principal_of(request), _seen(request, account)
    changed = replace(
        found, display_name=display_name.strip(), roles=frozenset(roles or ()), agency=agency.strip() or None
    )

    def change() -> Response:
        check_grant(principal, changed.roles, changed.agency, PEOPLE)
        office_of(request).accounts.change(changed, by=principal.account)
        return _done(account, "saved")

    return or_told(change, lambda problem, status: _one(request, account, changed, problem=problem, status=status))


@routes.post("/accounts/{account}/disable", roles=_ADMIN)
def disable_account(request: Request, account: str) -> Response:
    """Let nobody in with the account any more."""
    principal, found = principal_of(request), _seen(request, account)

    def disable() -> Response:
        if account == principal.account:
            raise SohoaError(Code.NOT_ALLOWED, detail="not one's own account")
        office_of(request).accounts.change(replace(found, disabled=True), by=principal.account)
        return _done(account, "disabled")

    return or_told(disable, lambda problem, status: _one(request, account, problem=problem, status=status))


@routes.post("/accounts/{account}/enable", roles=_ADMIN)
def enable_account(request: Request, account: str) -> Response:
    """Let the person in again."""
    changed = replace(_seen(request, account), disabled=False)
    office_of(request).accounts.change(changed, by=principal_of(request).account)
    return _done(account, "enabled")


@routes.post("/accounts/{account}/password", roles=_ADMIN)
def hand_out_password(request: Request, account: str) -> Response:
    """Give the account a password that is shown once and serves only to set another."""
    _seen(request, account)
    handed_out = office_of(request).accounts.hand_out_password(account, by=principal_of(request).account)
    return _one(request, account, handed_out=handed_out)


@routes.post("/accounts/{account}/sessions/end", roles=_ADMIN)
def end_sessions(request: Request, account: str) -> Response:
    """End every session of the account: a machine was lost."""
    office_of(request).sessions.end_all(_seen(request, account).account)
    return _done(account, "sessions")


@routes.post("/accounts/{account}/provider", roles=_ADMIN)
def change_binding(request: Request, account: str, email: Text = "", subject: Text = "", unbind: Text = "") -> Response:
    """Say whom the provider must vouch for: a subject, or an address that it has verified; or nobody."""
    by, office = principal_of(request).account, office_of(request)
    _seen(request, account)

    def bind() -> Response:
        if subject.strip() and office.settings.oidc_issuer:
            office.bindings.bind(account, office.settings.oidc_issuer.rstrip("/"), subject, by=by)
            return _done(account, "bound")
        if unbind:
            office.bindings.unbind(account, by=by)
            return _done(account, "unbound")
        office.bindings.expect(account, email, by=by)
        return _done(account, "expected")

    return or_told(bind, lambda problem, status: _one(request, account, problem=problem, status=status))


def check_grant(principal: Principal, roles: frozenset[str], agency: str | None, grantable: frozenset[Role]) -> None:
    """Make sure that an administrator gives only roles that there are, within the own agency.

    Raises:
        SohoaError: `ACCOUNT_INVALID` naming the field.
    """
    if not roles or not roles <= {role.value for role in grantable}:
        raise SohoaError(Code.ACCOUNT_INVALID, field="roles")
    if not principal.may_see(agency):
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


def _seen(request: Request, account: str) -> Account:
    found = office_of(request).accounts.find(account)
    if found is None or not principal_of(request).may_see(found.agency):
        raise SohoaError(Code.ACCOUNT_UNKNOWN)
    return found


def _done(account: str, what: str) -> Response:
    return RedirectResponse(f"/accounts/{account}?done={what}", 303)


def _list(
    request: Request,
    given: Account,
    *,
    wanted: str = "",
    page: int = 1,
    problem: Message | None = None,
    status: int = 200,
) -> Response:
    principal, words = principal_of(request), fold(wanted).split()
    seen = (found for found in office_of(request).accounts.all() if principal.may_see(found.agency))
    chosen = [found for found in seen if all(word in _told(found) for word in words)]
    first = (page - 1) * _PAGE
    return render(
        request,
        "accounts.html",
        status=status,
        accounts=chosen[first : first + _PAGE],
        total=len(chosen),
        wanted=wanted,
        page=page,
        pages=-(-len(chosen) // _PAGE),
        given=given,
        choices=ROLE_CHOICES,
        duties=DUTIES,
        has_provider=request.app.state.provider is not None,
        problem=problem,
    )


def _told(account: Account) -> str:
    """Return what stands in the row of an account and may be searched for, without accents."""
    roles = (ROLE_NAMES[Role(role)] for role in account.roles if role in set(Role))
    return fold(" ".join((account.account, account.display_name, *roles, account.agency or "")))


def _one(
    request: Request,
    account: str,
    given: Account | None = None,
    *,
    problem: Message | None = None,
    done: str | None = None,
    handed_out: str | None = None,
    status: int = 200,
) -> Response:
    found, office = _seen(request, account), office_of(request)
    return render(
        request,
        "account.html",
        status=status,
        account=found,
        given=given or found,
        is_own=account == principal_of(request).account,
        choices=ROLE_CHOICES,
        duties=DUTIES,
        sessions=office.sessions.of(account),
        changes=[(change, change_words(change)) for change in changes_of(office.desk, account)],
        has_provider=request.app.state.provider is not None,
        problem=problem,
        done=done,
        handed_out=handed_out,
    )
