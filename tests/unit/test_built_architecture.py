"""What `sam build` wrote has the architecture that it was built for as its default."""

from pathlib import Path

import pytest
from samtranslator.yaml_helper import yaml_parse

from tools import built_architecture

BUILT = """\
Parameters:
  Stage:
    Type: String
    Default: dev
  Architecture:
    Type: String
    Default: arm64
    AllowedValues:
    - arm64
    - x86_64
"""


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """A built application of one service."""
    for folder in (tmp_path, tmp_path / "Orders"):
        folder.mkdir(exist_ok=True)
        (folder / "template.yaml").write_text(BUILT)
    (tmp_path / "Hosting").mkdir()
    (tmp_path / "Hosting/template.yaml").write_text("Parameters: {}\n")
    return tmp_path


def test_the_default_is_what_was_built(build: Path) -> None:
    assert built_architecture.main(["x86_64", str(build)]) == 0
    for template in (build / "template.yaml", build / "Orders/template.yaml"):
        parameters = yaml_parse(template.read_text())["Parameters"]
        assert parameters["Architecture"]["Default"] == "x86_64"
        assert parameters["Stage"]["Default"] == "dev"
    assert (build / "Hosting/template.yaml").read_text() == "Parameters: {}\n"


def test_a_template_without_it_is_exit_code_1(build: Path) -> None:
    (build / "template.yaml").write_text("Parameters: {}\n")
    assert built_architecture.main(["x86_64", str(build)]) == 1


def test_a_wrong_argument_is_exit_code_2(tmp_path: Path) -> None:
    for arguments in (["x86_64", str(tmp_path)], ["mips", str(tmp_path)]):
        with pytest.raises(SystemExit) as ended:
            built_architecture.main(arguments)
        assert ended.value.code == 2
