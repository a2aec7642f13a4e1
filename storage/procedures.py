"""Procedures in the store: what was imported, as append-only revisions, beside the built-in table.

Whose components hold, for one code: an agency's own table; else the built-in table, which people wrote and checked;
else the national list, which a program split and mapped. Text and decision of the newest national list come with it.
"""

from collections.abc import Iterator

from extractors.procedures.procedure import Procedure, ProcedureSource, normal_code
from extractors.procedures.table_loader import built_in_procedures
from storage.documents import read_document
from storage.key_parsing import parse_procedure_key
from storage.keys import PROCEDURES_PREFIX, procedure_key, procedure_prefix
from storage.objects import ObjectStore
from storage.revisions import Revisions


def procedure_key_of(procedure: Procedure) -> str:
    """Return the name a procedure's revision belongs under.

    Raises:
        ValueError: Its code is none that can be stored.
    """
    return procedure_key(procedure.code, procedure.revision)


def read_procedure(store: ObjectStore, key: str) -> Procedure:
    """Return the revision named `key`, as it was stored.

    Raises:
        SohoaError: `OBJECT_MISSING`, `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    return read_document(store, key, Procedure.from_json, procedure_key_of)


def load_procedure(store: ObjectStore, code: str) -> Procedure | None:
    """Return the procedure that holds for a code, short or long; None when there is none.

    Raises:
        SohoaError: `OBJECT_DAMAGED`: nothing older stands in for a damaged revision; see `ObjectStore`.
    """
    short = normal_code(code)
    if short is None:
        return None
    return _holding(_stored_newest_first(store, short), built_in_procedures().get(short))


def list_procedures(store: ObjectStore) -> tuple[Procedure, ...]:
    """Return every procedure known, by code: the imported and the built-in ones.

    Raises:
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    found = (load_procedure(store, code) for code in procedure_codes(store))
    return tuple(procedure for procedure in found if procedure is not None)


def procedure_codes(store: ObjectStore) -> tuple[str, ...]:
    """Return the codes of all procedures, sorted; of one whose agency gave its table up nothing may be left.

    Raises:
        SohoaError: See `ObjectStore`.
    """
    keys = (parse_procedure_key(key) for key in store.list(PROCEDURES_PREFIX))
    return tuple(sorted({key.code for key in keys if key is not None} | set(built_in_procedures())))


def imported_from_national_list(store: ObjectStore) -> tuple[Procedure, ...]:
    """Return the newest import of the national list of every procedure, by code, whatever else holds for it.

    Raises:
        SohoaError: `OBJECT_DAMAGED`; see `ObjectStore`.
    """
    keys = (parse_procedure_key(key) for key in store.list(PROCEDURES_PREFIX))
    codes = sorted({key.code for key in keys if key is not None})
    found = (_latest_of(_stored_newest_first(store, code), ProcedureSource.NATIONAL_LIST) for code in codes)
    return tuple(procedure for procedure in found if procedure is not None)


def save_procedure(store: ObjectStore, procedure: Procedure) -> Procedure:
    """Store an imported procedure as the next revision, unless the latest one of its source says the same.

    Raises:
        ValueError: It is of the built-in table, which is not stored, or its code cannot be stored.
        SohoaError: See `Revisions.append`.
    """
    if procedure.source is ProcedureSource.BUILT_IN:
        raise ValueError("the built-in table is not stored")
    latest = _latest_of(_stored_newest_first(store, procedure.code), procedure.source)
    if latest is not None and latest.same_content_as(procedure):
        return latest
    return _revisions(store, procedure.code).append(procedure, is_settled=lambda _: False)


def withdraw_agency_table(store: ObjectStore, code: str) -> Procedure | None:
    """Give up the agency's own table of a procedure, so that the built-in or national one holds again.

    Returns:
        What holds now; None when nothing is left under the code.

    Raises:
        SohoaError: See `Revisions.append`.
    """
    short = normal_code(code)
    latest = _latest_of(_stored_newest_first(store, short or ""), ProcedureSource.AGENCY)
    if latest is not None and not latest.withdrawn:
        gone = latest.model_copy(update={"withdrawn": True})
        _revisions(store, latest.code).append(gone, is_settled=lambda _: False)
    return load_procedure(store, code)


def _holding(newest_first: Iterator[Procedure], built_in: Procedure | None) -> Procedure | None:
    national: Procedure | None = None
    gave_up = False
    for stored in newest_first:
        if stored.source is ProcedureSource.AGENCY:
            if not stored.withdrawn and not gave_up:
                return stored
            gave_up = True
        else:
            national = national or stored
    if built_in is None or national is None:
        return built_in or national
    printed = {"text": national.text, "decision": national.decision, "code_basis": national.code_basis}
    return built_in.model_copy(update={**printed, "name": national.name})


def _latest_of(newest_first: Iterator[Procedure], source: ProcedureSource) -> Procedure | None:
    return next((stored for stored in newest_first if stored.source is source), None)


def _stored_newest_first(store: ObjectStore, code: str) -> Iterator[Procedure]:
    try:
        revisions = _revisions(store, code)
    except ValueError:
        return
    for _, key in sorted(revisions.keys().items(), reverse=True):
        yield read_procedure(store, key)


def _revisions(store: ObjectStore, code: str) -> Revisions[Procedure]:
    return Revisions(store, procedure_prefix(code), parse_procedure_key, Procedure.from_json, procedure_key_of)
