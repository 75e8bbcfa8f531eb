"""Serve S3 on loopback with moto, one write at a time.

moto checks for an existing object and writes a new one in separate steps and in several threads. S3 does both
atomically, so a lock serializes the requests.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.moto_server import threaded_moto_server


@contextmanager
def serve_buckets() -> Iterator[dict[str, str]]:
    """Serve S3 without any bucket and yield the environment variables for its clients."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = threaded_moto_server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    wsgi_server = server._server
    assert wsgi_server is not None
    lock, app = threading.Lock(), wsgi_server.app

    def serialized(environ: Any, start_response: Any) -> Any:
        with lock:
            return list(app(environ, start_response))

    wsgi_server.app = serialized
    host, port = server.get_host_and_port()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "nowhere",
            "AWS_SHARED_CREDENTIALS_FILE": "nowhere",
            "NO_PROXY": host,
        }
    finally:
        server.stop()
