"""Draws dossiers nobody tuned on, runs the product over them, and scores pages, types, fields and trust.

`python -m benchmarks.dossiers --seed N [--papers 150] [--strength mixed] [--out DIR] [--home DIR] [--json]`; what the
figures mean stands in `benchmarks.dossier_scoring`. A home that holds the dossiers already is scored again with
`--score-only --home DIR --truth DIR/truth.json`, in seconds.
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pdf2image import convert_from_path
from PIL import Image

from benchmarks.dossier_scoring import Figures, PaperScore, Score, count, grouped, score_dossiers, wrong_accepted
from benchmarks.drawing.dossier import DrawnDossier, draw_dossier, write_dossiers
from benchmarks.drawing.paper import MIXED, STRENGTHS
from benchmarks.product import Cost, ProductError, count_pages, parse_json_lines, run_sohoa
from benchmarks.scoring import FieldOutcome, format_table, tally_fields

_WRONG_USAGE, _NOT_RUN = 2, 3
_SEEDS_APART = 10_000  # dossiers of one run; runs with different seeds share none


def draw_until(
    seed: int, papers: int, strength: str, dpi: int, separator: Image.Image | None = None
) -> Iterator[DrawnDossier]:
    """Yield invented dossiers until they hold at least `papers` papers; different seeds share no dossier.

    Half of the piles are parted by `separator`, if there is one.
    """
    drawn = 0
    for number in range(_SEEDS_APART):
        name = f"hs-{number + 1:03d}"
        dossier = draw_dossier(seed * _SEEDS_APART + number, strength, dpi, None, name, separator)
        yield dossier
        drawn += len(dossier.papers)
        if drawn >= papers:
            return


def summarise(score: Score, pages: int, cost: Cost | None) -> dict[str, Any]:
    """Return all figures as plain values, ready for JSON; `cost` is None when nothing was read."""
    return {
        "overall": asdict(count(score.papers, score.strangers)),
        "surplus_records": score.surplus_records,
        "blank_pages": len(score.blank),
        "blank_pages_right": sum(score.blank.values()),
        "by_strength": {name: asdict(one) for name, one in grouped(score, _strength).items()},
        "by_origin": {name: asdict(one) for name, one in grouped(score, _origin).items()},
        "by_type": {name: asdict(one) for name, one in grouped(score, _type).items()},
        "by_layout": {name: asdict(one) for name, one in grouped(score, _layout).items()},
        "by_field": [asdict(tally) for tally in tally_fields(_outcomes(score))],
        "pages": pages,
        "cpu_s_per_page": round(cost.per_page(pages).cpu_s, 3) if cost else None,
        "wall_s_per_page": round(cost.per_page(pages).wall_s, 3) if cost else None,
        "wrong_accepted": _wrong(score),
        "misses": _misses(score),
    }


def format_score(score: Score, pages: int, cost: Cost | None) -> str:
    """Return the figures as tables for people."""
    whole = count(score.papers, score.strangers)
    strengths = {**grouped(score, _strength), "tất cả": whole}
    blank = f"{sum(score.blank.values())}/{len(score.blank)}"
    lines = [_table("độ cũ", strengths), "", f"Trang không thuộc giấy tờ nào (trống, ngăn cách), đúng: {blank}"]
    lines.append(f"Bản ghi thừa (không ứng với giấy tờ nào): {score.surplus_records}")
    if cost:
        each = cost.per_page(pages)
        lines.append(f"{pages} trang; mỗi trang {each.cpu_s:.2f} s CPU, {each.wall_s:.2f} s đồng hồ")
    lines += ["", _table("nguồn ảnh", grouped(score, _origin))]
    lines += ["", _table("loại giấy tờ", grouped(score, _type)), "", _table("mẫu", grouped(score, _layout))]
    lines += ["", _field_table(score)]
    for title, misses in (("Tự nhận mà sai", _wrong(score)), ("Chưa đúng", _misses(score))):
        lines += ["", f"{title}: {len(misses)}", *(f"  {miss}" for miss in misses)]
    return "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Draw, run, score and print; return the exit code: 0 it ran, 2 wrong usage, 3 the product did not run."""
    parser = _parser()
    given = parser.parse_args(argv)
    if given.score_only and not (given.home and given.truth):
        print("--score-only cần --home và --truth.", file=sys.stderr)
        return _WRONG_USAGE
    if given.truth and not given.truth.is_file():
        print(f"Không thấy {given.truth}.", file=sys.stderr)
        return _WRONG_USAGE
    try:
        with tempfile.TemporaryDirectory(prefix="sohoa-benchmark-") as scratch:
            score, pages, cost = _measure(given, Path(scratch))
    except ProductError as error:
        print(error, file=sys.stderr)
        return _NOT_RUN
    table = format_score(score, pages, cost)
    if given.save_table:
        given.save_table.write_text(f"{table}\n", encoding="utf-8")
    print(json.dumps(summarise(score, pages, cost), ensure_ascii=False) if given.json else table)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dossiers", description="Vẽ hồ sơ, đọc và chấm điểm.")
    parser.add_argument("--seed", type=int, default=1, help="số gieo; khác số thì không hồ sơ nào trùng (mặc định 1)")
    parser.add_argument("--papers", type=int, default=150, help="ít nhất bao nhiêu giấy tờ (mặc định 150)")
    parser.add_argument("--strength", choices=STRENGTHS, default=MIXED, help="độ cũ của giấy (mặc định mixed)")
    parser.add_argument("--dpi", type=int, default=200, help="độ phân giải (mặc định 200)")
    parser.add_argument("--separators", action="store_true", help="nửa số tập quét có trang ngăn cách của sohoa")
    parser.add_argument("--out", type=Path, help="thư mục giữ hồ sơ đã vẽ; mặc định một thư mục tạm")
    parser.add_argument("--home", type=Path, help="nơi lưu của sản phẩm; mặc định một thư mục tạm, mới")
    parser.add_argument("--truth", type=Path, help="đáp án của hồ sơ đã vẽ: đọc và chấm hồ sơ ấy, không vẽ mới")
    parser.add_argument("--score-only", action="store_true", help="chỉ chấm lại kho ở --home với --truth, không đọc")
    parser.add_argument("--json", action="store_true", help="in số liệu dạng JSON")
    parser.add_argument("--save-table", type=Path, metavar="FILE", help="ghi các bảng ra tệp này")
    return parser


