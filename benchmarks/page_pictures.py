"""`python -m benchmarks.page_pictures [OUT]`: every screen of the service as a picture, for the documents.

Invented dossiers are drawn and digitised; offices are served from copies of that home, and Debian's Chromium opens each
screen as an office sees it, 1366x768 at 125 %, and brings it into the state that the documents speak of.
"""

import argparse
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright

from benchmarks.drawing.dossier import draw_dossier, write_dossiers
from benchmarks.product import run_sohoa
from service.access import SESSION_COOKIE
from service.roles import Role
from storage.desk.progress import Progress, ProgressKind
from storage.upkeep import check_up
from tests import lookup_papers
from tests.browser import oversight_world
from tests.browser.clerk_world import batch_of, choose_folder, cut_scan, good_scan, wait_words, write_folder
from tests.browser.steward_world import BIRTH, confirm_all, doubt, merge_view, opened, paper_of, press, ready, said
from tests.services.chromium import OFFICE_SCREEN, OFFICE_ZOOM, REMEDY, find_chromium
from tests.services.office import Desk, listening, office_at

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_DPI = 150
_COLOURS = 128
_PURPOSE = "Tiếp nhận hồ sơ đăng ký kết hôn"


@dataclass
class Screens:
    """Opens pages of one office after another.

    Attributes:
        home: A digitised home, whose copies are worked on.
        drawn: The dossiers in it, as a clerk has them.
    """

    browser: "Browser"
    home: Path
    drawn: Path
    folder: Path
    _open: ExitStack = field(default_factory=ExitStack)

    def office(self, *, is_filled: bool) -> "Served":
        """Serve an office until all are closed: with the digitised dossiers, or an empty one."""
        home = Path(tempfile.mkdtemp(dir=self.folder)) / "home"
        if is_filled:
            shutil.copytree(self.home, home)
        desk = self._open.enter_context(office_at(home))
        return Served(self, desk, self._open.enter_context(listening(desk)))

    def close(self) -> None:
        """Shut all offices."""
        self._open.close()


@dataclass
class Served:
    """An office and its address."""

    screens: Screens
    desk: Desk
    address: str

    def page(self, path: str, account: str | None) -> "Page":
        """Open a page of it as an account; each time in a browser of its own."""
        screen: Any = OFFICE_SCREEN
        context = self.screens.browser.new_context(viewport=screen, device_scale_factor=OFFICE_ZOOM, locale="vi-VN")
        if account is not None:
            token, _ = self.desk.session(account)
            context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": self.address}])
        page = context.new_page()
        page.goto(self.address + path)
        return page


def sign_in(screens: Screens) -> "Page":
    """The page that asks who it is."""
    return screens.office(is_filled=False).page("/sign-in", None)


def choosing(screens: Screens) -> "Page":
    """A folder was chosen; one of its files lies in the store already."""
    office = screens.office(is_filled=False)
    files = {"hs-001/don.tif": good_scan(3)}
    page = office.page("/batches/new", "clerk")
    choose_folder(page, write_folder(screens.folder / "truoc", files))
    page.locator("#send").press("Enter")
    wait_words(page, "Trang nào cũng dùng được", 60)
    page.goto(f"{office.address}/batches/new?procedure={lookup_papers.MARRIAGE}")
    files |= {"hs-002/to-khai.tif": good_scan(4), "hs-002/quyet-dinh.tif": good_scan(5), "ghi-chu.txt": b"x"}
    choose_folder(page, write_folder(screens.folder / "chon", files))
    page.locator("#known:not([hidden])").wait_for()
    page.evaluate("scrollTo(0, 0)")
    return page


def rescanning(screens: Screens) -> "Page":
    """A page was cut off at the left."""
    page = screens.office(is_filled=False).page("/batches/new", "clerk")
    folder = _folder_of_clerk(screens, "quet")
    write_folder(folder, {"hs-204/don.tif": cut_scan(7)})
    choose_folder(page, folder)
    page.locator("#send").press("Enter")
    picture = page.locator(".rescan img")
    picture.wait_for()
    wait_words(page, "1 trang cần quét lại")
    picture.evaluate("image => image.decode()")
    page.evaluate("scrollTo(0, 0)")
    return page


