"""Running the service: uvicorn on one address, until it is stopped."""

import gc
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
        ready: Called with the address and the office, once requests are answered and a signal ends the service in
            order; what it raises ends the service.

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
        address = f"http://{_shown(host)}:{listening.getsockname()[1]}"
        server = _Server(config, lambda: ready(address, office))
        # Streams that go on for ever look at it and end.
        app.state.is_closing = office.intake.watch.is_closing = lambda: server.should_exit
        with suppress(KeyboardInterrupt):  # raised again when all is closed: for a service, being stopped is its end
            server.run([listening])


class _Server(uvicorn.Server):
    """Says so when it answers: by then a signal ends it in order, earlier one would break it off."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        keep_what_is_loaded()
        self._ready()


def keep_what_is_loaded() -> None:
    """Take everything there is now for what stays until the end: Python looks for garbage among what comes later only.

    A look among all that is loaded stops every request for about 200 ms, again and again, and finds nothing.
    """
    gc.collect()
    gc.freeze()


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=512, reuse_port=False)
    except (OSError, OverflowError) as error:
        detail = getattr(error, "strerror", None) or type(error).__name__
        raise SohoaError(Code.SETTING_INVALID, field="--port", detail=f"cannot listen: {detail}") from None
