"""Breaking a connection as networks do: without an answer, in the middle of one, or by a reset."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from provisioner.emulator.wire import Connection

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_NO_LINGER = struct.pack("ii", 1, 0)  # closing sends RST instead of FIN


async def break_line(how: Connection, receive: Receive, send: Send) -> None:
    """Close the connection of a request that got no whole answer; "reset" closes it with RST.

    ASGI has no word for this; uvicorn's `send` belongs to the object that holds the connection.
    """
    transport: asyncio.Transport = send.__self__.transport  # type: ignore[attr-defined]
    if how == "reset":
        line = transport.get_extra_info("socket")
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        transport.abort()
    else:
        transport.close()
    while (await receive())["type"] != "http.disconnect":
        pass
