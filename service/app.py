"""The application: pages at `/`, the API at `/v1`, one office under both."""

from collections.abc import Iterable

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.staticfiles import StaticFiles
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from service import errors
from service.access import Authenticator, by_session
from service.headers import Headers
from service.office import Office
from service.pages import (
    accounts,
    board,
    clients,
    dossiers,
    home,
    lookup,
    me,
    reads,
    separators,
    sign_in,
    sign_in_provider,
    tasks,
    unmask,
)
from service.pages import batches as batch_pages
from service.pages import help as help_pages
from service.pages.rendering import STATIC_FOLDER
from service.review import dossier_routes
from service.review import routes as review
from service.routes import ROLES_KEY, Routes
from service.security import token
from service.security.bearer import by_bearer
from service.security.bodies import Bodies
from service.security.certificates import Certificates, by_certificate
from service.security.description import describe_security
from service.security.oidc import Provider
from service.security.rate_limits import RateLimits
from service.security.throttle import Throttle
from service.v1 import (
    batches,
    changes,
    decisions,
    evidence,
    exports,
    lookups,
    paper_types,
    papers,
    procedures,
    progress,
    records,
    reference,
    subjects,
    uploads,
    webhooks,
)
from service.v1.description import describe, operation_id

# Each part of the service is one entry here.
PAGES: tuple[Routes, ...] = (
    home.routes,
    board.routes,
    sign_in.routes,
    sign_in_provider.routes,
    me.routes,
    accounts.routes,
    clients.routes,
    unmask.routes,
    review.routes,
    dossier_routes.routes,
    # After the routes above: `/tasks/next` is no record.
    tasks.routes,
    dossiers.routes,
    help_pages.routes,
    batch_pages.routes,
    lookup.routes,
    separators.routes,
    reads.routes,
)
API: tuple[Routes, ...] = (
    token.routes,
    lookups.routes,
    records.routes,
    evidence.routes,
    papers.routes,
    decisions.routes,
    subjects.routes,
    procedures.routes,
    paper_types.routes,
    exports.routes,
    batches.routes,
    uploads.routes,
    progress.routes,
    changes.routes,
    webhooks.routes,
    reference.routes,
)
# What a caller says on purpose goes before what a browser sends by itself.
AUTHENTICATORS: tuple[Authenticator, ...] = (by_bearer, by_session, by_certificate)
# Bodies, addresses and errors of requests tell of persons: nothing of them is handed on, whatever the environment says.
_NO_TELEMETRY = TelemetryConfig(tracing=False, metrics=False, logs=False, operation_spans=False, auto_configure=False)


def create_app(office: Office) -> FastAPI:
    """Return the application that serves one office."""
    pages = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, telemetry=_NO_TELEMETRY)
    app = _part(office, PAGES, pages, for_programs=False)
    api = FastAPI(
        title="sohoa",
        version="1",
        summary="Giấy tờ đã số hóa: tra cứu, bản ghi, bằng chứng, thay đổi",
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=operation_id,
        telemetry=_NO_TELEMETRY,
    )
    app.mount("/v1", _part(office, API, api, for_programs=True))
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER), name="static")
    describe_security(api, ROLES_KEY)
    describe(api)
    # Pages and API count together.
    app.state.throttle, app.state.rate_limits = api.state.throttle, api.state.rate_limits = Throttle(), RateLimits()
    app.state.provider = Provider.of(office.settings)
    proxies = office.settings.trusted_proxies
    # The last is the first to see a request: who really calls is known before anything else is asked.
    app.add_middleware(Bodies)
    app.add_middleware(Headers)
    if proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(proxies))
        app.add_middleware(Certificates, proxies=proxies)
    return app


def _part(office: Office, groups: Iterable[Routes], app: FastAPI, *, for_programs: bool) -> FastAPI:
    app.state.office = office
    app.state.authenticators = AUTHENTICATORS
    for group in groups:
        app.include_router(group.router)
    errors.install(app, for_programs=for_programs)
    return app
