"""Systems at the doors: tokens, certificates, and the pages that administrators keep them with."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from fastapi.testclient import TestClient

from service.security.certificates import fingerprint_in
from storage.desk.clients import Client
from tests.services.asking import status_of
from tests.services.office import AGENCY, Desk, office_at

MOTCUA = Client("mot-cua", "Một cửa điện tử", frozenset({"reader"}), AGENCY)
GRANT = {"grant_type": "client_credentials"}
PROXY, ELSEWHERE = "10.9.0.1", "10.8.0.1"
API = "/v1/batches"


@pytest.fixture
def secret(desk: Desk) -> str:
    desk.office.clients.add(MOTCUA)
    return desk.office.clients.new_secret("mot-cua")


def basic(name: str, secret: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(f"{quote(name)}:{quote(secret)}".encode()).decode()}


# --- tokens ------------------------------------------------------------------------------------------------------


def test_a_secret_is_changed_for_a_token(desk: Desk, secret: str) -> None:
    client = desk.client()
    by_basic = client.post("/v1/token", data=GRANT, headers=basic("mot-cua", secret))
    by_form = client.post("/v1/token", data={**GRANT, "client_id": "mot-cua", "client_secret": secret})
    for answer in (by_basic, by_form):
        assert answer.status_code == 200
        body = answer.json()
        assert (body["token_type"], body["expires_in"], body["scope"]) == ("Bearer", 3600, "reader")
        assert (answer.headers["cache-control"], answer.headers["pragma"]) == ("no-store", "no-cache")
        read = client.get(API, headers={"authorization": f"Bearer {body['access_token']}"})
        assert read.status_code == 200
        assert client.post(API, json={}, headers={"authorization": f"bearer {body['access_token']}"}).status_code == 201
    assert by_basic.json()["access_token"] != by_form.json()["access_token"]


@pytest.mark.parametrize(
    ("form", "headers", "status", "error"),
    [
        ({}, {}, 400, "invalid_request"),
        ({"grant_type": "password"}, {}, 400, "unsupported_grant_type"),
        (GRANT, {}, 401, "invalid_client"),
        (GRANT, basic("mot-cua", "wrong"), 401, "invalid_client"),
        (GRANT, basic("nobody", "wrong"), 401, "invalid_client"),
        (GRANT, {"authorization": "Basic !!!"}, 401, "invalid_client"),
        (GRANT, {"authorization": "Basic " + base64.b64encode(b"\xff\xfe").decode()}, 401, "invalid_client"),
        ({**GRANT, "client_id": "mot-cua"}, {}, 401, "invalid_client"),
        ({**GRANT, "client_id": "a", "client_secret": "b"}, basic("mot-cua", "x"), 400, "invalid_request"),
    ],
)
def test_errors_have_the_shape_of_the_standard(
    desk: Desk, secret: str, form: dict[str, str], headers: dict[str, str], status: int, error: str
) -> None:
    answer = desk.client().post("/v1/token", data=form, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert set(answer.json()) == {"error", "error_description"} and secret not in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_a_request_in_json_is_no_form(desk: Desk) -> None:
    answer = desk.client().post("/v1/token", json=GRANT)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_wrong_token_is_told_so_and_no_token_is_not(desk: Desk) -> None:
    client = desk.client()
    without, wrong = client.get(API), client.get(API, headers={"authorization": "Bearer sohoa-t-x"})
    assert [without.status_code, wrong.status_code] == [401, 401]
    assert without.headers["www-authenticate"] == 'Bearer realm="sohoa"'
    assert wrong.headers["www-authenticate"] == 'Bearer realm="sohoa", error="invalid_token"'
    assert wrong.json()["code"] == "sign_in_needed" and "sohoa-t-x" not in wrong.text


def test_a_token_goes_before_a_cookie(desk: Desk, secret: str) -> None:
    token = desk.office.clients.new_token("mot-cua")
    browser = desk.client("admin")
    assert browser.get("/me").status_code == 200
    assert browser.get("/me", headers={"authorization": f"Bearer {token}"}).status_code == 403
    assert browser.get("/me", headers={"authorization": "Basic eDp4"}).status_code == 200


def test_a_disabled_system_is_out_at_once(desk: Desk, secret: str) -> None:
    token = desk.office.clients.new_token("mot-cua")
    answer = desk.client("admin").post("/clients/mot-cua/disable", follow_redirects=False)
    assert answer.status_code == 303
    assert desk.client().get(API, headers={"authorization": f"Bearer {token}"}).status_code == 401
    again = desk.client().post("/v1/token", data=GRANT, headers=basic("mot-cua", secret))
    assert (again.status_code, again.json()["error"]) == (401, "invalid_client")


# --- certificates ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate() -> x509.Certificate:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    built = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
    return built.sign(key, SHA256())


@pytest.fixture
def behind_proxy(tmp_path: Path, certificate: x509.Certificate) -> Iterator[Desk]:
    """An office behind a proxy that checks certificates; `mot-cua` has one."""
    with office_at(tmp_path / "proxied", {"SOHOA_TRUSTED_PROXIES": "10.9.0.0/16 10.7.0.1"}) as desk:
        held = certificate.fingerprint(SHA256()).hex()
        desk.office.clients.add(Client("mot-cua", "Một cửa", frozenset({"reader"}), AGENCY, certificate_sha256=held))
        yield desk


FORMS: dict[str, Callable[[x509.Certificate], str]] = {
    "fingerprint": lambda certificate: certificate.fingerprint(SHA256()).hex(),
    "fingerprint of openssl": lambda certificate: certificate.fingerprint(SHA256()).hex(":").upper(),
    "RFC 9440": lambda certificate: f":{base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()}:",
    "nginx": lambda certificate: quote(certificate.public_bytes(Encoding.PEM).decode()),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_proxy_names_the_certificate(behind_proxy: Desk, certificate: x509.Certificate, form: str) -> None:
    header = {"client-cert": FORMS[form](certificate)}
    assert fingerprint_in(header["client-cert"]) == certificate.fingerprint(SHA256()).hex()
    assert status_of(behind_proxy.app, "GET", API, header, address=PROXY) == 200
    assert status_of(behind_proxy.app, "GET", API, header, address="10.7.0.1") == 200
    # Whoever is no proxy of ours may say what they like; a fingerprint is no secret.
    assert status_of(behind_proxy.app, "GET", API, header, address=ELSEWHERE) == 401
    assert status_of(behind_proxy.app, "GET", API, {**header, "x-forwarded-for": PROXY}, address=ELSEWHERE) == 401


def test_without_trusted_proxies_no_header_counts(desk: Desk, certificate: x509.Certificate) -> None:
    held = certificate.fingerprint(SHA256()).hex()
    desk.office.clients.add(Client("mot-cua", "Một cửa", frozenset({"reader"}), certificate_sha256=held))
    for address in (PROXY, "127.0.0.1", "testclient"):
        assert status_of(desk.app, "GET", API, {"client-cert": held}, address=address) == 401


def test_a_certificate_that_is_not_known_says_nothing(behind_proxy: Desk) -> None:
    other = {"client-cert": hashlib.sha256(b"other").hexdigest()}
    assert status_of(behind_proxy.app, "GET", API, other, address=PROXY) == 401
    assert status_of(behind_proxy.app, "GET", "/sign-in", other, address=PROXY) == 200


@pytest.mark.parametrize("name", ["origin", "sec-fetch-site", "cookie"])
def test_a_certificate_of_a_browser_vouches_for_nothing(
    behind_proxy: Desk, certificate: x509.Certificate, name: str
) -> None:
    header = {"client-cert": certificate.fingerprint(SHA256()).hex(), name: "https://evil.example"}
    assert status_of(behind_proxy.app, "POST", API, header, b"{}", PROXY) == 401


def test_of_two_headers_neither_is_believed(behind_proxy: Desk, certificate: x509.Certificate) -> None:
    held = certificate.fingerprint(SHA256()).hex()
    client = TestClient(behind_proxy.app, client=(PROXY, 1))
    assert client.get(API, headers=[("client-cert", held)]).status_code == 200
    assert client.get(API, headers=[("client-cert", held), ("client-cert", held)]).status_code == 401


@pytest.mark.parametrize("header", ["", ":", "::", ":!!:", "-----BEGIN CERTIFICATE-----", "ab" * 31, "%%%", "é"])
def test_a_header_that_is_no_certificate(header: str) -> None:
    assert fingerprint_in(header) is None


# --- the pages ---------------------------------------------------------------------------------------------------


def test_an_administrator_adds_a_system_and_sees_its_secret_once(desk: Desk) -> None:
    client = desk.client("admin")
    form = {
        "client_id": "Mot-Cua",
        "display_name": "Một cửa",
        "roles": ["reader"],
        "agency": AGENCY,
        "with_secret": "1",
    }
    answer = client.post("/clients", data=form)
    assert answer.status_code == 200
    found = re.search(r'class="secret-text">(sohoa-s-[^<]+)<', answer.text)
    assert found is not None
    secret = found[1]
    assert desk.client().post("/v1/token", data=GRANT, headers=basic("mot-cua", secret)).status_code == 200
    page = client.get("/clients/mot-cua").text
    assert secret not in page and "hệ thống khai thác" in page and "cấp bí mật mới" in page
    renewed = client.post("/clients/mot-cua/secret").text
    assert secret not in renewed and "sohoa-s-" in renewed
    assert desk.client().post("/v1/token", data=GRANT, headers=basic("mot-cua", secret)).status_code == 401
    assert "Một cửa" in client.get("/clients").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"client_id": "A B"}, "Mã hệ thống không hợp lệ."),
        ({"roles": []}, "Chưa chọn vai trò nào dùng được."),
        ({"roles": ["steward"]}, "Chưa chọn vai trò nào dùng được."),
        ({"roles": ["admin"]}, "Chưa chọn vai trò nào dùng được."),
        ({"agency": "Hà Nội"}, "Mã cơ quan không hợp lệ."),
        ({"certificate": "abc"}, "Dấu vân tay chứng thư không dùng được."),
        ({"display_name": ""}, "Tên hiển thị không hợp lệ."),
        ({"client_id": "held"}, "Đã có tài khoản hay hệ thống mang tên này."),
    ],
)
def test_a_form_that_is_wrong_keeps_what_was_typed(desk: Desk, changes: dict[str, object], words: str) -> None:
    desk.office.clients.add(Client("held", "Có rồi", frozenset({"reader"})))
    form = {"client_id": "mot-cua", "display_name": "Một cửa số 9", "roles": ["reader"], "agency": AGENCY, **changes}
    answer = desk.client("admin").post("/clients", data=form)
    assert answer.status_code in {409, 422} and words in answer.text
    assert form["display_name"] == "" or "Một cửa số 9" in answer.text
    assert desk.office.clients.find("mot-cua") is None


def test_an_administrator_changes_a_system(desk: Desk, secret: str) -> None:
    client = desk.client("admin")
    held = hashlib.sha256(b"x").hexdigest()
    form = {"display_name": "Một cửa mới", "roles": ["reader", "clerk"], "agency": "", "certificate": held}
    answer = client.post("/clients/mot-cua", data=form)
    assert answer.status_code == 200 and "Đã lưu." in answer.text and "đổi cơ quan thành mọi cơ quan" in answer.text
    found = desk.office.clients.find("mot-cua")
    assert found is not None and (found.agency, found.certificate_sha256) == (None, held)
    wrong = client.post("/clients/mot-cua", data={**form, "roles": []})
    assert wrong.status_code == 422 and "Chưa chọn vai trò nào dùng được." in wrong.text
    assert client.post("/clients/mot-cua/enable", follow_redirects=False).status_code == 303
    assert client.get("/clients/nobody").status_code == 404


def test_an_administrator_of_an_agency_sees_its_own_systems(desk: Desk, secret: str) -> None:
    from service.roles import Role  # noqa: PLC0415

    desk.account("admin-h06", Role.ADMIN, agency="H06")
    client = desk.client("admin-h06")
    assert "mot-cua" not in client.get("/clients").text
    for path in ("/clients/mot-cua", "/clients/mot-cua/secret", "/clients/mot-cua/disable", "/clients/mot-cua/enable"):
        assert client.post(path, data={}).status_code == 404
    form = {"client_id": "moi", "display_name": "Mới", "roles": ["reader"], "agency": AGENCY}
    assert client.post("/clients", data=form).status_code == 422
    assert client.post("/clients", data={**form, "agency": ""}).status_code == 422
    assert client.post("/clients", data={**form, "agency": "H06.1"}, follow_redirects=False).status_code == 303
