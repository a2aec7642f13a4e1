"""How callers of the API are told, as its description (OpenAPI) says it."""

from typing import Any

from fastapi import FastAPI

from service.access import CSRF_HEADER, SESSION_COOKIE

SECURITY_SCHEMES: dict[str, Any] = {
    "client_credentials": {
        "type": "oauth2",
        "description": "Hệ thống: mã và bí mật đổi lấy mã truy cập dùng trong một giờ",
        "flows": {"clientCredentials": {"tokenUrl": "/v1/token", "scopes": {}}},
    },
    "mutual_tls": {
        "type": "mutualTLS",
        "description": "Hệ thống: chứng thư mà máy chủ trung gian đã kiểm tra",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": SESSION_COOKIE,
        "description": f"Trang web của dịch vụ; qua https cookie mang tên `__Host-{SESSION_COOKIE}`",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": CSRF_HEADER,
        "description": "Đi cùng cookie trong mọi yêu cầu thay đổi dữ liệu",
    },
}
_SAFE_METHODS = frozenset({"get", "head", "options", "trace"})


def describe_security(app: FastAPI, roles_key: str) -> None:
    """Let the description of `app` name the security schemes, and those that each route takes.

    Args:
        app: Its description is made when it is first asked for.
        roles_key: Where the description of a route has its roles.
    """
    described = app.openapi

    def with_security() -> dict[str, Any]:
        schema = described()
        schema.setdefault("components", {})["securitySchemes"] = SECURITY_SCHEMES
        for path in schema.get("paths", {}).values():
            for method, operation in path.items():
                if isinstance(operation, dict) and operation.get(roles_key):
                    by_cookie: dict[str, list[str]] = (
                        {"session": []} if method in _SAFE_METHODS else {"session": [], "csrf": []}
                    )
                    operation["security"] = [{"client_credentials": []}, {"mutual_tls": []}, by_cookie]
        return schema

    app.openapi = with_security  # type: ignore[method-assign]
