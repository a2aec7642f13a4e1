"""An event as it is sent: CloudEvents 1.0 in structured JSON, signed as Standard Webhooks says."""

from datetime import UTC, datetime
from typing import Any

from cloudevents.core.bindings.http import to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from standardwebhooks import Webhook as Signer

from storage.desk.events import Event, EventType


def change_of(event: Event) -> dict[str, Any]:
    """Return an event as plain values; of an erased record nothing is told but that it was erased."""
    is_erased = event.type is EventType.ERASED
    return {
        "seq": event.seq,
        "event_id": event.event_id,
        "type": event.type.value,
        "at": event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "record_id": event.record_id,
        "revision": event.revision,
        "state": None if is_erased else event.state.value,
        "paper_type": None if is_erased else event.paper_type,
        "agency": None if is_erased else event.agency,
    }


def sealed(event: Event, source: str, secret: str) -> tuple[dict[str, str], bytes]:
    """Return headers and body of a delivery.

    Args:
        event: What is told.
        source: Who tells: an address or a URN.
        secret: Of the webhook.
    """
    change = change_of(event)
    data = {name: change[name] for name in ("seq", "record_id", "revision", "state", "paper_type", "agency")}
    cloud_event = CloudEvent(
        {
            "id": event.event_id,
            "source": source,
            "type": event.type.value,
            "subject": event.record_id,
            "time": event.at.astimezone(UTC),
            "datacontenttype": "application/json",
        },
        data,
    )
    message = to_structured(cloud_event, JSONFormat())
    now = datetime.now(UTC)
    signature = Signer(secret).sign(event.event_id, now, message.body.decode())
    return {
        **message.headers,
        "webhook-id": event.event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
        "user-agent": "sohoa",
    }, message.body
