"""Commands that a developer runs on the code base; no part of the local environment."""
