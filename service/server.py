"""Running the service: uvicorn on one address, until it is stopped."""

import socket
from collections.abc import Callable

import uvicorn

from ocr.problem import Code, SohoaError
from service.app import create_app
from service.office import Launcher, open_office
from storage.settings import Settings


def serve(settings: Settings, launcher: Launcher, host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve the office of `settings` until SIGINT or SIGTERM.

    Args:
        settings: Name the home, store and catalogue.
        launcher: Has batches digitised.
        host: Address to listen on.
        port: 0: any that is free.
        ready: Called with the address once it is listened on.

    Raises:
        SohoaError: See `open_office`; `SETTING_INVALID` when the address is taken.
    """
    listening = _listen(host, port)
    with open_office(settings, launcher) as office:
        config = uvicorn.Config(
            create_app(office),
            # Lines of access logs would keep who looked at which record beside the read log.
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=10,
        )
        ready(f"http://{host}:{listening.getsockname()[1]}")
        uvicorn.Server(config).run([listening])


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=512, reuse_port=False)
    except OSError as error:
        raise SohoaError(Code.SETTING_INVALID, field="--port", detail=f"cannot listen: {error.strerror}") from None
