"""PyJWT without the import of cryptography.x509, which it needs only for certificates."""

from tiketz_common import lazy_imports

lazy_imports.lazy_import("cryptography.x509")

import jwt  # noqa: E402
from jwt.algorithms import ECAlgorithm  # noqa: E402

__all__ = ["ECAlgorithm", "jwt"]