def _measure(given: argparse.Namespace, scratch: Path) -> tuple[Score, int, Cost | None]:
    folder = given.truth.parent if given.truth else given.out or scratch / "drawn"
    if not given.truth:
        sheet = _separator_sheet(scratch / "separator.pdf", given.dpi) if given.separators else None
        write_dossiers(folder, draw_until(given.seed, given.papers, given.strength, given.dpi, sheet), given.dpi)
    home = given.home or scratch / "home"
    cost = None if given.score_only else run_sohoa("ingest", str(folder), "--home", str(home)).cost
    exported = parse_json_lines(run_sohoa("export", "--home", str(home)).text)
    records = [record for record in exported if not record.get("withdrawn")]
    truth = json.loads((given.truth or folder / "truth.json").read_text(encoding="utf-8"))
    sides = folder / "pages.json"
    pages = json.loads(sides.read_text(encoding="utf-8")) if sides.is_file() else {}
    no_paper = {dossier_id: [*known["blank"], *known["separators"]] for dossier_id, known in pages.items()}
    return score_dossiers(truth, no_paper, records), count_pages(folder), cost


def _separator_sheet(path: Path, dpi: int) -> Image.Image:
    """Return a sheet that the product prints to be laid between papers."""
    run_sohoa("separators", "--count", "1", "--out", str(path))
    return convert_from_path(str(path), dpi=dpi)[0]


