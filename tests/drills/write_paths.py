"""Every way in which the product writes to a store, the catalogue, the read log or a home, and how each is drilled.

Whoever adds one adds it here: `test_write_paths.py` finds the writing functions in the source and compares.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ocr.problem import Code
from tests.drills import deeds
from tests.drills.world import World


@dataclass(frozen=True)
class WritePath:
    """One way of writing, that is drilled.

    Attributes:
        name: Stands for it in faults and in docs/kiem-kho.md.
        perform: Does it in a home, as its command does.
        prepare: Makes the home it needs.
        refused: What a repetition may be refused with, all of it having been done before.
        adds: A repetition after all of it was done adds another of the same: the person may have meant that.
        removes: It removes objects.
        with_second: The home has a second store.
        most_points: At how many points it is killed at most, evenly spread.
    """

    name: str
    perform: Callable[[Path], None]
    prepare: Callable[[World], None] = deeds.nothing
    refused: frozenset[Code] = frozenset()
    adds: bool = False
    removes: bool = False
    with_second: bool = False
    most_points: int = 17


_DONE_ALREADY = frozenset({Code.DECISION_INVALID})
_NOBODY_LEFT = frozenset({Code.RECORD_UNKNOWN})

INTAKE = (
    WritePath("scan", deeds.receive_scan, deeds.a_scan),
    WritePath("page-text", deeds.save_text, deeds.a_scan_held),
    WritePath("second-reading", deeds.save_second_reading, deeds.a_scan_held),
    WritePath("paper", deeds.save_paper),
    WritePath("paper-again", deeds.save_paper_again, deeds.one_paper),
    WritePath("withdraw", deeds.withdraw_paper, deeds.a_paper_of_before),
    WritePath("dossier-again", deeds.save_dossier_again, deeds.one_paper),
    WritePath("arrange", deeds.arrange_pages, deeds.one_paper),
    WritePath("batch", deeds.save_batch, deeds.a_scan_held),
    WritePath("preview", deeds.save_preview, deeds.a_scan_held),
    WritePath("paper-pdf", deeds.make_pdf, deeds.a_drawn_paper),
    WritePath("calibration", deeds.calibrate, adds=True),
    WritePath("procedures-national-list", deeds.import_procedures, deeds.a_published_list),
    WritePath("procedures-own-table", deeds.import_procedures, deeds.an_own_table),
    WritePath("procedures-reset", deeds.reset_procedure, deeds.an_imported_table),
    WritePath("reindex", deeds.reindex, deeds.a_catalogue_behind),
    WritePath("reindex-full", deeds.reindex_full, deeds.a_catalogue_behind),
    WritePath("new-catalogue-and-keys", deeds.open_home, deeds.no_catalogue),
    WritePath("account-file", deeds.write_account),
)
PEOPLE = (
    WritePath("approve", deeds.approve, deeds.one_paper, _DONE_ALREADY),
    WritePath("correct", deeds.correct, deeds.doubtful_paper, _DONE_ALREADY),
    WritePath("reject", deeds.reject, deeds.one_paper, _DONE_ALREADY),
    WritePath("reopen", deeds.reopen, deeds.one_paper, _DONE_ALREADY),
    WritePath("revoke", deeds.revoke, deeds.one_paper, _DONE_ALREADY),
    WritePath("supersede", deeds.supersede, deeds.two_papers),
    WritePath("reinstate-superseded", deeds.reinstate, deeds.decided(deeds.supersede), _DONE_ALREADY),
    WritePath("reinstate-revoked", deeds.reinstate, deeds.decided(deeds.revoke), _DONE_ALREADY),
    WritePath("read", deeds.show, deeds.one_paper, adds=True),
    WritePath("request", deeds.request, deeds.one_paper, adds=True),
    WritePath("request-granted", deeds.grant, deeds.a_request, _DONE_ALREADY),
    WritePath("request-refused", deeds.refuse, deeds.a_request, _DONE_ALREADY),
    WritePath("hold", deeds.hold, deeds.one_paper, adds=True),
    WritePath("release", deeds.release, deeds.a_hold, _DONE_ALREADY),
    WritePath("erase", deeds.erase, deeds.papers_of_one_person, _NOBODY_LEFT, removes=True, with_second=True),
    WritePath("readmit", deeds.readmit, deeds.an_erasure, _DONE_ALREADY, with_second=True),
    WritePath("reapply", deeds.reapply, deeds.a_restored_backup, removes=True, with_second=True),
)
GROUPS = {"intake": INTAKE, "people": PEOPLE}

# Killed at every step by tests of their own; the same words stand in docs/kiem-kho.md.
DRILLED_ELSEWHERE = {
    "ingest": ("tests/flows/test_crash_points.py", "tests/flows/test_interruption.py"),
    "spool": ("tests/storage/test_read_log.py",),
    "mirror": ("tests/storage/drills/test_killed_upkeep.py",),
    "repair": ("tests/storage/drills/test_killed_upkeep.py",),
    "ledger": ("tests/storage/test_verify_ledger.py",),
    "erase-every-object": ("tests/storage/rights/test_rights_crash.py",),
    "server": ("tests/drills/test_killed_requests.py",),
}
# Beside store, catalogue, read log and what a home must not lose; a file half made is made anew by the same command.
NOT_DRILLED = {
    "files-for-people": "written where the person says: export, separator sheets, calibration and policies as files",
    "working-copies": "opened pages and reports of the nightly check: made again, old ones are cleared away",
    "set-up": "each step asks the server first what is there; repeating it: tests/storage/test_s3_setup.py",
}

_DECISIONS = (
    "approve",
    "correct",
    "reject",
    "reopen",
    "revoke",
    "supersede",
    "reinstate-superseded",
    "reinstate-revoked",
)
_CASES = ("request", "request-granted", "request-refused", "hold", "release", "erase", "readmit", "reapply")
_ERASING = ("erase", "reapply", "erase-every-object")

# The functions that write (see `call_sites`), and the paths above on which each is reached.
WRITERS: dict[str, tuple[str, ...]] = {
    "storage.scans:receive": ("scan",),
    "storage.pages:save_page": ("page-text", "ingest"),
    "storage.readings:save_reading": ("second-reading",),
    "storage.records:save_draft": ("paper", "paper-again", "ingest"),
    "storage.records:withdraw": ("withdraw",),
    "storage.records:save_decision": _DECISIONS,
    "storage.dossiers:save_dossier": ("paper", "dossier-again", "ingest"),
    "storage.dossiers:arrange_dossier": ("arrange",),
    "storage.calibrations:save_calibration": ("calibration",),
    "storage.procedures:save_procedure": ("procedures-national-list", "procedures-own-table"),
    "storage.procedures:withdraw_agency_table": ("procedures-reset",),
    "storage.revisions:Revisions.append": ("paper", "paper-again", "withdraw", "dossier-again", "procedures-reset"),
    "storage.revisions:Revisions.follow": (*_DECISIONS, "arrange"),
    "storage.acts:project": _DECISIONS,
    "storage.batches:save_batch": ("batch",),
    "storage.previews:keep_preview": ("preview", "ingest"),
    "storage.paper_pdf:paper_pdf": ("paper-pdf",),
    "storage.arranging:arrange": ("arrange",),
    "flows.drafting:save_drafts": ("paper", "paper-again", "ingest"),
    "flows.drafting:withdraw_others": ("withdraw",),
    "flows.assembly:assemble_dossier": ("paper", "dossier-again", "ingest"),
    "storage.read_log.log:ReadLog._store_once": ("read", "spool", "server"),
    "storage.read_log.opening:open_read_log.enter": ("read", "spool"),
    "storage.read_log.spool:SpoolWriter.__init__": ("read", "spool"),
    "storage.read_log.spool:remove_file": ("read", "spool"),
    "storage.read_log.spool:remove_unfinished": ("spool",),
    "storage.rights.cases:Cases._create": _CASES,
    "storage.rights.request:request_correction": ("request",),
    "storage.rights.request:answer_request": ("request-granted", "request-refused"),
    "commands.subject:hold_command": ("hold",),
    "commands.subject:release_command": ("release",),
    "commands.subject_erase:erase": ("erase",),
    "storage.rights.execution:Eraser.erase": ("erase", "erase-every-object"),
    "storage.rights.execution:Eraser._bury": _ERASING,
    "storage.rights.execution:Eraser.readmit": ("readmit",),
    "storage.rights.execution:Eraser._with_strays": _ERASING,
    "storage.rights.execution:Eraser._finished": _ERASING,
    "storage.rights.execution:Eraser._keep_proof": ("reapply",),
    "storage.rights.execution:_erase": _ERASING,
    "storage.rights.execution:_bury_record": _ERASING,
    "storage.rights.execution:_bury_dossier": _ERASING,
    "storage.rights.execution:_bury_batch": _ERASING,
    "storage.rights.execution:_bury_request": _ERASING,
    "storage.rights.execution:_copy": ("erase", "readmit", "reapply"),
    "storage.mirror:_copy_document": ("mirror",),
    "storage.mirror:_copy_bytes": ("mirror",),
    "storage.mirror:_erase": ("mirror",),
    "storage.repair:_put_aside": ("repair", "mirror"),
    "storage.repair:_write": ("repair", "mirror"),
    "storage.repair:_enter_again": ("repair",),
    "storage.integrity.ledger:_locked": ("ledger",),
    "storage.reindex:reindex": ("reindex", "reindex-full", "new-catalogue-and-keys"),
    "storage.settings:Settings.open_catalogue": ("new-catalogue-and-keys",),
    "storage.migrations:Migrations.upgrade": ("new-catalogue-and-keys",),
    "storage.catalogue.catalogue:Catalogue.project_record": ("paper", "withdraw", *_DECISIONS, "erase"),
    "storage.catalogue.catalogue:Catalogue.project_dossier": ("paper", "dossier-again", "erase"),
    "storage.catalogue.filling:Filling.mark_filled": ("reindex",),
    "storage.catalogue.filling:Filling.enter_records": ("reindex", "reindex-full"),
    "storage.catalogue.filling:Filling.enter_dossiers": ("reindex", "reindex-full"),
    "storage.catalogue.filling:Filling.enter_piece": ("read", "reindex"),
    "storage.home_secret:_make": ("new-catalogue-and-keys",),
    "storage.home_secret:_remove_leftovers": ("new-catalogue-and-keys",),
    "storage.s3.accounts:_written_secret": ("account-file",),
    "storage.s3.setup:_make_bucket.make": ("set-up",),
    "storage.rights.handing_over:_nothing_half_done": ("files-for-people",),
    "storage.rights.handing_over:_Folder.add": ("files-for-people",),
    "storage.rights.handing_over:new_parcel": ("files-for-people",),
    "flows.calibrate:write_calibration": ("files-for-people",),
    "flows.separator_sheets:write_separators": ("files-for-people",),
    "commands.store:_write": ("files-for-people",),
    "flows.opened_pages:OpenedPages.keep": ("working-copies",),
    "flows.opened_pages:OpenedPages.drop": ("working-copies",),
    "flows.workshop:_keep_temporary_files_in": ("working-copies",),
    "flows.verification:keep_report": ("working-copies",),
}
