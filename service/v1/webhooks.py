"""Webhooks: a system asks to be told of changes instead of asking for them."""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from ocr.problem import Code, SohoaError
from service.access import office_of, principal_of
from service.feed.addresses import LONGEST_URL, check_url, destination_of
from service.roles import Role
from service.routes import Routes
from service.v1.groups import CHANGES
from service.v1.problems import problems
from storage.desk.events import EventType
from storage.desk.webhook_rows import known_types
from storage.desk.webhooks import Webhook, Webhooks

routes = Routes(prefix="/webhooks", tags=[CHANGES])

MOST_WEBHOOKS = 20
_READERS = frozenset({Role.READER})
WebhookId = Annotated[str, Path(pattern="^wh_[0-9a-f]{24}$", description="Mã đăng ký.")]


class WebhookAsked(BaseModel):
    """Where a system wants to be told, and of what."""

    model_config = ConfigDict(extra="forbid")

    url: str = Field(
        min_length=1,
        max_length=LONGEST_URL,
        description="HTTPS; trong mạng mà người quản trị cho phép (SOHOA_WEBHOOK_NETWORKS) thì HTTP cũng được",
        examples=["https://mot-cua.example/thay-doi"],
    )
    types: list[EventType] = Field(
        default_factory=lambda: list(EventType),
        min_length=1,
        max_length=len(EventType),
        description="Loại thay đổi muốn được báo; bỏ trống: mọi loại",
    )


class WebhookTold(BaseModel):
    """A webhook, and how its deliveries go."""

    webhook_id: str
    url: str
    types: list[EventType]
    disabled: bool = Field(description="True: the receiver answered 410, nothing is sent until `redeliver`")
    created_at: str
    waiting: int = Field(description="Events that wait to be delivered")
    given_up: int = Field(description="Events that could not be delivered for three days")
    failures: int = Field(description="Tries in a row that failed")
    retry_at: str = Field(description="When it is tried next, where something waits")
    last_status: int | None = Field(description="HTTP status of the last answer")
    last_failure: str | None = Field(description="Why there was no answer: address, certificate, timeout, …")
    delivered_at: str | None


class WebhookMade(WebhookTold):
    """A new webhook with its secret."""

    secret: str = Field(description="For checking signatures (Standard Webhooks, `whsec_…`); shown this once")


class WebhookList(BaseModel):
    """The webhooks of a system."""

    webhooks: list[WebhookTold]


class Redelivery(BaseModel):
    """What is sent again."""

    again: int = Field(description="Number of events that had been given up")


@routes.post(
    "",
    roles=_READERS,
    status_code=201,
    response_model=WebhookMade,
    operation_id="createWebhook",
    summary="Đăng ký nhận thông báo thay đổi",
    description=("Khóa bí mật để kiểm chữ ký chỉ hiện một lần này."),
    responses=problems(Code.WEBHOOK_INVALID, Code.REQUEST_INVALID, Code.DESK_FAILED),
)
def make(request: Request, asked: WebhookAsked) -> dict[str, Any]:
    """Tell the caller of changes from now on, at this address."""
    office, principal = office_of(request), principal_of(request)
    webhooks = Webhooks(office.desk)
    check_url(asked.url)
    destination_of(asked.url, office.settings.webhook_networks)
    if len(webhooks.of(principal.account)) >= MOST_WEBHOOKS:
        raise SohoaError(Code.WEBHOOK_INVALID, field="url", detail=f"at most {MOST_WEBHOOKS} webhooks for one system")
    made, secret = webhooks.add(principal.account, asked.url, known_types(each.value for each in asked.types))
    return {**_told(made), "secret": secret}


@routes.get(
    "",
    roles=_READERS,
    response_model=WebhookList,
    operation_id="listWebhooks",
    summary="Các đăng ký nhận thông báo của hệ thống gọi",
)
def all_of_caller(request: Request) -> dict[str, Any]:
    """Return the caller's webhooks and how their deliveries go."""
    found = Webhooks(office_of(request).desk).of(principal_of(request).account)
    return {"webhooks": [_told(each) for each in found]}


@routes.get(
    "/{webhook_id}",
    roles=_READERS,
    response_model=WebhookTold,
    operation_id="getWebhook",
    summary="Một đăng ký nhận thông báo, và việc gửi ra sao",
    responses=problems(Code.NOTHING_HERE),
)
def one(request: Request, webhook_id: WebhookId) -> dict[str, Any]:
    """Return one of the caller's webhooks."""
    return _told(_of_caller(request, webhook_id))


@routes.delete(
    "/{webhook_id}",
    roles=_READERS,
    status_code=204,
    operation_id="deleteWebhook",
    summary="Thôi nhận thông báo",
    responses=problems(Code.NOTHING_HERE),
)
def remove(request: Request, webhook_id: WebhookId) -> Response:
    """Tell the caller nothing more at this address; what waits is not sent."""
    if not Webhooks(office_of(request).desk).remove(principal_of(request).account, webhook_id):
        raise SohoaError(Code.NOTHING_HERE)
    return Response(status_code=204)


@routes.post(
    "/{webhook_id}/redeliver",
    roles=_READERS,
    status_code=202,
    response_model=Redelivery,
    operation_id="redeliverWebhook",
    summary="Gửi lại những gì đã thôi gửi, và gửi ngay những gì đang chờ",
    responses=problems(Code.NOTHING_HERE),
)
def redeliver(request: Request, webhook_id: WebhookId) -> dict[str, Any]:
    """Send once more what was given up, and at once what waits."""
    found = _of_caller(request, webhook_id)
    return {"again": Webhooks(office_of(request).desk).send_again(found.webhook_id)}


def _of_caller(request: Request, webhook_id: str) -> Webhook:
    found = Webhooks(office_of(request).desk).find(principal_of(request).account, webhook_id)
    if found is None:
        raise SohoaError(Code.NOTHING_HERE)
    return found


def _told(webhook: Webhook) -> dict[str, Any]:
    values = asdict(webhook)
    del values["account"]
    return values
