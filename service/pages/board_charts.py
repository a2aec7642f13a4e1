"""The board's charts, drawn on the server as SVG, without script. The same numbers stand in tables beside them."""

import re
import sys

import pygal
from pygal.style import Style

from service.pages.board_view import BoardView

# It puts a finder of plug-ins, in a way that Python left behind, before every import of the program. We use none.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"]

_SCRIPT = re.compile(r"<script\b.*?(?:</script>|/>)", re.DOTALL)
NAMES = ("ton", "tuoi", "loi")
# Of pages' own colours: `sohoa.css`.
_LIGHT = {"ink": "#1a1f26", "quiet": "#54606e", "line": "#c9d1d9", "colors": ("#0b5394", "#8a4b00")}
_DARK = {"ink": "#e8ecf1", "quiet": "#a3b0bf", "line": "#3a4552", "colors": ("#7cb8f2", "#f3b562")}


def chart(name: str, view: BoardView, *, dark: bool) -> bytes:
    """Return a chart of `NAMES` as SVG for light or dark pages.

    Raises:
        KeyError: There is no such chart.
    """
    return _CHARTS[name](view, dark=dark)


def _options(*, dark: bool) -> dict[str, object]:
    look = _DARK if dark else _LIGHT
    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground=look["ink"],
        foreground_strong=look["ink"],
        foreground_subtle=look["quiet"],
        guide_stroke_color=look["line"],
        major_guide_stroke_color=look["line"],
        colors=look["colors"],
        font_family="Segoe UI, Liberation Sans, sans-serif",
        label_font_size=13,
        legend_font_size=14,
        major_label_font_size=13,
        opacity="1",
        transition="0s",
    )
    return {
        "style": style,
        "js": [],
        "width": 760,
        "height": 280,
        "margin": 4,
        "show_legend": False,
        "truncate_label": -1,
        "no_data_text": "Chưa có số liệu",
        # Papers and fields are counted: an axis to 1 has no marks between.
        "order_min": 0,
        "value_formatter": lambda value: f"{value:,.0f}".replace(",", "."),
    }


def _backlog(view: BoardView, *, dark: bool) -> bytes:
    every = max(1, len(view.by_day) // 10)
    made = pygal.Bar(
        **{**_options(dark=dark), "show_legend": True, "legend_at_bottom": True, "show_minor_x_labels": False}
    )
    made.x_labels = [f"{day:%d/%m}" for day, _, _ in view.by_day]
    made.x_labels_major = made.x_labels[::every]
    made.add("đang chờ, theo ngày đến", [waiting for _, waiting, _ in view.by_day])
    made.add("trường đã xử lý", [settled for _, _, settled in view.by_day])
    return _rendered(made)


def _ages(view: BoardView, *, dark: bool) -> bytes:
    made = pygal.Bar(**_options(dark=dark))
    made.x_labels = [words for words, _ in view.by_age]
    made.add("đang chờ", [count for _, count in view.by_age])
    return _rendered(made)


def _errors(view: BoardView, *, dark: bool) -> bytes:
    worst = view.errors[:8]
    made = pygal.HorizontalBar(**_options(dark=dark))
    made.x_labels = [f"{label} · {paper}"[:48] for paper, label, _, _ in reversed(worst)]
    made.add("máy sai", [wrong for _, _, wrong, _ in reversed(worst)])
    return _rendered(made)


def _rendered(made: pygal.graph.graph.Graph) -> bytes:
    drawn = made.render()
    text = drawn.decode() if isinstance(drawn, bytes) else str(drawn)
    # The settings of its script, which is not there.
    return _SCRIPT.sub("", text).encode()


_CHARTS = {"ton": _backlog, "tuoi": _ages, "loi": _errors}
