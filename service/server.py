"""Running the service: uvicorn on one address, until it is stopped."""

import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from ocr.problem import Code, SohoaError
from service.app import create_app
from service.feed.running import feed_running
from service.office import Launcher, Office, open_office
from storage.settings import Settings

# Requests that are being answered get so long; an upload that is cut off keeps what came of it.
_GRACE_S = 10


def serve(settings: Settings, launcher: Launcher, host: str, port: int, ready: Callable[[str, Office], None]) -> None:
    """Serve the office of `settings` until SIGINT or SIGTERM, which end it in order.

    Args:
        settings: Name the home, store and catalogue.
        launcher: Has batches digitised.
        host: Address to listen on.
        port: 0: any that is free.
        ready: Called with the address and the office, once the one is listened on and the other open.

    Raises:
        SohoaError: See `open_office`; `SETTING_INVALID` when the address is taken.
    """
    listening = _listen(host, port)
    with open_office(settings, launcher) as office, feed_running(office):
        app = create_app(office)
        config = uvicorn.Config(
            app,
            # Lines of access logs would keep who looked at which record beside the read log.
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=_GRACE_S,
        )
        server = uvicorn.Server(config)
        # Streams that go on for ever look at it and end.
        app.state.is_closing = office.intake.watch.is_closing = lambda: server.should_exit
        ready(f"http://{_shown(host)}:{listening.getsockname()[1]}", office)
        with suppress(KeyboardInterrupt):  # raised again when all is closed: for a service, being stopped is its end
            server.run([listening])


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512, reuse_port=False)
    except (OSError, OverflowError) as error:
        detail = getattr(error, "strerror", None) or type(error).__name__
        raise SohoaError(Code.SETTING_INVALID, field="--port", detail=f"cannot listen: {detail}") from None
