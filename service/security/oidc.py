"""Single sign-on with any OpenID Connect provider: authorization code with PKCE, found by discovery.

The provider says who somebody is. Whether they have an account here, and what it may do, is decided here alone
(`storage.desk.bindings`). No request goes anywhere but to the provider of the settings.
"""

import hmac
import secrets
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from ipaddress import ip_address
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet, OctKey

from ocr.problem import Code, SohoaError
from storage.identity import IdentityKey
from storage.setting_values import OIDC_CLIENT_ID, OIDC_ISSUER, invalid
from storage.settings import OIDC_CLIENT_SECRET, Settings

# As long as somebody takes to find their password and second factor.
FLOW_LASTS_S = 600
_TIMEOUT = httpx.Timeout(8.0, connect=4.0)
_METADATA_LAST_S = 3600
# Clocks of servers differ.
_LEEWAY_S = 60
# Signed with a key that the provider alone has: never with the secret that it shares with us, and never not at all.
_ALGORITHMS = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"}
)


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in under way, kept in a signed cookie of the browser that began it.

    Attributes:
        next_path: Where to go on to.
        state: Comes back with the answer: it belongs to this browser.
        nonce: Comes back in the token: it was made for this sign-in.
        verifier: Proves to the provider that who exchanges the code is who asked for it (PKCE).
    """

    next_path: str
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    def sealed(self, key: IdentityKey) -> str:
        """Return the flow as a cookie that is good for `FLOW_LASTS_S`."""
        claims = {**asdict(self), "exp": int(time.time()) + FLOW_LASTS_S}
        return jwt.encode({"alg": "HS256"}, claims, _cookie_key(key), algorithms=["HS256"])

    @classmethod
    def opened(cls, cookie: str, key: IdentityKey) -> Self:
        """Return the flow of a cookie.

        Raises:
            SohoaError: `SIGN_IN_UNFINISHED` where it was not made here, or too long ago.
        """
        try:
            claims = jwt.decode(cookie, _cookie_key(key), algorithms=["HS256"]).claims
            jwt.JWTClaimsRegistry(exp={"essential": True}).validate(claims)
            return cls(**{name: str(claims[name]) for name in ("next_path", "state", "nonce", "verifier")})
        except (JoseError, ValueError, KeyError) as error:
            raise SohoaError(Code.SIGN_IN_UNFINISHED, detail=type(error).__name__) from None


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider signed in; see `storage.desk.bindings.Bindings.vouched`."""

    issuer: str
    subject: str
    verified_email: str | None


