"""`POST /unmask`: one identifier of a person, whole. Pages ask for it when somebody presses a masked number."""

from fastapi import Depends, Request
from pydantic import BaseModel, ConfigDict, Field

from service.access import office_of, principal_of
from service.routes import Routes
from service.security.masking import LONGEST_REASON, UNMASKING, Unmasked, unmask
from service.security.rate_limits import limited

routes = Routes()


class Asked(BaseModel):
    """Which identifier, and why it must be seen whole."""

    model_config = ConfigDict(extra="forbid")

    record_id: str = Field(max_length=64)
    field: str = Field(max_length=64)
    reason: str = Field(max_length=LONGEST_REASON)


# More in a minute is no reading, it is copying.
@routes.post("/unmask", roles=UNMASKING, dependencies=[Depends(limited("unmask", "30/minute"))])
def unmask_field(request: Request, asked: Asked) -> Unmasked:
    """Return the identifier after the read log says who asked and why."""
    return unmask(office_of(request), principal_of(request), asked.record_id, asked.field, asked.reason)
