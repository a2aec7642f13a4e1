"""The supervisor's board: what waits, how fast it goes, how often the machine is right."""

import csv
import io
import threading
import time
from collections.abc import Iterator
from typing import Annotated

from fastapi import Query, Request, Response

from ocr.problem import Code, SohoaError
from service.access import office_of, principal_of
from service.office import Office
from service.pages.board_charts import NAMES, chart
from service.pages.board_view import PERIODS, BoardView, error_bound, percent, view_of
from service.pages.rendering import day, render
from service.roles import Role
from service.routes import Routes

routes = Routes()

_SUPERVISORS = frozenset({Role.SUPERVISOR})
# The page and its charts are asked for one after another and show the same numbers; nobody needs them to the second.
_KEPT_S = 60.0
_MOST_KEPT = 50
# A picture that is opened by itself runs nothing; its own style is all it needs.
_CHART_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
Days = Annotated[int, Query(description="Length of the period")]


@routes.get("/board", roles=_SUPERVISORS)
def board_page(request: Request, days: Days = 30) -> Response:
    """Show the board."""
    view = _view(request, days)
    return render(request, "board.html", view=view, periods=PERIODS, percent=percent, error_bound=error_bound)


@routes.get("/board/charts/{name}.svg", roles=_SUPERVISORS)
def board_chart(request: Request, name: str, days: Days = 30, dark: bool = False) -> Response:  # noqa: FBT001, FBT002
    """Draw one chart."""
    if name not in NAMES:
        raise SohoaError(Code.NOTHING_HERE)
    return Response(chart(name, _view(request, days), dark=dark), media_type="image/svg+xml", headers=_CHART_HEADERS)


@routes.get("/board.csv", roles=_SUPERVISORS)
def board_csv(request: Request, days: Days = 30) -> Response:
    """Return all numbers of the board as one table."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["bảng", "mục", "số", "giá trị"])
    writer.writerows([_safe(cell) for cell in row] for row in _rows(_view(request, days)))
    headers = {"Content-Disposition": 'attachment; filename="dieu-hanh.csv"'}
    # Spreadsheets take a file for UTF-8 by its mark.
    return Response("\ufeff" + text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _rows(view: BoardView) -> Iterator[tuple[object, ...]]:
    for words, count in view.by_age:
        yield ("đang chờ theo tuổi", words, "bản ghi", count)
    for words, count in view.by_type:
        yield ("đang chờ theo loại giấy tờ", words, "bản ghi", count)
    for words, count in view.by_agency:
        yield ("đang chờ theo cơ quan", words, "bản ghi", count)
    for at, waiting, settled in view.by_day:
        yield ("theo ngày", day(at), "đang chờ, theo ngày đến", waiting)
        yield ("theo ngày", day(at), "trường đã xử lý", settled)
    for name, speed in view.stewards:
        yield ("cán bộ", name, "số trường", speed.fields)
        yield ("cán bộ", name, "giây một trường, trung vị", speed.median_s)
        yield ("cán bộ", name, "giây một trường, bách phân vị 90", speed.p90_s)
        yield ("cán bộ", name, "trường một giờ", round(speed.per_hour))
    shares = (
        ("máy đúng ở trường nghi ngờ", view.board.agreement),
        ("máy đúng ở trường lấy mẫu", view.board.sample),
        ("nhập lần hai khớp lần một", view.board.second_keying),
    )
    for words, share in shares:
        yield ("chất lượng", words, "đúng", share.hits)
        yield ("chất lượng", words, "đã xem", share.total)
    for paper, label, wrong, total in view.errors:
        yield ("máy sai nhiều nhất", f"{label} · {paper}", "sai", wrong)
        yield ("máy sai nhiều nhất", f"{label} · {paper}", "đã xem", total)


def _safe(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


class _Kept:
    """The numbers asked for lately, by office, agency and period."""

    def __init__(self) -> None:
        self._views: dict[tuple[int, str | None, str, int], tuple[float, BoardView]] = {}
        self._lock = threading.Lock()

    def view(self, office: Office, request: Request, days: int) -> BoardView:
        principal = principal_of(request)
        name = (id(office), principal.agency, principal.account, days)
        with self._lock:
            made_at, view = self._views.get(name, (0.0, None))
            if view is not None and time.monotonic() - made_at < _KEPT_S:
                return view
        made = view_of(office, principal, days)
        with self._lock:
            if len(self._views) >= _MOST_KEPT:
                self._views.clear()
            self._views[name] = (time.monotonic(), made)
        return made


_KEPT = _Kept()


def _view(request: Request, days: int) -> BoardView:
    if days not in PERIODS:
        raise SohoaError(Code.REQUEST_INVALID, field="days")
    return _KEPT.view(office_of(request), request, days)
