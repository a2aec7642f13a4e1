"""Accounts, for administrators: who may come in, as what, for which agency."""

from dataclasses import replace
from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from ocr.messages import Message
from ocr.problem import Code, SohoaError
from ocr.vietnamese import fold
from service.access import office_of, principal_of
from service.pages.access_forms import ADMIN, GrantedForm, Text, check_grant, or_told, seen
from service.pages.access_words import DONE, DUTIES, change_words
from service.pages.rendering import render
from service.roles import PEOPLE, ROLE_NAMES, Role
from service.routes import Routes
from storage.desk.access_changes import changes_of
from storage.desk.accounts import Account

routes = Routes()

ROLE_CHOICES = tuple(role for role in Role if role in PEOPLE)
_NOBODY = Account("", "", frozenset())
_PAGE = 100


@routes.get("/accounts", roles=ADMIN)
def accounts_page(
    request: Request,
    q: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Show the accounts of the administrator's agency, or those in whose row the words of `q` stand."""
    return _list(request, _NOBODY, wanted=q, page=page)


@routes.post("/accounts", roles=ADMIN)
def add_account(
    request: Request,
    granted: GrantedForm,
    account: Text = "",
    by_provider: Text = "",
    email: Text = "",
) -> Response:
    """Add an account, with a password that is shown once, or for somebody whom the provider vouches for."""
    principal, office = principal_of(request), office_of(request)
    added = Account(account.strip().lower(), *granted, is_local=False)

    def add() -> Response:
        check_grant(principal, granted, PEOPLE)
        office.accounts.add(added, None, by=principal.account)
        if not by_provider:
            handed_out = office.accounts.hand_out_password(added.account, by=principal.account)
            return _one(request, added.account, handed_out=handed_out)
        if email.strip():
            office.bindings.expect(added.account, email, by=principal.account)
        return _done(added.account, "saved")

    return or_told(add, lambda problem, status: _list(request, added, problem=problem, status=status))


@routes.get("/accounts/{account}", roles=ADMIN)
def account_page(request: Request, account: str, done: str = "") -> Response:
    """Show one account."""
    return _one(request, account, done=DONE.get(done))


@routes.post("/accounts/{account}", roles=ADMIN)
def change_account(request: Request, account: str, granted: GrantedForm) -> Response:
    """Change name, roles and agency."""
    principal, found = principal_of(request), _seen(request, account)
    changed = replace(found, **granted._asdict())

    def change() -> Response:
        check_grant(principal, granted, PEOPLE)
        office_of(request).accounts.change(changed, by=principal.account)
        return _done(account, "saved")

    return or_told(change, lambda problem, status: _one(request, account, changed, problem=problem, status=status))


@routes.post("/accounts/{account}/disable", roles=ADMIN)
def disable_account(request: Request, account: str) -> Response:
    """Let nobody in with the account any more."""
    principal, found = principal_of(request), _seen(request, account)

    def disable() -> Response:
        if account == principal.account:
            raise SohoaError(Code.NOT_ALLOWED, detail="not one's own account")
        office_of(request).accounts.change(replace(found, disabled=True), by=principal.account)
        return _done(account, "disabled")

    return or_told(disable, lambda problem, status: _one(request, account, problem=problem, status=status))


@routes.post("/accounts/{account}/enable", roles=ADMIN)
def enable_account(request: Request, account: str) -> Response:
    """Let the person in again."""
    changed = replace(_seen(request, account), disabled=False)
    office_of(request).accounts.change(changed, by=principal_of(request).account)
    return _done(account, "enabled")


@routes.post("/accounts/{account}/password", roles=ADMIN)
def hand_out_password(request: Request, account: str) -> Response:
    """Give the account a password that is shown once and serves only to set another."""
    _seen(request, account)
    handed_out = office_of(request).accounts.hand_out_password(account, by=principal_of(request).account)
    return _one(request, account, handed_out=handed_out)


@routes.post("/accounts/{account}/sessions/end", roles=ADMIN)
def end_sessions(request: Request, account: str) -> Response:
    """End every session of the account: a machine was lost."""
    office_of(request).sessions.end_all(_seen(request, account).account)
    return _done(account, "sessions")


@routes.post("/accounts/{account}/provider", roles=ADMIN)
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


def _seen(request: Request, account: str) -> Account:
    return seen(request, office_of(request).accounts.find(account))


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
    own = (found for found in office_of(request).accounts.all() if principal.may_see(found.agency))
    chosen = [found for found in own if all(word in _told(found) for word in words)]
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
