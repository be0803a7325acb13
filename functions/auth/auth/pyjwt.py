"""PyJWT without the X.509 that it imports to know a certificate when it sees one: nobody gives us any."""

from tiketz_common import lazy_imports

lazy_imports.lazy_import("cryptography.x509")

import jwt  # noqa: E402
from jwt.algorithms import ECAlgorithm  # noqa: E402

__all__ = ["ECAlgorithm", "jwt"]
