"""A PostgreSQL server in a temporary folder, for the tests that need a real one: initialised, started and stopped here.

It runs as the user of the tests; as root, as whom PostgreSQL does not run, as an unprivileged one.
"""

from __future__ import annotations

import ctypes
import glob
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

USER, PASSWORD = "ada", "p@ss/wörd:%"
LOOK_IN = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")


def programs() -> Path | None:
    """The folder with initdb and postgres; None where PostgreSQL's server is not installed."""
    named = shutil.which("pg_config")
    folders = [subprocess.run([named, "--bindir"], capture_output=True, text=True, check=False).stdout.strip()] if named else []
    folders += [str(Path(found).parent) for found in [shutil.which("initdb")] if found] + [folder for pattern in LOOK_IN for folder in sorted(glob.glob(pattern), reverse=True)]
    return next((Path(folder) for folder in folders if folder and all(os.access(Path(folder) / name, os.X_OK) for name in ("initdb", "postgres"))), None)


def _ends_with_us() -> None:
    """Where the tests are killed, Linux stops the server too."""
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(1, signal.SIGQUIT)


class Server:
    """Whoever comes by TCP needs a password; by the socket in its own folder, the superuser `keeper` needs none."""

    def __init__(self, bin: Path):
        self.bin, self.process = bin, None
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))                    # short: a socket's name has room for 107 bytes
        self.other = {}
        if os.geteuid() == 0:
            import pwd
            nobody = pwd.getpwnam("nobody")
            self.other = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._run("initdb", "--pgdata", str(self.folder / "data"), "--username", "keeper", "--auth-local", "trust", "--auth-host", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync")

    def _environment(self):
        return {**os.environ, "HOME": str(self.folder), "LC_ALL": "C", "TZ": "UTC"}

    def _run(self, program, *arguments):
        done = subprocess.run([self.bin / program, *arguments], cwd=self.folder, env=self._environment(), capture_output=True, text=True, timeout=120, **self.other)
        assert done.returncode == 0, done.stdout + done.stderr

    def start(self) -> "Server":
        log = open(self.folder.with_suffix(".log"), "a")
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.folder, "fsync": "off", "shared_buffers": "16MB", "max_connections": 40}
        command = [str(self.bin / "postgres"), "-D", str(self.folder / "data"), *(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))]
        self.process = subprocess.Popen(command, cwd=self.folder, env=self._environment(), stdout=log, stderr=log, preexec_fn=_ends_with_us, **self.other)
        log.close()
        end = time.monotonic() + 60
        while True:
            try:
                self.connect().close()
                return self
            except Exception:
                assert self.process.poll() is None and time.monotonic() < end, self.folder.with_suffix(".log").read_text()[-3000:]
                time.sleep(0.05)

    def connect(self, database: str = "postgres"):
        """A superuser's connection."""
        import psycopg
        return psycopg.connect(host=str(self.folder), port=self.port, user="keeper", dbname=database, autocommit=True)

    def say(self, *statements: str, database: str = "postgres") -> None:
        with self.connect(database) as connection:
            for statement in statements:
                connection.execute(statement)

    def ask(self, query: str, database: str) -> list[tuple]:
        with self.connect(database) as connection:
            return connection.execute(query).fetchall()

    def database(self, name: str, like: str = "template1") -> str:
        """The URL of a new database, a copy of another."""
        self.say(f'CREATE DATABASE "{name}" OWNER {USER} TEMPLATE "{like}"')
        return self.url(name)

    def url(self, name: str, user: str = USER, password: str = PASSWORD) -> str:
        from sqlalchemy import URL
        return URL.create("postgresql+psycopg", user, password, "127.0.0.1", self.port, name).render_as_string(hide_password=False)

    def down(self) -> None:
        """At once, as in a power cut; what was committed is there at the next start."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGQUIT)     # PostgreSQL's immediate shutdown, which ends all its processes
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def close(self) -> None:
        self.down()
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.with_suffix(".log").unlink(missing_ok=True)
