"""Every tool has --help, and reports a wrong argument in one sentence with exit code 2."""

import runpy
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "tools"
TOOLS = sorted(path.stem for path in FOLDER.glob("*.py") if '__name__ == "__main__"' in path.read_text())


def run(monkeypatch: pytest.MonkeyPatch, tool: str, argument: str) -> object:
    """The exit code of `python -m tools.<tool> <argument>`."""
    monkeypatch.setattr(sys, "argv", [tool, argument])
    monkeypatch.delitem(sys.modules, f"tools.{tool}", raising=False)
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(f"tools.{tool}", run_name="__main__")
    return ended.value.code


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_has_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tool: str
) -> None:
    assert run(monkeypatch, tool, "--help") == 0
    assert capsys.readouterr().out.startswith(f"usage: python -m tools.{tool} ")


@pytest.mark.parametrize("tool", TOOLS)
def test_a_wrong_argument_is_one_sentence_and_exit_code_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tool: str
) -> None:
    assert run(monkeypatch, tool, "--nonsense") == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
