"""A stand-in for the Usage Metrics API: a seeded synthetic organization behind a real HTTP server.

The organization and what its people did: `calendar, names, people, activity, totals, world`.
The world put into the API's words: `factors, usage_answers, account_answers`.
What is accepted, answered and refused over HTTP: `contract, parameters, paging, refusals, service, app, docs_page`.
How it fails on demand, what it remembers, how it runs: `faults, misbehaviour, request_log, server`.

Only the command line and the tests import it.
"""
