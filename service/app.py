"""The application: pages at `/`, the API at `/v1`, one office under both."""

from collections.abc import Iterable

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from service import errors
from service.access import Authenticator, by_session
from service.headers import Headers
from service.office import Office
from service.pages import home, sign_in
from service.pages.rendering import STATIC_FOLDER
from service.routes import Routes

# Each part of the service is one entry here.
PAGES: tuple[Routes, ...] = (home.routes, sign_in.routes)
API: tuple[Routes, ...] = ()
AUTHENTICATORS: tuple[Authenticator, ...] = (by_session,)


def create_app(office: Office) -> FastAPI:
    """Return the application that serves one office."""
    app = _part(office, PAGES, FastAPI(openapi_url=None, docs_url=None, redoc_url=None), for_programs=False)
    api = FastAPI(
        title="sohoa",
        version="1",
        summary="Giấy tờ đã số hóa: tra cứu, bản ghi, bằng chứng, thay đổi",
        docs_url=None,
        redoc_url=None,
    )
    app.mount("/v1", _part(office, API, api, for_programs=True))
    app.mount("/static", StaticFiles(directory=STATIC_FOLDER), name="static")
    app.add_middleware(Headers)
    return app


def _part(office: Office, groups: Iterable[Routes], app: FastAPI, *, for_programs: bool) -> FastAPI:
    app.state.office = office
    app.state.authenticators = AUTHENTICATORS
    for group in groups:
        app.include_router(group.router)
    errors.install(app, for_programs=for_programs)
    return app
