"""The reliability diagram: for values of like probability, how many were said to be right and how many are."""

import os
import tempfile
from pathlib import Path

from extractors.calibration.model import Reliability
from extractors.calibration.thresholds import lower_bound, upper_bound
from ocr.problem import Code, SohoaError
from storage.objects import error_name

_INK, _GRID, _LINE, _BARS = "#1b2a3a", "#d9dee3", "#1f6f5c", "#9db8d2"
_SIZE_IN, _DPI = (7.2, 6.4), 150


def percent(share: float, digits: int | None = None) -> str:
    """Return a share as Vietnamese papers print it: `0,5 %`; without `digits` only as many as it takes."""
    figure = f"{share * 100:g}" if digits is None else f"{share * 100:.{digits}f}"
    return f"{figure.replace('.', ',')} %"


def draw_reliability(reliability: Reliability, path: Path) -> None:
    """Write the diagram as a PNG: above, chances of being wrong predicted and observed; below, how many values.

    Both axes are logarithmic: what counts is whether one in ten, one in a hundred or one in a thousand is wrong. Bars
    span two-sided 90 % confidence, by Clopper and Pearson.

    Raises:
        SohoaError: `PATH_UNREADABLE` when the file cannot be written.
    """
    # Matplotlib keeps a cache of fonts; it has no business in the home of whoever runs the program.
    os.environ.setdefault("MPLCONFIGDIR", str(Path(tempfile.gettempdir()) / f"sohoa-matplotlib-{os.getuid()}"))
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415  reads the environment when imported
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=_SIZE_IN, dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1))
    predicted = [1 - one.predicted for one in reliability.bins]
    wrong = [round((1 - one.observed) * one.count) for one in reliability.bins]
    counts = [one.count for one in reliability.bins]
    least = 0.3 / max(counts, default=1)
    for at, number, count in zip(predicted, wrong, counts, strict=True):
        low, high = max(lower_bound(number, count), least), upper_bound(number, count)
        above.plot([at, at], [low, high], color=_LINE, linewidth=1.6, solid_capstyle="round")
        marker = "o" if number else "v"
        above.plot(at, max(number / count, least), marker, color=_LINE, markersize=7, markeredgecolor="white")
        above.annotate(f"{number}/{count}", (at, high), (0, 4), textcoords="offset points", ha="center", color=_INK)
    below.bar(predicted, counts, width=[0.25 * at for at in predicted], color=_BARS)
    span = (min([*predicted, least]) / 2, 1.0)
    above.plot(span, span, color=_INK, linewidth=1, linestyle="--", label="đúng như dự đoán")
    above.set(xscale="log", yscale="log", xlim=span, ylim=(least / 1.5, 1.4))
    above.set_ylabel("tỷ lệ sai thực tế")
    above.set_title(
        f"Dự đoán so với thực tế: {reliability.samples} trường, lệch {percent(reliability.expected_error, 2)}",
        color=_INK,
        fontsize=11,
    )
    above.legend(loc="upper left", frameon=False)
    below.set_xlabel("tỷ lệ sai dự đoán (1 - xác suất đúng)")
    below.set(ylabel="số trường", yscale="log")
    for axes in (above, below):
        axes.grid(visible=True, which="major", color=_GRID, linewidth=0.8)
        axes.set_axisbelow(True)
    for axis in (above.xaxis, above.yaxis):
        axis.set_major_formatter(lambda share, _: percent(share))
        axes.spines[["top", "right"]].set_visible(False)
    try:
        figure.savefig(path, format="png", metadata={"Software": None})
    except OSError as error:
        raise SohoaError(Code.PATH_UNREADABLE, file=path.name, detail=error_name(error)) from error
