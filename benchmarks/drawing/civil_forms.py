"""All layouts of the papers of civil status and of judicial records, by paper type."""

from collections.abc import Mapping

from benchmarks.drawing import civil_birth, civil_confirmations, civil_judicial, civil_marriage, civil_requests
from benchmarks.drawing.forms import Form

FORMS: Mapping[str, tuple[Form, ...]] = {
    "giay-khai-sinh": (
        civil_birth.current_certificate,
        civil_birth.certificate_of_2010,
        civil_birth.certificate_of_2006,
        civil_birth.certificate_copy,
    ),
    "trich-luc-khai-sinh": (civil_birth.current_extract, civil_birth.extract_with_notes),
    "giay-chung-nhan-ket-hon": (civil_marriage.wife_left, civil_marriage.husband_left, civil_marriage.old_form),
    "giay-xac-nhan-tinh-trang-hon-nhan": (
        civil_confirmations.marital_status,
        civil_confirmations.marital_status_on_leaders,
    ),
    "trich-luc-khai-tu": (civil_confirmations.death_extract, civil_confirmations.death_extract_with_words),
    "to-khai-dang-ky-khai-sinh": (civil_requests.request_of_2020, civil_requests.request_of_2024),
    "phieu-ly-lich-tu-phap": (civil_judicial.by_justice_department, civil_judicial.by_police),
}
