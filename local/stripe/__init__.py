"""Stripe, played on one machine.

machine.py                      the state machine: requests in, answers and webhooks out
operations, params              what may be asked, and how it is written
intents, attempts, refunds      what then happens
objects, cards, errors          what is shown, charged and refused
lists, idempotency, keys, faults, webhooks
                                what goes round every request
ledger                          all that is remembered
in_process.py                   the machine as a transport of stripe-python
http.py, pages.py               the machine on a socket, with the bank's 3-D Secure page
account, store, courier         shared, kept in one file, its webhooks delivered
browser/                        a stand-in for Stripe.js and the Payment Element
"""
