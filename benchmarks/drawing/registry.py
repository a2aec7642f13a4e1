"""Every paper type that can be drawn, with its layouts."""

from collections.abc import Mapping

from benchmarks.drawing import business, cards, civil_forms, land, permits, receipts
from benchmarks.drawing.acts import ACT_TYPES, draw_act
from benchmarks.drawing.chance import Generator
from benchmarks.drawing.forms import Drawn, Form, Occasion

RECEIPT = "giay-tiep-nhan-ho-so"


def _act(paper_type: str) -> Form:
    """Return the one layout of an administrative act: Nghị định 30/2020/NĐ-CP leaves no other."""

    def form(generator: Generator, occasion: Occasion) -> Drawn:
        pages, fields = draw_act(generator, paper_type, occasion.dpi, occasion.stamp_over_name, occasion.family)
        return Drawn(pages, fields, "nd-30")

    return form


FORMS: Mapping[str, tuple[Form, ...]] = {
    **{paper_type: (_act(paper_type),) for paper_type in ACT_TYPES},
    **civil_forms.FORMS,
    **permits.FORMS,
    **cards.FORMS,
    **land.FORMS,
    **business.FORMS,
    **receipts.FORMS,
}
PAPER_TYPES = tuple(FORMS)
