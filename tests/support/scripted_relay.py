"""A mail server on loopback whose responses a test decides one by one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

SILENCE, DROP = "say nothing", "close the connection"


@dataclass
class ScriptedRelay:
    """Accepts everything except what `answer` returns another response to.

    Attributes:
        answer: Returns the response to a command, from its word ("hello" for a new connection, "." for the end of the
            content), its argument and the number of messages accepted on this connection; None for the usual one.
        extensions: What EHLO lists.
        pause_seconds: The time before each response.
        port: The port.
        accepted: The recipients of the accepted messages.
        commands: Every command with its argument.
        sessions: How many connections were opened.
        most_at_once: How many connections were open at once.
    """

    answer: Callable[[str, str, int], str | None] = lambda _word, _argument, _number: None
    extensions: tuple[str, ...] = ()
    pause_seconds: float = 0.0
    port: int = 0
    accepted: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    sessions: int = 0
    most_at_once: int = 0
    _open: int = 0

    def words(self) -> list[str]:
        return [command.partition(" ")[0] for command in self.commands]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.sessions += 1
        self._open += 1
        self.most_at_once = max(self.most_at_once, self._open)
        with suppress(ConnectionError):
            await self._converse(reader, writer)
        self._open -= 1
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        usual = {"hello": "220 relay", "EHLO": self._ehlo(), "DATA": "354 go", "QUIT": "221 bye"}
        word, argument, recipient, number = "hello", "", "", 0
        while word:
            response = self.answer(word, argument, number) or usual.get(word, "250 OK")
            if response == SILENCE:
                await reader.read()
            if response in {SILENCE, DROP}:
                return
            if word == "RCPT":
                recipient = argument
            if word == "." and response.startswith("250"):
                self.accepted.append(recipient)
                number += 1
            await asyncio.sleep(self.pause_seconds)
            writer.write(response.encode() + b"\r\n")
            await writer.drain()
            if word == "QUIT" or response.startswith("421"):
                return
            if word == "DATA" and response.startswith("354"):
                word, argument = await self._end_of_content(reader), ""
            else:
                line = (await reader.readline()).decode().strip()
                word, _, argument = line.partition(" ")
                self.commands.append(line)

    def _ehlo(self) -> str:
        lines = ["relay", *self.extensions]
        return "\r\n".join([*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}"])

    async def _end_of_content(self, reader: asyncio.StreamReader) -> str:
        while (line := await reader.readline()) not in {b".\r\n", b""}:
            pass
        return line.decode().strip()


@asynccontextmanager
async def serving(relay: ScriptedRelay) -> AsyncIterator[ScriptedRelay]:
    """Serve a relay until the block and all connections have ended."""
    sessions: list[asyncio.Task[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        sessions.append(task)
        await relay.serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    relay.port = server.sockets[0].getsockname()[1]
    try:
        yield relay
    finally:
        server.close()
        await asyncio.gather(*sessions)
