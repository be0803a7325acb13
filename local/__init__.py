"""Tiketz on one machine: the same templates, handlers and state machine, no AWS account, no Docker."""
