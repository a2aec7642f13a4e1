"""An office that has worked for a month: papers that wait, fields settled by people, looks at papers. All invented."""

import random
from datetime import UTC, datetime, timedelta

from service.roles import Role
from storage.catalogue import RecordRow
from storage.desk.accounts import Account
from storage.desk.clients import Client
from storage.desk.keyings import SECOND
from storage.desk.settlements import Settlement, SettlementKind
from storage.read_log.entry import ReadEntry, ReadKind, RecordRead
from storage.records import save_draft
from tests.services.office import AGENCY, Desk
from tests.storage.deciding import birth_record

SUBJECT = "001190000001"
PEOPLE = (("lan.tran", "Trần Thị Lan"), ("minh.le", "Lê Văn Minh"), ("hoa.do", "Đỗ Thị Hoa"))
SYSTEM = "mot-cua-dien-tu"
_PURPOSES = ("Tiếp nhận hồ sơ tại bộ phận một cửa", "Giải quyết hồ sơ đã tiếp nhận", "Trả lời người dân")
_FIELDS = ("full_name", "date_of_birth", "registration_place", "mother_name", "number", "place_of_birth")


def staff(desk: Desk) -> None:
    """Add the people and the system of the agency, with an auditor and a supervisor of it."""
    for account, name in PEOPLE:
        desk.office.accounts.add(
            Account(account, name, frozenset({Role.CLERK, Role.STEWARD}), AGENCY, is_local=False), None
        )
    for account, name, role in (
        ("giam-sat", "Vũ Thị Giám", Role.AUDITOR),
        ("phu-trach", "Phan Văn Trách", Role.SUPERVISOR),
    ):
        desk.office.accounts.add(Account(account, name, frozenset({role}), AGENCY, is_local=False), None)
    desk.office.clients.add(Client(SYSTEM, "Hệ thống một cửa điện tử", frozenset({Role.READER}), AGENCY))


def looks(desk: Desk, count: int = 130) -> None:
    """Note looks of the last days, those before today shipped into the store; some are about `SUBJECT`."""
    chance, now = random.Random(5), datetime.now(UTC)
    key = desk.office.identity_key.subject(SUBJECT)
    readers = (*(account for account, _ in PEOPLE), f"client:{SYSTEM}")
    entries = []
    for nth in range(count):
        kind = chance.choices(list(ReadKind)[:5], (60, 5, 25, 3, 7))[0]
        is_lookup = kind in {ReadKind.LOOKUP, ReadKind.RELATED}
        entries.append(
            ReadEntry(
                at=now - timedelta(minutes=nth * 53 + 1),
                kind=kind,
                reader=chance.choice(readers),
                agency=AGENCY,
                purpose=chance.choice(_PURPOSES),
                procedure=chance.choice(("1.001193", "1.004873", "2.000815")) if is_lookup else None,
                dossier_code=f"H05.12-261120-{nth:04d}" if is_lookup else None,
                subject_key=key if nth % 12 == 0 else desk.office.identity_key.subject(f"0011901{nth:05d}"),
                records=() if is_lookup else (RecordRead(record_id=f"r{nth:024x}", revision=1),),
                held=1,
                refused=int(is_lookup and chance.random() < 0.1),
            )
        )
    for entry in reversed(entries):
        desk.office.read_log.append(entry)


def work(desk: Desk, waiting: int = 40, settled: int = 900) -> tuple[RecordRow, ...]:
    """Let papers wait and people settle fields over the last 30 days; two of the papers wait for a third person."""
    chance, now = random.Random(11), datetime.now(UTC)
    for nth in range(waiting):
        made = birth_record(nth, doubtful=("sex", "mother_name"))
        since = made.provenance.model_copy(update={"created_at": now - timedelta(hours=chance.expovariate(1 / 150))})
        metadata = {**made.metadata, "agency": chance.choice((AGENCY, f"{AGENCY}.3", f"{AGENCY}.7"))}
        saved = save_draft(desk.office.store, made.model_copy(update={"metadata": metadata, "provenance": since}))
        desk.office.catalogue.project_record(saved)
    rows = desk.office.catalogue.waiting(limit=waiting)
    noted = []
    for nth in range(settled):
        account = chance.choice(PEOPLE)[0]
        kind = chance.choices(list(SettlementKind), (70, 15, 12, 3))[0]
        is_sampled = chance.random() < 0.15
        noted.append(
            Settlement(
                at=now - timedelta(hours=chance.randrange(30 * 24)),
                record_id=f"r{nth:024x}",
                paper_type=chance.choice(("giay-khai-sinh", "trich-luc-khai-sinh", "can-cuoc")),
                field=chance.choice(_FIELDS),
                agency=AGENCY,
                account=account,
                kind=kind,
                seconds=min(chance.expovariate(1 / (4 + 2 * len(account) % 5)) + 1, 90),
                machine_right=kind is SettlementKind.CONFIRMED or (is_sampled and chance.random() < 0.97),
                sampled=is_sampled,
            )
        )
    desk.office.settlements.note(noted)
    for row in rows[:2]:
        desk.office.keyings.key_first(row.record_id, "lan.tran", {"number": "12/2019"})
        desk.office.keyings.key_again(row.record_id, SECOND, "minh.le", {"number": "17/2019"}, {"number": False})
    return rows
