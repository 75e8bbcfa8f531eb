"""Simulate the Usage Metrics API: a seeded synthetic organization behind a real HTTP server.

The organization and its activity: `calendar, names, people, activity, aggregation, world`.
The world in the format of the API: `v1_factors, usage_answers, account_answers`.
The API over HTTP: `schemas, query_parameters, paging, error_bodies, service, app, docs_page, date_header`.
Faults, request log and server: `faults, fault_injection, request_log, server`.

Only the command line and the tests import this package, and it imports nothing else of the project.
"""
