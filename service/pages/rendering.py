"""Templates and what every page has: who is signed in, the menu, the filters that write for Vietnamese readers."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from service.roles import ROLE_NAMES, Principal, Role
from storage.dossier_segment import is_pseudonym

_FOLDER = Path(__file__).parents[1]
TEMPLATES_FOLDER = _FOLDER / "templates"
STATIC_FOLDER = _FOLDER / "static"
VIET_NAM = timezone(timedelta(hours=7))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": day, "moment": moment, "masked": masked, "number": number}
    environment.tests["pseudonym"] = is_pseudonym
    environment.globals |= {"asset": asset, "role_names": ROLE_NAMES, "Role": Role}
    return environment


def render(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> Response:
    """Return a page or a part of one.

    Args:
        request: What it answers; the template sees it, and as `principal` who is signed in or None.
        template: Name under `templates/`.
        status: HTTP status.
        headers: Further headers.
        context: What the template shows.
    """
    principal: Principal | None = getattr(request.state, "principal", None)
    text = (
        _environment()
        .get_template(template)
        .render(
            request=request,
            principal=principal,
            roles=principal.roles if principal else frozenset(),
            csrf_token=principal.csrf_token if principal else "",
            **context,
        )
    )
    return HTMLResponse(text, status, dict(headers or {}))


@cache
def asset(name: str) -> str:
    """Return the address of a file under `static/`, which changes with its content: browsers may keep it for ever."""
    digest = hashlib.sha256((STATIC_FOLDER / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={digest}"


def day(value: str | date | None) -> str:
    """Return a date as Vietnamese write it, `22/11/2026`; partial dates stay partial (`11/2026`, `2026`)."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else value
    return "/".join(reversed(text[:10].split("-")))


def moment(value: str | datetime | None) -> str:
    """Return a moment in Viet Nam's time, `22/11/2026 14:05`."""
    if value is None:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M")


def masked(identifier: str | None) -> str:
    """Return a personal identifier with its middle hidden: `048******771`."""
    if not identifier:
        return ""
    if len(identifier) <= 6:
        return "*" * len(identifier)
    return f"{identifier[:3]}{'*' * (len(identifier) - 6)}{identifier[-3:]}"


def number(value: float) -> str:
    """Return a number as Vietnamese write it: `12.345,6`."""
    text = f"{value:,.1f}" if isinstance(value, float) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))