def _strength(paper: PaperScore) -> str:
    return str(paper.truth.get("profile", "?")).removeprefix("drawn-")


def _origin(paper: PaperScore) -> str:
    return str(paper.truth.get("origin", "?"))


def _type(paper: PaperScore) -> str:
    return str(paper.truth["type"])


def _layout(paper: PaperScore) -> str:
    return f"{paper.truth['type']}: {paper.truth.get('layout', '?')}"


def _outcomes(score: Score) -> list[FieldOutcome]:
    return [outcome for paper in score.papers for outcome in paper.fields]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def _table(heading: str, rows: Mapping[str, Figures]) -> str:
    header = (
        heading,
        "giấy tờ",
        "gom trang đúng",
        "đúng loại",
        "trường",
        "đọc đúng",
        "tự nhận",
        "sai trong tự nhận",
        "đúng mọi trường",
    )
    return format_table(header, [(name, *_cells(figures)) for name, figures in rows.items()])


def _cells(figures: Figures) -> tuple[object, ...]:
    return (
        figures.papers,
        _share(figures.pages_grouped, figures.pages),
        _share(figures.types_right, figures.papers),
        figures.truths,
        _share(figures.right, figures.truths),
        _share(figures.accepted_truths, figures.truths),
        f"{figures.wrong} ({_share(figures.wrong, figures.accepted)})",
        _share(figures.all_right, figures.papers),
    )


def _field_table(score: Score) -> str:
    named = [(f"{one.paper_type}.{one.field}", one) for one in _outcomes(score)]
    rows = []
    for name in sorted(Counter(name for name, _ in named)):
        own = [outcome for other, outcome in named if other == name]
        truths = [outcome for outcome in own if outcome.truth]
        accepted = [outcome for outcome in own if outcome.accepted]
        right = sum(outcome.right for outcome in truths)
        taken = sum(outcome.accepted for outcome in truths)
        wrong = sum(not outcome.right for outcome in accepted)
        invented = sum(bool(outcome.got) for outcome in own if not outcome.truth)
        rows.append((name, len(truths), _share(right, len(truths)), _share(taken, len(truths)), wrong, invented))
    header = ("trường", "có trên giấy", "đọc đúng", "tự nhận", "sai trong tự nhận", "giấy trống mà có giá trị")
    return format_table(header, rows)


def _wrong(score: Score) -> list[str]:
    return [_line(paper, outcome) for paper, outcome in wrong_accepted(score)]


def _misses(score: Score) -> list[str]:
    lines = []
    for paper in score.papers:
        if not paper.grouped or not paper.type_right:
            state = "gom trang đúng" if paper.grouped else "gom trang sai"
            lines.append(f"{_where(paper)}: {state}, loại {paper.found_type}")
        if paper.type_right:  # fields of another type say nothing about why these were missed
            lines += [_line(paper, outcome) for outcome in paper.fields if not outcome.right]
    kept = [f"{name} {place[0]} trang {place[1]}: trang trống hoặc ngăn cách bị coi là giấy tờ"
            for (name, place), right in score.blank.items() if not right]  # fmt: skip
    return lines + kept


def _line(paper: PaperScore | None, outcome: FieldOutcome) -> str:
    where = _where(paper) if paper else f"{outcome.dossier_id} (không ứng với giấy tờ nào)"
    mark = " (tự nhận!)" if outcome.accepted else ""
    return f"{where} {outcome.field}: {outcome.got!r} ≠ {outcome.truth!r}{mark}"


def _where(paper: PaperScore) -> str:
    truth = paper.truth
    numbers = ",".join(str(number) for number in truth["pages"])
    return f"{paper.dossier_id} {truth['file']}:{numbers} {_layout(paper)} ({_strength(paper)}, {_origin(paper)})"


if __name__ == "__main__":
    sys.exit(main())
