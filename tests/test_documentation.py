"""Documentation is tested: what a user can type, set or be told stands in the README or in docs."""

import re
from pathlib import Path

import pytest

import sohoa  # noqa: TID251  the command line is what is documented
from extractors.rules.table import RULES
from extractors.wording import DOUBTS, SUPPORTS
from ocr.messages import MESSAGES
from ocr.problem import Code
from storage.settings import NAMES

ROOT = Path(__file__).parents[1]
CONTRADICT_ONLY = {"birth-of-personal-id", "name-of-zone", "not-before", "organ-of-notation"}
READMES = ("README.md", "README.en.md")


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def commands() -> list[str]:
    return sorted(command.name or command.callback.__name__ for command in sohoa.app.registered_commands)


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_in_the_readme(readme: str) -> None:
    missing = [name for name in commands() if f"`sohoa {name}" not in text_of(readme)]
    assert missing == []


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_in_the_readme(readme: str) -> None:
    assert [name for name in NAMES if f"`{name}`" not in text_of(readme)] == []


def test_every_exit_code_is_in_the_readme() -> None:
    codes = {sohoa.DONE, sohoa.PARTIAL, sohoa.USAGE, sohoa.MISSING_PROGRAM, sohoa.STORE_TROUBLE, sohoa.NOT_FOUND}
    codes |= {sohoa.UNEXPECTED, sohoa.INTERRUPTED, *sohoa._EXIT_CODES.values()}
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", text_of("README.md"), re.MULTILINE)}
    assert documented == codes


def test_every_error_code_has_its_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", text_of("docs/ma-loi.md"), re.MULTILINE)
    assert {(code, what, action) for code, what, action in rows} == {
        (code.value, message.what, message.action) for code, message in MESSAGES.items()
    }
    assert {code for code, _, _ in rows} == {code.value for code in Code}


def test_every_link_in_the_documents_leads_somewhere() -> None:
    for name in (*READMES, "docs/kien-truc.md", "docs/tin-cay.md", "benchmarks/README.md"):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text_of(name)):
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


def test_every_rule_and_reason_has_words_for_people() -> None:
    supporting = {name.replace("_", "-") for name in RULES} - CONTRADICT_ONLY
    assert supporting <= set(SUPPORTS)
    sources = [path.read_text("utf-8") for path in (ROOT / "extractors" / "kinds").glob("*.py")]
    reasons = {reason for source in sources for reason in re.findall(r'invalid\("([a-z-]+)"\)', source)}
    reasons |= {reason for source in sources for reason in re.findall(r'Parsed\([^()]*, "([a-z-]+)"', source)}
    assert sorted(reasons - set(DOUBTS)) == []
