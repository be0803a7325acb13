"""A stand-in for Stripe: its API as a state machine, in process or on a socket. See README.md."""
