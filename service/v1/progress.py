"""`/v1/batches/{batch_id}/events`: what happens to a batch, while it happens, as server-sent events.

Source: the HTML standard, 9.2 "Server-sent events".
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated

from fastapi import Header, Query, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from ocr.messages import quality_words
from ocr.problem import Code
from service.access import Caller, TheOffice
from service.errors import problem_body
from service.intake.batches import visible
from service.intake.intake import Intake
from service.intake.view import picture_path, unusable_words, words_of_good
from service.intake.watching import Event
from service.routes import Routes
from service.v1.batches import SENDERS
from service.v1.groups import BATCHES
from service.v1.problems import problems
from storage.batch import BatchState
from storage.desk.progress import Progress, ProgressKind

routes = Routes("/batches", [BATCHES])

# Seconds between signs of life: proxies end what is silent for a minute.
HEARTBEAT_S = 15.0
# Milliseconds after which a browser whose stream broke comes again.
_AGAIN_AFTER_MS = 2000
_RETRY = f"retry: {_AGAIN_AFTER_MS}\n\n".encode()
_ENDS = frozenset({ProgressKind.DONE, ProgressKind.FAILED})
_FINISHED = frozenset({BatchState.DONE, BatchState.FAILED})
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@routes.get(
    "/{batch_id}/events",
    roles=SENDERS,
    operation_id="followBatch",
    summary="Việc xảy ra với đợt nạp, ngay khi xảy ra (SSE)",
    response_class=StreamingResponse,
    responses={
        200: {"content": {"text/event-stream": {}}},
        204: {"description": "Đợt nạp đã xong, không còn gì để kể"},
        **problems(Code.BATCH_UNKNOWN),
    },
)
async def follow_batch(
    office: TheOffice,
    caller: Caller,
    batch_id: str,
    after: Annotated[int, Query(ge=0, lt=10**18, description="Kể từ sau sự kiện này: `seq` của đợt nạp")] = 0,
    last_event_id: Annotated[str, Header()] = "",
) -> Response:
    """Tell what happens to a batch as it happens; `Last-Event-ID` to go on. Ends after `done` or `failed`."""
    seen = int(last_event_id) if last_event_id.isdecimal() and len(last_event_id) < 19 else after
    batch = await run_in_threadpool(visible, office.intake, caller, batch_id)
    await run_in_threadpool(office.intake.gate.wake)
    if batch.state not in _FINISHED:
        return _streamed(_followed(office.intake, batch_id, seen))
    rest = await run_in_threadpool(office.intake.progress.since, batch_id, seen)
    # Browsers come again after a stream ends, until they are told that there is no more.
    return _streamed(_told(batch_id, rest)) if rest else Response(status_code=204)


def _streamed(told: AsyncIterator[bytes]) -> Response:
    return StreamingResponse(told, media_type="text/event-stream", headers=_HEADERS)


async def _told(batch_id: str, events: Sequence[Event]) -> AsyncIterator[bytes]:
    """Tell what is left of a finished batch: its files may have been looked at after it was done."""
    yield _RETRY
    for event in events:
        yield _sent(batch_id, event)
        if event[1].kind in _ENDS:
            return


async def _followed(intake: Intake, batch_id: str, seen: int) -> AsyncIterator[bytes]:
    """Tell what happens to a batch until it is done, with signs of life."""
    yield _RETRY
    async with aclosing(intake.watch.follow(batch_id, seen, HEARTBEAT_S)) as events:
        async for event in events:
            if event is None:
                yield b": \n\n"
                if await run_in_threadpool(_is_over, intake, batch_id):
                    return
                continue
            yield _sent(batch_id, event)
            if event[1].kind in _ENDS:
                return


def _is_over(intake: Intake, batch_id: str) -> bool:
    """True when there is nothing more to tell, although nothing told the end: the batch was removed, or forgotten."""
    batch = intake.batches.find(batch_id)
    return batch is None or batch.state in _FINISHED


def _sent(batch_id: str, event: Event) -> bytes:
    seq, progress = event
    return f"id: {seq}\nevent: {progress.kind.value}\ndata: {_data(batch_id, progress)}\n\n".encode()


def _data(batch_id: str, event: Progress) -> str:
    """Return an event as JSON, with words for people beside the codes."""
    said = event.model_dump(mode="json", exclude_defaults=True, exclude={"problems"})
    poor = {page.page_number: quality_words(page.quality) for page in event.poor_pages}
    failed = {each.page_number: unusable_words(each.code) for each in event.problems if each.page_number is not None}
    for page in (*said.get("poor_pages", ()), *said.get("checked", ())):
        number = page["page_number"]
        page["words"] = failed.get(number) or poor.get(number) or words_of_good(is_blank=page.get("is_blank", False))
        if event.sha256 is not None:
            page["picture"] = None if number in failed else picture_path(batch_id, event.sha256, number)
    said["problems"] = [problem_body(problem) for problem in event.problems]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))
