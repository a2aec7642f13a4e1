"""Systems by their access token: `Authorization: Bearer …` (RFC 6750)."""

from fastapi import Request

from ocr.problem import Code, SohoaError
from service.office import Office
from service.roles import Principal, Role
from storage.desk.clients import Client

# The field of the error of a token that is wrong, by which its answer says so (`error="invalid_token"`).
AUTHORIZATION = "Authorization"


def by_bearer(request: Request, office: Office) -> Principal | None:
    """Tell a system by its access token.

    Raises:
        SohoaError: `SIGN_IN_NEEDED` where the token is unknown, has expired or belongs to a disabled system.
    """
    scheme, _, token = request.headers.get(AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    client = office.clients.with_token(token.strip())
    if client is None:
        raise SohoaError(Code.SIGN_IN_NEEDED, field=AUTHORIZATION, detail="the token is unknown or has expired")
    return principal_of_client(client)


def principal_of_client(client: Client) -> Principal:
    """Return who a system is to the routes. No cookie vouches for it: nothing can be forged."""
    roles = frozenset(Role(role) for role in client.roles if role in set(Role))
    return Principal(f"client:{client.client_id}", client.display_name, roles, client.agency)
