"""Bytecode in a built artifact: valid whatever the time of its source."""

import importlib.util
import os
import py_compile
import subprocess
import sys
from pathlib import Path

import pytest

from tools import bytecode

UNCHECKED = 0b01  # PEP 552: a hash that is not checked


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """Two equal modules, as in a layer of two services."""
    for service in ("Orders", "Tickets"):
        package = tmp_path / service / "Common/python/package"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text("answer = 42\n")
    return tmp_path


def test_every_module_has_bytecode_that_is_not_validated(artifact: Path) -> None:
    assert bytecode.compile_all(artifact) == 2
    for module in artifact.rglob("*.py"):
        compiled = Path(importlib.util.cache_from_source(str(module))).read_bytes()
        assert compiled[:4] == importlib.util.MAGIC_NUMBER
        assert int.from_bytes(compiled[4:8], "little") == UNCHECKED


def test_a_module_from_a_zip_is_not_compiled_again(artifact: Path) -> None:
    bytecode.compile_all(artifact)
    [module] = artifact.glob("Orders/**/*.py")
    os.utime(module, (315532800, 315532800))
    folder = str(module.parents[1])
    command = [sys.executable, "-v", "-P", "-c", "import package"]
    done = subprocess.run(command, env={"PYTHONPATH": folder}, capture_output=True, text=True, check=True)
    assert f"code object from '{importlib.util.cache_from_source(str(module))}'" in done.stderr


def test_a_module_that_does_not_compile_fails_the_build(artifact: Path) -> None:
    (artifact / "Orders/broken.py").write_text("def\n")
    with pytest.raises(py_compile.PyCompileError, match=r"broken\.py"):
        bytecode.compile_all(artifact)
