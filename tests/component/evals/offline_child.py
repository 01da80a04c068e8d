"""Runs an `orderdesk` command in a process of its own that reports every socket it opens towards a network."""

from __future__ import annotations

import json
import socket
import sys

import psutil

import evals.run
import orderdesk.cli  # everything is imported first: urllib3 tries out IPv6 when it is imported

touched: list[str] = []
FAMILIES = (socket.AF_INET, socket.AF_INET6)


def listen(event: str, arguments: tuple[object, ...]) -> None:
    made = event == "socket.__new__" and arguments[1] in FAMILIES
    used = event == "socket.getaddrinfo" or (
        event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple)
    )
    if made or used:
        touched.append(f"{event} {arguments[1:]}")
        raise RuntimeError(f"no network here: {event} {arguments[1:]}")


def main() -> None:
    """The command's own output, then one line of JSON: its exit code and the sockets."""
    sys.addaudithook(listen)
    count_open = evals.run.evaluate_offline

    async def watched(*arguments: object) -> object:
        # libpq opens its connections outside Python: what is open when the work is done shows them.
        rows = await count_open(*arguments)  # type: ignore[arg-type]
        touched.extend(str(c) for c in psutil.Process().net_connections("inet"))
        return rows

    evals.run.evaluate_offline = watched  # type: ignore[assignment]
    code: object = 0
    try:
        orderdesk.cli.main(sys.argv[1:], standalone_mode=False)
    except SystemExit as leaving:
        code = leaving.code
    print(json.dumps({"code": code, "sockets": touched}))


if __name__ == "__main__":
    main()