class Provider:
    """The OpenID Connect provider of one service. What it publishes about itself is asked for once an hour."""

    def __init__(self, issuer: str, client_id: str, client_secret: str | None) -> None:
        """Know a provider; nothing is asked of it yet.

        Args:
            issuer: Its address, as its tokens say it.
            client_id: What it knows us by.
            client_secret: What we prove it with; None for a public client.
        """
        self.issuer = issuer.rstrip("/")
        self._client_id, self._client_secret = client_id, client_secret
        self._lock = threading.Lock()
        self._found: tuple[float, dict[str, Any], KeySet] | None = None

    @classmethod
    def of(cls, settings: Settings) -> "Provider | None":
        """Return the provider of the settings, or None where there is none.

        Raises:
            SohoaError: `SETTING_INVALID` where half of it is set, or it would be called without encryption.
        """
        if settings.oidc_issuer is None:
            return None
        if settings.oidc_client_id is None:
            raise invalid(OIDC_CLIENT_ID, f"is needed beside {OIDC_ISSUER}")
        if not _is_safe(settings.oidc_issuer):
            raise invalid(OIDC_ISSUER, "must be an https:// URL, or on this machine")
        return cls(settings.oidc_issuer, settings.oidc_client_id, settings.secrets.get(OIDC_CLIENT_SECRET))

    def address_for(self, flow: Flow, redirect_uri: str) -> str:
        """Return where the browser goes to sign in.

        Raises:
            SohoaError: `PROVIDER_FAILED`.
        """
        metadata, _ = self._metadata()
        address: str = prepare_grant_uri(
            metadata["authorization_endpoint"],
            client_id=self._client_id,
            response_type="code",
            redirect_uri=redirect_uri,
            scope="openid email",
            state=flow.state,
            nonce=flow.nonce,
            code_challenge=create_s256_code_challenge(flow.verifier),
            code_challenge_method="S256",
        )
        return address

    def identity(self, flow: Flow, answer: Mapping[str, str], redirect_uri: str) -> Identity:
        """Return whom the provider signed in.

        Args:
            flow: The flow that this browser began.
            answer: What the browser brought back: the parameters of its address.
            redirect_uri: The same as for `address_for`.

        Raises:
            SohoaError: `SIGN_IN_UNFINISHED` where the answer is not to this flow, or the person gave up;
                `PROVIDER_FAILED` where the provider is down or says something that cannot be trusted.
        """
        if not secrets.compare_digest(answer.get("state", "").encode(), flow.state.encode()):
            raise SohoaError(Code.SIGN_IN_UNFINISHED, detail="state")
        if answer.get("error") == "access_denied":
            raise SohoaError(Code.SIGN_IN_UNFINISHED, detail="access_denied")
        metadata, keys = self._metadata()
        # RFC 9207: an answer of another provider, mixed up with ours by somebody between.
        named = answer.get("iss", "" if metadata.get("authorization_response_iss_parameter_supported") else self.issuer)
        if named.rstrip("/") != self.issuer or not answer.get("code"):
            raise _failed("the answer names another issuer, or has no code")
        token = self._token(metadata, answer["code"], flow, redirect_uri)
        claims = self._claims(metadata, keys, token, flow)
        email = self._email(metadata, claims, token.get("access_token"))
        return Identity(self.issuer, str(claims["sub"]), email)

    def _token(self, metadata: dict[str, Any], code: str, flow: Flow, redirect_uri: str) -> dict[str, Any]:
        body = prepare_token_request(
            "authorization_code", redirect_uri=redirect_uri, code=code, code_verifier=flow.verifier
        )
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        methods = metadata.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        by = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        auth = ClientAuth(self._client_id, self._client_secret, by if self._client_secret else "none")
        address, headers, body = auth.prepare("POST", metadata["token_endpoint"], headers, body)
        return _asked("POST", address, headers=headers, content=body)

    def _claims(self, metadata: dict[str, Any], keys: KeySet, token: dict[str, Any], flow: Flow) -> Mapping[str, Any]:
        said = set(metadata.get("id_token_signing_alg_values_supported", ["RS256"]))
        algorithms = sorted(_ALGORITHMS & said)
        options = {
            "iss": {"essential": True, "value": metadata["issuer"]},
            "aud": {"essential": True, "value": self._client_id},
            "sub": {"essential": True},
        }
        params = {"nonce": flow.nonce, "client_id": self._client_id, "access_token": token.get("access_token")}
        try:
            encoded = str(token["id_token"])
            try:
                decoded = jwt.decode(encoded, keys, algorithms=algorithms)
            except InvalidKeyIdError:
                # The provider has new keys since we asked.
                decoded = jwt.decode(encoded, self._metadata(anew=True)[1], algorithms=algorithms)
            claims = CodeIDToken(decoded.claims, decoded.header, options, params)
            claims.validate(leeway=_LEEWAY_S)
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise _failed(f"id_token: {type(error).__name__}") from None
        return dict(claims)

    def _email(self, metadata: dict[str, Any], claims: Mapping[str, Any], access_token: str | None) -> str | None:
        """Return the person's address where the provider verified it; some tell it at another place only."""
        told: Mapping[str, Any] = claims
        if "email" not in claims and access_token and "userinfo_endpoint" in metadata:
            headers = {"Accept": "application/json", "Authorization": f"Bearer {access_token}"}
            told = _asked("GET", metadata["userinfo_endpoint"], headers=headers)
            if told.get("sub") != claims["sub"]:
                raise _failed("userinfo is about somebody else")
        email = told.get("email")
        return email if isinstance(email, str) and told.get("email_verified") is True else None

    def _metadata(self, *, anew: bool = False) -> tuple[dict[str, Any], KeySet]:
        with self._lock:
            if anew or self._found is None or self._found[0] < time.monotonic() - _METADATA_LAST_S:
                metadata = _asked("GET", f"{self.issuer}/.well-known/openid-configuration")
                if str(metadata.get("issuer", "")).rstrip("/") != self.issuer:
                    raise _failed("discovery names another issuer")
                places = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
                if any(name not in metadata for name in places[:3]):
                    raise _failed("discovery is incomplete")
                if not all(_is_safe(str(metadata[name])) for name in places if name in metadata):
                    raise _failed("discovery names an address without encryption")
                try:
                    keys = KeySet.import_key_set(_asked("GET", metadata["jwks_uri"]))  # type: ignore[arg-type]
                except (JoseError, ValueError, KeyError, TypeError):
                    raise _failed("jwks") from None
                self._found = (time.monotonic(), metadata, keys)
            return self._found[1], self._found[2]


def _asked(method: str, address: str, **sent: Any) -> dict[str, Any]:
    """Return what the provider answers: a JSON object."""
    try:
        # No proxy of the environment: nothing is asked for elsewhere.
        with httpx.Client(verify=_trusted(), timeout=_TIMEOUT, trust_env=False) as client:
            answer = client.request(method, address, **sent)
        body = answer.json() if answer.is_success else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise _failed(f"{urlsplit(address).path}: {type(error).__name__}") from None
    if not isinstance(body, dict):
        raise _failed(f"{urlsplit(address).path}: HTTP {answer.status_code}")
    return body


@cache
def _trusted() -> ssl.SSLContext:
    """Return the machine's certificates, which an office's administrator can add to."""
    return ssl.create_default_context()


def _is_safe(address: str) -> bool:
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        is_here = ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    return parts.scheme == "https" or (parts.scheme == "http" and is_here)


def _failed(detail: str) -> SohoaError:
    return SohoaError(Code.PROVIDER_FAILED, detail=detail, retryable=True)


def _cookie_key(key: IdentityKey) -> OctKey:
    """Return a key of its own purpose, the same on all machines that share the office's."""
    return OctKey.import_key(hmac.digest(key.secret, b"sohoa.sign-in/1", "sha256"))
