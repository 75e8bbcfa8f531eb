"""A TCP server on loopback that misbehaves: it is silent, resets connections, answers slowly, endlessly, or freezes."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

import trustme

Behavior = Callable[[socket.socket, threading.Event], None]
"""Serves one connection until the event is set."""


@contextmanager
def serve(behavior: Behavior) -> Iterator[int]:
    """Yield the port of a server that behaves so on each connection, in a thread for each."""
    if behavior is refusing:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            yield unused.getsockname()[1]
        return
    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threads = [threading.Thread(target=_accept, args=(listener, behavior, stopped), daemon=True)]
        threads[0].start()
        try:
            yield listener.getsockname()[1]
        finally:
            stopped.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            threads[0].join()


def silent(connection: socket.socket, stopped: threading.Event) -> None:
    """Accept, and never answer."""
    stopped.wait()


def reset(connection: socket.socket, stopped: threading.Event) -> None:
    """Close the connection after the first bytes, without an answer."""
    connection.recv(1)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def answering(*parts: bytes, pause_seconds: float = 0.0, repeated: bool = False) -> Behavior:
    """Return a behavior that sends these parts after the request, with pauses, once or endlessly."""

    def serve_one(connection: socket.socket, stopped: threading.Event) -> None:
        connection.recv(65536)
        while not stopped.is_set():
            for part in parts:
                connection.sendall(part)
                stopped.wait(pause_seconds)
            if not repeated:
                return

    return serve_one


def refusing(connection: socket.socket, stopped: threading.Event) -> None:
    """Never called: `serve` lets nobody connect."""
    raise AssertionError


def encrypted(connection: socket.socket, stopped: threading.Event) -> None:
    """Encrypt the connection with a certificate that nobody trusts."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with context.wrap_socket(connection, server_side=True) as secure:
        secure.recv(1)


class FreezingProxy:
    """Forwards connections to a port of this machine until it freezes; then nothing arrives any more."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._frozen = threading.Event()

    def freeze(self) -> None:
        self._frozen.set()

    def __call__(self, connection: socket.socket, stopped: threading.Event) -> None:
        with socket.create_connection(("127.0.0.1", self._port)) as server:
            back = threading.Thread(target=self._forward, args=(server, connection, stopped), daemon=True)
            back.start()
            self._forward(connection, server, stopped)
            back.join()

    def _forward(self, source: socket.socket, target: socket.socket, stopped: threading.Event) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if self._frozen.is_set():
                    stopped.wait()
                    break
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


def _accept(listener: socket.socket, behavior: Behavior, stopped: threading.Event) -> None:
    threads: list[threading.Thread] = []
    connections: list[socket.socket] = []
    while not stopped.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            break
        connections.append(connection)
        threads.append(threading.Thread(target=_serve, args=(connection, behavior, stopped), daemon=True))
        threads[-1].start()
    for connection in connections:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join()


def _serve(connection: socket.socket, behavior: Behavior, stopped: threading.Event) -> None:
    with connection, suppress(OSError):
        behavior(connection, stopped)