def digitising(screens: Screens) -> "Page":
    """Two dossiers are read, a third waits."""
    office = screens.office(is_filled=False)
    page = office.page("/batches/new", "clerk")
    choose_folder(page, _folder_of_clerk(screens, "tien-do"))
    page.locator("#send").press("Enter")
    wait_words(page, "Trang nào cũng dùng được", 60)
    page.locator("#submit").press("Enter")
    wait_words(page, "đang chờ máy đến lượt")
    batch_id, progress = batch_of(page), office.desk.office.progress
    names = page.locator(".dossier .fold .name").all_inner_texts()
    office.desk.office.batches.begin(batch_id)
    progress.tell(batch_id, Progress(kind=ProgressKind.STARTED))
    for name, count, held in ((names[0], 12, 12), (names[1], 30, 11)):
        progress.tell(batch_id, Progress(kind=ProgressKind.PAGES, dossier_id=name, count=count, held=held))
    done = Progress(kind=ProgressKind.ASSEMBLED, dossier_id=names[0], state="complete", papers=4, to_review=2)
    progress.tell(batch_id, done)
    page.locator(".badge", has_text="2 giấy tờ chờ duyệt").wait_for()
    return page


def looking_up(screens: Screens) -> "Page":
    """What a couple need not bring to be married."""
    office = screens.office(is_filled=False)
    lookup_papers.hold_papers(office.desk.office.store, office.desk.office.catalogue)
    page = office.page("/lookup", "clerk")
    page.fill("#subject", lookup_papers.WIFE)
    page.locator("#procedure").focus()
    page.keyboard.type(lookup_papers.MARRIAGE)
    page.locator("#procedure-list li").first.wait_for()
    press(page, "ArrowDown", "Enter")
    page.fill("#purpose", _PURPOSE)
    page.fill("#other_husband", lookup_papers.HUSBAND)
    page.locator("#purpose").press("Enter")
    page.locator(".lines.held li").nth(1).wait_for()
    page.locator("#answer-heading").evaluate("heading => heading.scrollIntoView()")
    return page


def separators(screens: Screens) -> "Page":
    """The sheets that part dossiers and papers."""
    return screens.office(is_filled=False).page("/separators", "clerk")


def queue(screens: Screens) -> "Page":
    """What waits for a steward."""
    office = screens.office(is_filled=False)
    oversight_world.staff(office.desk)
    oversight_world.work(office.desk)
    return office.page("/tasks", "steward")


def reviewing(screens: Screens) -> "Page":
    """A worn paper, at a field that the readers saw differently."""
    office = screens.office(is_filled=True)
    page = office.page(f"/tasks/{paper_of(office.desk, 'thong-bao')}", "steward")
    ready(page)
    page.locator("#value:focus").wait_for()
    while not page.locator(".proposal").count():
        press(page, "Tab")
    page.locator(".box.current").wait_for()
    return page


def merging(screens: Screens) -> "Page":
    """What two entered differently."""
    office, paper = _doubted(screens)
    page = office.page(f"/tasks/{paper}", "lan")
    ready(page)
    merge_view(page, office.desk, paper, {"full_name": "Trần Thử Hai", "sex": "Nữ"})
    page.locator("fieldset canvas:not([hidden])").last.wait_for()
    return page


def keying_again(screens: Screens) -> "Page":
    """A critical field that another typed is keyed again, blind."""
    office, paper = _doubted(screens)
    first = office.page(f"/tasks/{paper}", "lan")
    ready(first)
    first.keyboard.type("158/2019")
    press(first, "Enter")
    confirm_all(first)
    first.locator('[data-do="approve"]:focus').wait_for()
    press(first, "Enter")
    said(first, "chờ người khác nhập lần hai")
    page = office.page(f"/tasks/{paper}", "hoa")
    ready(page)
    opened(page, "Số")
    return page


def splitting(screens: Screens) -> "Page":
    """A bundle whose papers are parted anew."""
    page = screens.office(is_filled=True).page("/dossiers/hs-201", "steward")
    page.locator("#strip [aria-current]:focus").wait_for()
    page.locator(".viewer img:not([hidden])").wait_for()
    press(page, "ArrowRight", "c")
    page.wait_for_load_state("networkidle")
    return page


def board(screens: Screens) -> "Page":
    """How the work goes."""
    office = screens.office(is_filled=False)
    oversight_world.staff(office.desk)
    oversight_world.work(office.desk)
    page = office.page("/board", "phu-trach")
    page.set_viewport_size({"width": 1093, "height": 1200})
    page.wait_for_load_state("networkidle")
    return page


