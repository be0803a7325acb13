"""PyJWT without the X.509 that it imports to know a certificate when it sees one: nobody gives us any."""

import sys
from importlib.util import LazyLoader, find_spec, module_from_spec

import cryptography


def _when_used(name: str) -> None:
    """Import a module of cryptography when an attribute of it is first asked for.

    The recipe is https://docs.python.org/3/library/importlib.html#implementing-lazy-imports.
    """
    spec = find_spec(name)
    if name in sys.modules or spec is None or spec.loader is None:
        return
    spec.loader = LazyLoader(spec.loader)
    sys.modules[name] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules[name])
    setattr(cryptography, name.rpartition(".")[2], sys.modules[name])


_when_used("cryptography.x509")

import jwt  # noqa: E402
from jwt.algorithms import ECAlgorithm  # noqa: E402

__all__ = ["ECAlgorithm", "jwt"]
