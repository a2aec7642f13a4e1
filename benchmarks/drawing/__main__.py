"""`python -m benchmarks.drawing OUT --seed N --dossiers N --strength …`: write invented dossiers to a folder."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.drawing.dossier import DrawnDossier, draw_dossier, write_dossiers
from benchmarks.drawing.fonts import FontMissingError
from benchmarks.drawing.paper import MIXED, STRENGTHS

# Fields that tell what a paper is about, whichever it has.
_TELLING = ("full_name", "subject", "wife_name", "owner_name", "company_name", "grantee_name", "procedure_name")


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drawing", description="Vẽ hồ sơ mẫu (người bịa đặt).")
    parser.add_argument("out", type=Path, metavar="OUT", help="thư mục ghi ra")
    parser.add_argument("--seed", type=int, default=1, help="số gieo; cùng số thì cùng hồ sơ (mặc định 1)")
    parser.add_argument("--dossiers", type=int, default=3, help="số hồ sơ (mặc định 3)")
    parser.add_argument("--strength", choices=STRENGTHS, default=MIXED, help="độ cũ của giấy (mặc định mixed)")
    parser.add_argument("--dpi", type=int, choices=(150, 200, 300), default=200, help="độ phân giải (mặc định 200)")
    return parser.parse_args(argv)


def _describe(dossier: DrawnDossier) -> list[str]:
    pages = sum(len(file.pages) for file in dossier.files)
    names = ", ".join(file.name for file in dossier.files)
    blank = f" ({len(dossier.blank)} trống)" if dossier.blank else ""
    lines = [f"{dossier.dossier_id}: {len(dossier.papers)} giấy tờ, {pages} trang{blank}, {names}"]
    for paper in dossier.papers:
        fields = paper["fields"]
        what = next((fields[name] for name in _TELLING if fields.get(name)), "")
        numbers = ", ".join(str(number) for number in paper["pages"])
        lines.append(f"  - {paper['type']} ({paper['file']}, trang {numbers}): {what}")
    return lines


def main(argv: list[str] | None = None) -> int:
    """Draw, write and tell; return the exit code: 0 done, 2 wrong usage, 3 font missing."""
    given = _arguments(argv)
    try:
        write_dossiers(given.out, _drawn(given), given.dpi)
    except FontMissingError as error:
        print(error, file=sys.stderr)
        return 3
    count, out = given.dossiers, given.out
    print(f"Đã vẽ {count} hồ sơ (người và cơ quan đều bịa đặt) vào {out}; đáp án: {out}/truth.json")
    return 0


def _drawn(given: argparse.Namespace) -> Iterator[DrawnDossier]:
    """Yield dossiers one by one, telling of each."""
    for number in range(given.dossiers):
        dossier = draw_dossier(given.seed + number, given.strength, given.dpi, dossier_id=f"hs-{number + 1:03d}")
        print("\n".join(_describe(dossier)))
        yield dossier


if __name__ == "__main__":
    sys.exit(main())
