"""A real S3 on loopback: moto's server, which answers one write at a time, as S3 decides between conditional writes.

moto looks whether an object is there and then writes it, in several threads: S3 does both at once.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from moto.moto_server import threaded_moto_server


@contextmanager
def serve_buckets() -> Iterator[dict[str, str]]:
    """Serve an S3 without any bucket; gives the environment in which it is found."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = threaded_moto_server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    turn, app = threading.Lock(), server._server.app

    def one_at_a_time(environ: Any, start_response: Any) -> Any:
        with turn:
            return list(app(environ, start_response))

    server._server.app = one_at_a_time
    host, port = server.get_host_and_port()
    try:
        yield {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "pretended",
            "AWS_SECRET_ACCESS_KEY": "pretended",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "nowhere",
            "AWS_SHARED_CREDENTIALS_FILE": "nowhere",
            "NO_PROXY": host,
        }
    finally:
        server.stop()
