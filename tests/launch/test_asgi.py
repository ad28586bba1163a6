"""The web process sends files piece by piece, without a warning and without holding them in memory."""

import io
import os

from django.http import FileResponse, StreamingHttpResponse

from mingzheng.site.asgi import SeatedApplication


class Counted(io.BytesIO):
    """A file that knows how much of it was read."""

    taken = 0

    def read(self, size: int | None = -1) -> bytes:
        piece = super().read(size)
        self.taken += len(piece)
        return piece


async def sent(response: StreamingHttpResponse, file: Counted) -> tuple[bytes, int]:
    """What went out, and how far the reading ever was ahead of the sending."""
    got, ahead = b"", 0

    async def send(message: dict[str, object]) -> None:
        nonlocal got, ahead
        got += bytes(message.get("body", b""))  # type: ignore[call-overload]
        ahead = max(ahead, file.taken - len(got))

    await SeatedApplication().send_response(response, send)
    return got, ahead


async def test_a_file_is_read_as_it_is_sent_and_closed_afterwards() -> None:
    content = os.urandom(3_000_001)
    file = Counted(content)
    got, ahead = await sent(FileResponse(file), file)
    assert got == content
    assert ahead <= 256 * 1024 + 4096
