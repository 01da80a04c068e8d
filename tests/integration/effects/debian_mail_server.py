"""Debian's mail server (Exim) on a loopback port, as an ordinary user, with a mailbox folder of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.integration.effects.get_debian_mail_server import FOLDER, PROGRAM, libraries
from tests.support.langgraph_server import free_port
from tests.support.postgres import reachable_folder

# Who it runs as where the tests run as root: nobody, on every Debian.
NOBODY = 65534
LATEST_S = 30.0

_SETTINGS = """
exim_path = {program}
primary_hostname = mail.test
daemon_smtp_ports = {port}
local_interfaces = 127.0.0.1
spool_directory = {folder}/spool
log_file_path = {folder}/log/%slog
exim_user = desk
exim_group = desk
never_users =
deliver_drop_privilege = true
tls_advertise_hosts =
keep_environment = LD_LIBRARY_PATH : LD_PRELOAD : NSS_WRAPPER_PASSWD : NSS_WRAPPER_GROUP
message_size_limit = ${{if exists{{{folder}/small}}{{100}}{{50K}}}}
acl_smtp_rcpt = recipient
acl_smtp_data = content

begin acl
recipient:
  defer condition = ${{if exists{{{folder}/greylisting}}}}
        message = greylisted, come back later
  accept domains = harlanfab.example
  deny message = 5.1.1 there is nobody of that name here

content:
  defer condition = ${{if exists{{{folder}/full}}}}
        message = 4.3.1 the disk is full
  accept

begin routers
here:
  driver = accept
  transport = maildir

begin transports
maildir:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  create_directory
  user = desk
"""
_USERS = "root:x:0:0::/:/bin/sh\nmail:x:8:8::/:/bin/sh\nDebian-exim:x:8:8::/:/bin/sh\ndesk:x:{uid}:{gid}::/:/bin/sh\n"
_GROUPS = "root:x:0:\nmail:x:8:\nDebian-exim:x:8:\ndesk:x:{gid}:\n"


@dataclass(frozen=True)
class DebianMailServer:
    """A running server; a file of a certain name in its folder makes it greylist, be full, or take small mails only."""

    folder: Path
    port: int

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}?starttls=no"

    def turn(self, switch: str, on: bool) -> None:
        """`greylisting`, `full` or `small`."""
        path = self.folder / switch
        if on:
            path.touch()
        else:
            path.unlink(missing_ok=True)

    def log(self) -> str:
        """What it says it took and delivered."""
        return (self.folder / "log" / "mainlog").read_text()

    async def delivered(self, number: int) -> list[bytes]:
        """The mails in the mailbox, once there are so many: it answers before it delivers."""
        async with asyncio.timeout(LATEST_S):
            while len(found := sorted((self.folder / "mail" / "new").glob("*"))) < number:
                await asyncio.sleep(0.02)
        return [path.read_bytes() for path in found]


@asynccontextmanager
async def debian_mail_server() -> AsyncGenerator[DebianMailServer]:
    """Started for the length of a block; nothing of the machine is touched."""
    with reachable_folder() as folder:
        shutil.copytree(FOLDER, folder / "root", symlinks=True)
        server = DebianMailServer(folder, free_port())
        process = await asyncio.to_thread(_start, server)
        try:
            await _ready(server, process)
            yield server
        finally:
            process.terminate()
            await asyncio.to_thread(process.wait)


def _start(server: DebianMailServer) -> subprocess.Popen[bytes]:
    folder, root = server.folder, os.getuid() == 0
    uid, gid = (NOBODY, NOBODY) if root else (os.getuid(), os.getgid())
    program = folder / "root" / PROGRAM
    (folder / "exim.conf").write_text(_SETTINGS.format(program=program, port=server.port, folder=folder))
    (folder / "users").write_text(_USERS.format(uid=uid, gid=gid))
    (folder / "groups").write_text(_GROUPS.format(gid=gid))
    for name in ("spool", "log", "mail"):
        (folder / name).mkdir()
        os.chown(folder / name, uid, gid)
    found = libraries(folder / "root")
    wrapper = next(path / "libnss_wrapper.so" for path in found if (path / "libnss_wrapper.so").exists())
    environment = {
        "PATH": os.environ["PATH"],
        "LD_LIBRARY_PATH": ":".join(map(str, found)), "LD_PRELOAD": str(wrapper),
        "NSS_WRAPPER_PASSWD": str(folder / "users"), "NSS_WRAPPER_GROUP": str(folder / "groups"),
    }  # fmt: skip
    with (folder / "said").open("wb") as said:
        return subprocess.Popen(
            [str(program), "-C", str(folder / "exim.conf"), "-bdf"], env=environment, cwd="/",
            stdin=subprocess.DEVNULL, stdout=said, stderr=said,
            user=uid if root else None, group=gid if root else None, extra_groups=[] if root else None,
        )  # fmt: skip


async def _ready(server: DebianMailServer, process: subprocess.Popen[bytes]) -> None:
    async with asyncio.timeout(LATEST_S):
        while True:
            assert process.poll() is None, (server.folder / "said").read_text()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return
