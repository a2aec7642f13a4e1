"""Layouts and their zones, by name: what a paper type may refer to. The geometry is in `extractors.layout`."""

from collections.abc import Mapping

# Zones of an administrative act. Source: NĐ 30/2020 Phụ lục I, boxes 2, 3, 4, 5a/5b, 7a, 7b.
# `number_line` and `date_line` are the whole lines in which number and day are blanks, written in by pen.
ACT_ZONES = (
    "organ",
    "number",
    "number_line",
    "notation",
    "place",
    "date",
    "date_line",
    "subject",
    "signer_title",
    "signer_name",
)

# A certificate prints the same heading; its number is found by its label. Some carry place and date above the signature
# instead of in the heading: `signing_date`.
CERTIFICATE_ZONES = (
    "organ",
    "place",
    "date",
    "date_line",
    "signing_date",
    "signing_date_line",
    "signer_title",
    "signer_name",
)

# The receipt of a dossier lists its papers in a table.
RECEIPT_ZONES = (*CERTIFICATE_ZONES, "components")

RECEIPT_LAYOUT = "receipt"
LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "act": ACT_ZONES,
    "certificate": CERTIFICATE_ZONES,
    RECEIPT_LAYOUT: RECEIPT_ZONES,
}
