"""The courier: carries events to webhooks, in order, until each was delivered or given up.

What is to be sent rests in the desk (`storage.desk.webhooks`); the courier holds nothing that a crash could lose. One
request at a time goes to each webhook, many webhooks are served side by side: a slow receiver holds up itself alone.
"""

import asyncio
import logging
import ssl
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx

from ocr.problem import SohoaError
from service.feed.addresses import destination_of
from service.feed.envelope import sealed
from storage.desk.events import Event
from storage.desk.webhooks import Parcel, Webhooks

log = logging.getLogger(__name__)

# From the first byte sent to the last line of the answer's head; the rest of an answer is not read.
LONGEST_ANSWER_S = 20.0
_MOST_AT_ONCE = 32
_LOOKED_EVERY_S = 1.0
_LONGEST_RETRY_AFTER_S = 3600
_GONE = 410


class Courier:
    """Delivers what waits in one desk, while `may_send` says that this process is the one to do so."""

    def __init__(
        self,
        webhooks: Webhooks,
        source: str,
        networks: tuple[str, ...],
        may_send: Callable[[], bool],
        trust: ssl.SSLContext | None = None,
        longest_answer_s: float = LONGEST_ANSWER_S,
    ) -> None:
        """Prepare; nothing is sent before `run`.

        Args:
            webhooks: What waits, and where it goes.
            source: Who tells, in every event.
            networks: Where webhooks may be besides the internet.
            may_send: Asked before every request.
            trust: Whose certificates are believed; None: those the operating system believes.
            longest_answer_s: A receiver that takes longer has failed.
        """
        self._webhooks = webhooks
        self._source = source
        self._networks = networks
        self._may_send = may_send
        self._trust = trust
        self._longest_answer_s = longest_answer_s
        self._woken = threading.Event()
        self._stopped = threading.Event()

    def wake(self) -> None:
        """Look at once whether something waits."""
        self._woken.set()

    def stop(self) -> None:
        """Send nothing more; what is under way is broken off and sent again another time."""
        self._stopped.set()
        self._woken.set()

    def run(self) -> None:
        """Deliver until stopped."""
        asyncio.run(self._run())

    async def _run(self) -> None:
        # Looking up a name that nobody answers for takes a thread for half a minute.
        executor = ThreadPoolExecutor(_MOST_AT_ONCE + 8, "courier")
        asyncio.get_running_loop().set_default_executor(executor)
        under_way: dict[str, asyncio.Task[None]] = {}
        client = httpx.AsyncClient(
            verify=self._trust or ssl.create_default_context(),
            timeout=self._longest_answer_s,
            # No connection is used twice: it was made for one name, and two names may share an address.
            limits=httpx.Limits(max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=False,
        )
        async with client:
            while not self._stopped.is_set():
                self._woken.clear()
                for webhook_id in await asyncio.to_thread(self._due):
                    if webhook_id not in under_way and len(under_way) < _MOST_AT_ONCE:
                        under_way[webhook_id] = asyncio.create_task(self._serve(client, webhook_id))
                await asyncio.to_thread(self._woken.wait, _LOOKED_EVERY_S)
                under_way = {name: task for name, task in under_way.items() if not task.done()}
            for task in under_way.values():
                task.cancel()
            await asyncio.gather(*under_way.values(), return_exceptions=True)

    def _due(self) -> tuple[str, ...]:
        try:
            return self._webhooks.due() if self._may_send() else ()
        except SohoaError as error:
            log.warning("webhooks: %s", error.code)
            return ()

    async def _serve(self, client: httpx.AsyncClient, webhook_id: str) -> None:
        """Send one webhook what waits for it, until something fails."""
        try:
            while parcel := await asyncio.to_thread(self._webhooks.parcel, webhook_id):
                for event in parcel.events:
                    if self._stopped.is_set() or not self._may_send():
                        return
                    if not await self._deliver(client, parcel, event):
                        return
        except SohoaError as error:
            log.warning("webhook %s: %s", webhook_id, error.code)

    async def _deliver(self, client: httpx.AsyncClient, parcel: Parcel, event: Event) -> bool:
        status, failure, retry_after = await self._post(client, parcel, event)
        if status is not None and 200 <= status < 300:
            await asyncio.to_thread(self._webhooks.note_delivered, parcel.webhook_id, event.seq, status)
            return True
        if status == _GONE:
            await asyncio.to_thread(self._webhooks.note_gone, parcel.webhook_id, status)
            return False
        await asyncio.to_thread(
            self._webhooks.note_failed, parcel.webhook_id, event.seq, status, failure, timedelta(seconds=retry_after)
        )
        return False

    async def _post(
        self, client: httpx.AsyncClient, parcel: Parcel, event: Event
    ) -> tuple[int | None, str | None, int]:
        """Return the status of the answer, or None and why there was none; and how long to wait at least, in s."""
        try:
            async with asyncio.timeout(self._longest_answer_s):
                place = await asyncio.to_thread(destination_of, parcel.url, self._networks)
                headers, body = sealed(event, self._source, parcel.secret)
                request = client.build_request(
                    "POST",
                    place.url,
                    content=body,
                    headers={**headers, "host": place.host},
                    extensions={"sni_hostname": place.server_name},
                )
                answer = await client.send(request, stream=True)
                await answer.aclose()
        except SohoaError:
            return None, "address", 0
        except (TimeoutError, httpx.TimeoutException):
            return None, "timeout", 0
        except httpx.ConnectError as error:
            is_tls = isinstance(error.__context__, ssl.SSLError) or "CERTIFICATE" in str(error) or "SSL" in str(error)
            return None, "certificate" if is_tls else "no-connection", 0
        except httpx.HTTPError:
            return None, "broken-off", 0
        wait = answer.headers.get("retry-after", "")
        retry_after = (
            min(int(wait), _LONGEST_RETRY_AFTER_S) if wait.isascii() and wait.isdigit() and len(wait) < 9 else 0
        )
        return answer.status_code, None, retry_after
