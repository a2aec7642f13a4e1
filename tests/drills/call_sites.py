"""Where the product writes: the functions in which a store, the catalogue or the home is written to, told from the source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import storage

REPOSITORY = Path(storage.__file__).parents[1]
PACKAGES = ("storage", "flows", "commands")

# Methods of stores, of the catalogue and of what fills it, of revisions and cases, and of paths.
WRITING = frozenset(
    {
        "put", "create", "put_file", "erase",
        "project_record", "project_dossier",
        "enter_records", "enter_dossiers", "enter_piece", "mark_filled", "writing",
        "follow",
        "write_text", "write_bytes", "hardlink_to", "rename", "unlink", "O_CREAT", "make_bucket",
    }
)  # fmt: skip
# What carries out the writing itself: each store, and the tables of the catalogue.
CARRIERS = ("storage.folder_store", "storage.s3.store", "storage.s3.upload")
# Each method there is one transaction, done as a whole or not at all; its tests are beside it (`test_desk_…`).
DESK = "storage.desk."


def call_sites() -> dict[str, set[str]]:
    """Return the functions that write, as `module:Class.function`, with what they call."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            module = ".".join(path.relative_to(REPOSITORY).with_suffix("").parts)
            if module not in CARRIERS and not module.startswith(DESK):
                for function, called in _sites_in(ast.parse(path.read_text("utf-8")), ()):
                    found.setdefault(f"{module}:{function}", set()).add(called)
    return found


def _sites_in(node: ast.AST, within: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for child in ast.iter_child_nodes(node):
        named = isinstance(child, ast.ClassDef | ast.FunctionDef)
        yield from _sites_in(child, (*within, child.name) if named else within)
        called = _writes(child)
        if called is not None:
            yield ".".join(within), called


def _writes(node: ast.AST) -> str | None:
    """Return what is called, where it writes. Methods that are handed on uncalled count as well."""
    if not isinstance(node, ast.Attribute):
        if isinstance(node, ast.Call):
            return _writes_through(node)
        return None
    return node.attr if node.attr in WRITING else None


def _writes_through(call: ast.Call) -> str | None:
    """Return `append` of revisions and `open` of cases: other things are appended to and opened as well."""
    method = call.func
    if not isinstance(method, ast.Attribute) or not isinstance(method.value, ast.Call):
        return None
    maker = method.value.func
    name = maker.id if isinstance(maker, ast.Name) else ""
    is_writing = (method.attr == "append" and "revisions" in name.lower()) or (
        method.attr == "open" and name.endswith("_in")
    )
    return f"{name}().{method.attr}" if is_writing else None
