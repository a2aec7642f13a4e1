"""Help: one page for each screen, and one about everything. The texts are templates under `templates/help/`."""

from fastapi import Request, Response

from ocr.problem import Code, SohoaError
from service.pages.rendering import TEMPLATES_FOLDER, render
from service.roles import ANYBODY
from service.routes import Routes

routes = Routes()

# Name of the text → what the menu of the help calls it, in the menu's order.
TITLES = {
    "general": "Làm quen",
    "batches": "Nạp hồ sơ",
    "separators": "Trang ngăn cách",
    "lookup": "Tra cứu",
    "tasks": "Duyệt giấy tờ",
    "dossiers": "Tách và phân loại",
    "board": "Điều hành",
    "reads": "Nhật ký đọc",
    "accounts": "Tài khoản",
    "clients": "Hệ thống",
    "me": "Tài khoản của tôi",
}


@routes.get("/help", roles=ANYBODY)
def general_help(request: Request) -> Response:
    """Show what concerns every screen."""
    return _page(request, "general")


@routes.get("/help/{screen}", roles=ANYBODY)
def help_of_screen(request: Request, screen: str) -> Response:
    """Show the help of one screen."""
    return _page(request, screen)


def written() -> dict[str, str]:
    """Return the texts there are, with their titles."""
    return {name: title for name, title in TITLES.items() if (TEMPLATES_FOLDER / "help" / f"{name}.html").is_file()}


def _page(request: Request, screen: str) -> Response:
    texts = written()
    if screen not in texts:
        raise SohoaError(Code.NOTHING_HERE)
    return render(request, "help.html", screen=screen, texts=texts)
