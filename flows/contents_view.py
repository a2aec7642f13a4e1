"""What a clerk is told of a dossier beside its records: cuts to confirm, and listed papers that were not seen."""

import sys
from collections.abc import Iterable, Iterator

from rich.text import Text

from flows.record_view import console_for, paper_type_name
from ocr.messages import on_one_line
from storage.dossier import Component, Dossier, Question
from storage.dossier_words import question_words
from storage.dossiers import load_dossier
from storage.objects import ObjectStore


def contents_lines(dossier: Dossier) -> Iterator[str]:
    """Yield a sentence for each question and for each listed paper that was not seen."""
    for question in dossier.questions:
        yield _question(question)
    for component in dossier.unseen_components:
        yield _unseen(component)


def print_contents(store: ObjectStore, dossier_ids: Iterable[str]) -> None:
    """Print on standard output what is open about the dossiers beside their records.

    Raises:
        SohoaError: The store cannot be used.
    """
    console = console_for(sys.stdout)
    for dossier_id in dict.fromkeys(dossier_ids):
        dossier = load_dossier(store, dossier_id)
        for line in contents_lines(dossier) if dossier else ():
            console.print(Text(f"{on_one_line(dossier_id)}: {line}", style="yellow"), soft_wrap=True)


def _question(question: Question) -> str:
    place = f"{on_one_line(question.page.file)} trang {question.page.page_number}"
    return f"cần xem: {place} {question_words(question)}"


def _unseen(component: Component) -> str:
    if component.paper_type is None:
        return f"“{on_one_line(component.name)}”: có trong giấy tiếp nhận, chưa rõ loại, cần đối chiếu"
    return f"“{on_one_line(component.name)}” ({paper_type_name(component.paper_type)}): chưa thấy trong tập quét"
