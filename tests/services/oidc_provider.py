"""A small OpenID Connect provider on loopback: discovery, keys, sign-in without a question, tokens really signed.

What it does wrong is chosen by `faults`, one at a time, as attackers and broken providers do.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote_plus, urlencode, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "sohoa-thu", "bi-mat-thu-nghiem-cua-may-chu"  # of servers that live as long as a test


@dataclass
class OidcProvider:
    """A provider with one person signed in.

    Attributes:
        subject: The person, as tokens name them.
        claims: What else it says of the person.
        faults: Names of what it does wrong; see `_token` and `_metadata`.
        asked: Paths that were asked for, in order.
    """

    subject: str = "nguoi-1"
    claims: dict[str, Any] = field(default_factory=lambda: {"email": "lan@h05.example", "email_verified": True})
    faults: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    address: str = ""
    keys: list[RSAKey] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.keys = [_first_key()]

    def new_key(self) -> None:
        """Sign with another key from now on, and no longer publish those before."""
        self.keys = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})]

    def signs_in(self, location: str) -> str:
        """Return where the browser is sent that was sent to `location`, as though its person had signed in."""
        given = {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
        assert given["response_type"] == "code" and given["client_id"] == CLIENT_ID
        assert given["code_challenge_method"] == "S256" and "openid" in given["scope"].split()
        if "denied" in self.faults:
            answer = {"error": "access_denied", "state": given["state"]}
        else:
            code = secrets.token_urlsafe(16)
            self.codes[code] = given
            answer = {"code": code, "state": given["state"]}
        if "other_answer_issuer" in self.faults:
            answer["iss"] = "https://other.example"
        return f"{given['redirect_uri']}?{urlencode(answer)}"

    def answer(self, path: str, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and body of one request."""
        self.asked.append(path)
        if "down" in self.faults:
            return 503, {}
        if path == "/.well-known/openid-configuration":
            return 200, self._metadata()
        if path == "/keys":
            return 200, KeySet(self.keys).as_dict(private=False)
        if path == "/token":
            return self._token(form, authorization)
        if path == "/userinfo" and authorization == "Bearer access-of-the-provider":
            subject = "somebody-else" if "other_userinfo" in self.faults else self.subject
            return 200, {"sub": subject, **self.claims}
        return 404, {}

    def _metadata(self) -> dict[str, Any]:
        issuer = "https://other.example" if "other_issuer" in self.faults else self.address
        told = {
            "issuer": issuer,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }
        if "incomplete" in self.faults:
            del told["token_endpoint"]
        if "plain_http" in self.faults:
            told["token_endpoint"] = "http://sso.example/token"
        return told

    def _token(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        given = self.codes.pop(form.get("code", ""), None)
        name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_right = (
            given is not None
            and (unquote_plus(name), unquote_plus(secret)) == (CLIENT_ID, CLIENT_SECRET)
            and challenge.decode().rstrip("=") == given["code_challenge"]
            and form["redirect_uri"] == given["redirect_uri"]
            and form["grant_type"] == "authorization_code"
        )
        if not is_right or given is None:
            return 400, {"error": "invalid_grant"}
        answer = {"access_token": "access-of-the-provider", "token_type": "Bearer", "expires_in": 60}
        if "no_id_token" in self.faults:
            return 200, answer
        return 200, {**answer, "id_token": self._id_token(given["nonce"])}

    def _id_token(self, nonce: str) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": "https://other.example" if "other_token_issuer" in self.faults else self.address,
            "sub": self.subject,
            "aud": "other-client" if "other_audience" in self.faults else CLIENT_ID,
            "exp": now - 3600 if "expired" in self.faults else now + 300,
            "iat": now - 3700 if "expired" in self.faults else now,
            "nonce": "of-another-sign-in" if "other_nonce" in self.faults else nonce,
        }
        if "no_nonce" in self.faults:
            del claims["nonce"]
        if "userinfo_only" not in self.faults and "other_userinfo" not in self.faults:
            claims.update(self.claims)
        if "signed_with_secret" in self.faults:
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(CLIENT_SECRET), algorithms=["HS256"])
        if "unsigned" in self.faults:
            parts = ({"alg": "none", "typ": "JWT"}, claims)
            return ".".join(_segment(json.dumps(part).encode()) for part in parts) + "."
        key = self.keys[0]
        if "other_key" in self.faults:
            key = RSAKey.generate_key(2048, {"kid": key.kid, "use": "sig"})
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, algorithms=["RS256"])


@cache
def _first_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "first", "use": "sig"})


def _segment(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


@pytest.fixture
def oidc_provider() -> Iterator[OidcProvider]:
    """A provider that listens on loopback until the test ends."""
    provider = OidcProvider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, form: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            status, answer = provider.answer(path, form, self.headers.get("Authorization", ""))
            body = b"<html>" if "no_json" in provider.faults else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield provider
    server.shutdown()
    thread.join(5)
    server.server_close()
