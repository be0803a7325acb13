"""The release: one hash of the code and the parameters, which names the functions' versions.

SAM names a version after a hash of the template, which only refers to its parameters: without this hash a
new value would reach the function but not the version that serves requests.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from operate.stages import ROOT

SOURCES = ("functions", "layers", "template.yaml", "tools/bytecode.py")


def release(parameters: Mapping[str, str], root: Path = ROOT) -> str:
    """20 hexadecimal digits of these parameters and the present code; SAM uses the first 10."""
    digest = sha256()
    for name, value in sorted(parameters.items()):
        digest.update(f"{name}={value}\n".encode())
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")) if (root / source).is_dir() else [root / source]:
            if path.is_file() and "__pycache__" not in path.parts:
                content = sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(root)} {content}\n".encode())
    return digest.hexdigest()[:20]