def read_log(screens: Screens) -> "Page":
    """Who looked at what, by day."""
    page = _inspected(screens).page("/reads", "giam-sat")
    page.locator("#by-days + form input[name=why], #by-days + form [name=purpose]").first.fill("Kiểm tra định kỳ")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def reads_slip(screens: Screens) -> "Page":
    """Who read one person's papers, for that person."""
    page = _inspected(screens).page("/reads", "giam-sat")
    page.locator("#subject").focus()
    page.keyboard.type(oversight_world.SUBJECT)
    press(page, "Tab", "Tab")
    page.keyboard.type("Người dân hỏi")
    with page.expect_navigation():
        press(page, "Enter")
    with page.expect_navigation():
        page.get_by_role("button", name="Lập phiếu cho người dân").press("Enter")
    return page


def accounts(screens: Screens) -> "Page":
    """The people of an office."""
    office = screens.office(is_filled=False)
    oversight_world.staff(office.desk)
    return office.page("/accounts", "admin")


def clients(screens: Screens) -> "Page":
    """The systems that may call."""
    office = screens.office(is_filled=False)
    oversight_world.staff(office.desk)
    return office.page("/clients", "admin")


def reference(screens: Screens) -> "Page":
    """The description of the API."""
    return screens.office(is_filled=False).page("/v1/docs", None)


PICTURES: dict[str, Callable[[Screens], "Page"]] = {
    "dang-nhap": sign_in,
    "nap-chon-tep": choosing,
    "nap-quet-lai": rescanning,
    "nap-tien-do": digitising,
    "tra-cuu-truoc": looking_up,
    "to-ngan": separators,
    "duyet-hang-doi": queue,
    "duyet-mot-giay": reviewing,
    "duyet-gop": merging,
    "duyet-nhap-lan-hai": keying_again,
    "duyet-tach-giay": splitting,
    "dieu-hanh": board,
    "nhat-ky-doc": read_log,
    "phieu-nguoi-doc": reads_slip,
    "tai-khoan": accounts,
    "he-thong": clients,
    "mo-ta-api": reference,
}


def main(argv: list[str] | None = None) -> int:
    """Write the pictures; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page_pictures", description="Chụp các màn hình.")
    parser.add_argument("out", type=Path, nargs="?", default=Path("docs/hinh"), help="thư mục của các ảnh")
    parser.add_argument("--only", nargs="+", choices=PICTURES, default=list(PICTURES), help="chỉ những ảnh này")
    given = parser.parse_args(argv)
    with _screens() as screens:
        for name in given.only:
            page = PICTURES[name](screens)
            kept = _kept(page.screenshot(), given.out / f"{name}.png")
            print(f"{name}.png: {kept / 1000:.0f} kB")
            page.context.close()
    return 0


@contextmanager
def _screens() -> Iterator[Screens]:
    program = find_chromium()
    if program is None:
        raise SystemExit(REMEDY)
    with tempfile.TemporaryDirectory() as kept, sync_playwright() as playwright:
        folder = Path(kept)
        drawn, home = folder / "drawn", folder / "home"
        bundle = draw_dossier(10, "light", _DPI, ("quyet-dinh", "giay-khai-sinh"), dossier_id="hs-201")
        others = [
            draw_dossier(seed, "medium", _DPI, (paper_type,), dossier_id=f"hs-{number}")
            for number, seed, paper_type in ((202, 42, "thong-bao"), (203, 43, "quyet-dinh"))
        ]
        write_dossiers(drawn, [bundle, *others], _DPI)
        run_sohoa("ingest", str(drawn), "--home", str(home))
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        screens = Screens(browser, home, drawn, folder)
        yield screens
        browser.close()
        screens.close()


def _folder_of_clerk(screens: Screens, name: str) -> Path:
    """Return the drawn dossiers as a folder of their own."""
    folder = screens.folder / f"dot-{name}"
    shutil.copytree(screens.drawn, folder, ignore=shutil.ignore_patterns("*.json"))
    return folder


def _doubted(screens: Screens) -> tuple[Served, str]:
    """Return an office with two more stewards and a certificate with doubtful fields."""
    office = screens.office(is_filled=True)
    for name in ("lan", "hoa"):
        office.desk.account(name, Role.STEWARD)
    paper = paper_of(office.desk, "giay-khai-sinh")
    doubt(office.desk, paper, BIRTH)
    return office, paper


def _inspected(screens: Screens) -> Served:
    office = screens.office(is_filled=False)
    oversight_world.staff(office.desk)
    oversight_world.looks(office.desk)
    office.desk.office.read_log.seal()
    check_up(office.desk.office.settings)
    return office


def _kept(picture: bytes, path: Path) -> int:
    """Write a picture with few colours, as screens have; return its bytes."""
    with Image.open(io.BytesIO(picture)) as shot:
        few = shot.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
