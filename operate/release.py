"""What is deployed, as one short hash: when any of it changes, functions behind an alias get a new version.

SAM names a version after a hash of the template, in which a parameter is only mentioned: another value of it
would reach the function and never the version that answers. So the values are hashed here, with the code.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from operate.stages import ROOT

PARTS = ("functions", "layers", "template.yaml", "tools/bytecode.py")


def release(parameters: Mapping[str, str], root: Path = ROOT) -> str:
    """Twenty hexadecimal digits for these parameters and the code as it is; SAM names versions by ten."""
    told = sha256()
    for name, value in sorted(parameters.items()):
        told.update(f"{name}={value}\n".encode())
    for part in PARTS:
        for path in sorted((root / part).rglob("*")) if (root / part).is_dir() else [root / part]:
            if path.is_file() and "__pycache__" not in path.parts:
                content = sha256(path.read_bytes()).hexdigest()
                told.update(f"{path.relative_to(root)} {content}\n".encode())
    return told.hexdigest()[:20]
