"""Simulate the Usage Metrics API: a seeded synthetic organization behind a real HTTP server.

The organization and its activity: `time_conversion, calendar, names, people, activity, aggregation, world`.
The endpoints, one module each: `endpoints`. What several of them need: `quirks, route_dependencies, schemas, paging,
api_errors, usage_responses, v1_ratios`.
The API over HTTP: `app, docs_page, date_header, wait_for_disconnect`.
Responses in the shape of those of a real installation: `shape_file, shaped_values, shaped_responses`.
Faults, request log and server: `faults, fault_injection, request_log, server`.

Only the command line and the tests import this package, and it imports nothing else of the project.
"""
