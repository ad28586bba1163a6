"""The embedded PostgreSQL of one checkout: found, made, started, shared by its users, stopped by the last of them.

Root's server lives in /var/lib/mingzheng/<hash of the checkout's path>, an ordinary user's in <checkout>/.data/postgres;
both are closed to other accounts (mode 700), listen on a Unix socket only, and never meet another checkout's.
`DATABASE_URL` in the environment overrides all of it. Nothing here needs Django.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shlex
import shutil
import signal
import stat
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from mingzheng.site.launch.programs import LaunchError, Programs, find_programs, locked, system_folder

ROLE = "mingzheng"
TEST_ROLE = "mingzheng_test"
ADMINISTRATOR = "postgres"
DATABASE = "mingzheng"
SOCKET_NAME = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 107  # bytes; sun_path of a Unix socket address holds 108 with the closing zero
START_SECONDS = 60
STOP_SECONDS = 30


@dataclass
class Server:
    """A PostgreSQL in use. `url` is the product's database; `started_here` tells whether this call started the server."""

    url: str
    started_here: bool
    administrator_url: str = field(repr=False)
    _home: Path | None = field(default=None, repr=False)
    _use: int | None = field(default=None, repr=False)

    def create_database(self, name: str, *, owner: str = ROLE, template: str | None = None) -> str:
        """Make the database when missing and return its address; a given template is copied whole."""
        with _connected(self.administrator_url) as connection:
            if not _exists(connection, name):
                made = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
                if self._home is not None:
                    made += sql.SQL(" OWNER {}").format(sql.Identifier(owner))
                if template is not None:
                    made += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
                with contextlib.suppress(psycopg.errors.DuplicateDatabase):  # another run was quicker
                    connection.execute(made)
        return self.address(name, role=owner)

    def drop_database(self, name: str) -> None:
        """Remove the database if it is there, ending whatever is still connected to it."""
        with _connected(self.administrator_url) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def rename_database(self, name: str, new: str) -> None:
        """Give a database that nobody uses another name."""
        with _connected(self.administrator_url) as connection:
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new))
            )

    def databases(self, prefix: str) -> list[str]:
        """The names of the databases that begin with the prefix, sorted."""
        with _connected(self.administrator_url) as connection:
            rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,))
            return sorted(str(row[0]) for row in rows)

    def address(self, database: str, *, role: str = ROLE) -> str:
        """The address of another database of this server."""
        if self._home is None:
            return urlunsplit(urlsplit(self.url)._replace(path="/" + quote(database)))
        return _address(role, database, _socket_folder_of(self.administrator_url))

    def stop(self) -> None:
        """Let go of the server; the last user of the checkout's server stops it. Safe to call twice.

        A server of `DATABASE_URL` is never stopped.
        """
        if self._home is None or self._use is None:
            return
        with locked(self._home / "lock"):
            os.close(self._use)
            self._use = None
            if _is_unused(self._home):
                stop_server(self._home)


def ensure_postgres(checkout: Path, *, instead: str | None = None) -> Server:
    """The server of this checkout, started when it does not run; one left by a killed run is taken over.

    DATABASE_URL goes before it; `instead` is used in place of that variable ("" means: the checkout's own server).
    Raises LaunchError with the server's own words when it cannot start.
    """
    given = os.environ.get("DATABASE_URL") if instead is None else instead
    if given:
        return Server(url=given, started_here=False, administrator_url=given)
    programs = find_programs()
    home = home_of(checkout)
    _make_home(home, programs)
    with locked(home / "lock"):
        sockets = _running(home)
        started_here = sockets is None
        if sockets is None:
            sockets = _start(home, programs)
        use = os.open(home / "users", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        fcntl.flock(use, fcntl.LOCK_SH)
        administrator = _address(ADMINISTRATOR, "postgres", sockets)
        _prepare(administrator)
    return Server(_address(ROLE, DATABASE, sockets), started_here, administrator, home, use)


def home_of(checkout: Path) -> Path:
    """The folder of a checkout's server: for root outside the checkout, because no other account may enter root's home."""
    place = checkout.resolve()
    if os.geteuid() != 0:
        return place / ".data" / "postgres"
    return system_folder() / hashlib.sha256(os.fsencode(place)).hexdigest()[:16]


def stop_server(home: Path) -> None:
    """Stop the server of this folder if it runs: connections are ended, everything acknowledged is on disk."""
    pid = _postmaster(home)
    if pid is None:
        return
    sockets = (_recorded(home) + [""] * 5)[4]
    for kind, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, kind)
        until = time.monotonic() + seconds
        while _postmaster(home) is not None and time.monotonic() < until:
            time.sleep(0.02)
    if sockets and sockets != str(home):
        with contextlib.suppress(OSError):
            Path(sockets).rmdir()


def _make_home(home: Path, programs: Programs) -> None:
    if programs.account is None:
        home.parent.mkdir(mode=0o700, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=0o700)
        if programs.account is not None:
            os.chown(home, programs.account.pw_uid, programs.account.pw_gid)


def _start(home: Path, programs: Programs) -> str:
    data = home / f"data-{programs.major}"
    if not data.is_dir():
        _initialise(data, programs)
    _wait_for_orphans(data)
    (data / "postmaster.pid").unlink(missing_ok=True)  # _running() found nobody alive behind it
    sockets = _socket_folder(home, programs)
    Path(sockets, f"{SOCKET_NAME}.lock").unlink(missing_ok=True)  # names a process that is gone or another program
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": '"' + sockets.replace('"', '""') + '"',
        "unix_socket_permissions": "0700",
        "port": "5432",
        "max_connections": "200",
        "fsync": "on",
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        # Nothing secret may reach the log: no statements, no parameters, no rows.
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
    }
    options = " ".join("-c " + shlex.quote(f"{name}={value}") for name, value in settings.items())
    log = home / "postgres.log"
    arguments = ["start", "-w", "-t", str(START_SECONDS), "-D", str(data), "-l", str(log), "-o", options]
    done = programs.run("pg_ctl", *arguments)
    if done.returncode != 0:
        tail = log.read_text("utf-8", "replace")[-2000:] if log.exists() else ""
        raise LaunchError(f"PostgreSQL did not start in {home}.\n{done.stdout.strip()}\n{tail}")
    return sockets


def _wait_for_orphans(data: Path) -> None:
    """Processes of a killed server end by themselves; none may still write when the next one starts."""
    until = time.monotonic() + STOP_SECONDS
    while left := _working_in(data):
        if time.monotonic() > until:
            raise LaunchError(f"Processes of a killed PostgreSQL still work in {data}: {left}. End them, start again.")
        time.sleep(0.05)


def _working_in(folder: Path) -> list[int]:
    """Processes whose working directory this folder is, which for PostgreSQL's own is the data folder."""
    found = []
    for cwd in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            if cwd.readlink() == folder:
                found.append(int(cwd.parent.name))
    return found


def _initialise(data: Path, programs: Programs) -> None:
    """Make an empty cluster beside its place and move it there, so that a killed run leaves none half made."""
    fresh = data.with_name(data.name + f".new-{os.getpid()}")
    sort = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] if programs.major >= 17 else []
    access = ["--auth-local=trust", "--auth-host=reject"]  # whoever passes the folder's mode 700 is the owner or root
    made = programs.run(
        "initdb", "-D", str(fresh), "-U", ADMINISTRATOR, "-E", "UTF8", "--locale=C.UTF-8", *sort, *access
    )
    if made.returncode != 0:
        raise LaunchError(f"The database cannot be made in {data}:\n{made.stdout.strip()}")
    fresh.rename(data)


def _socket_folder(home: Path, programs: Programs) -> str:
    if len(os.fsencode(home / SOCKET_NAME)) <= LONGEST_SOCKET_PATH:
        return str(home)
    owner = os.geteuid() if programs.account is None else programs.account.pw_uid
    kept = home / "sockets"
    with contextlib.suppress(OSError):
        folder = kept.read_text("utf-8", "surrogateescape")
        if _is_ours(folder, owner):  # whoever holds the address of a server that was killed finds the next one there
            return folder
    root = tempfile.gettempdir()
    if len(os.fsencode(root)) > 60:
        root = "/tmp"
    folder = tempfile.mkdtemp(prefix="mingzheng-", dir=root)
    if programs.account is not None:
        os.chown(folder, programs.account.pw_uid, programs.account.pw_gid)
    kept.write_text(folder, "utf-8", "surrogateescape")
    return folder


def _is_ours(folder: str, owner: int) -> bool:
    """Whether a socket folder of an earlier start is still there, a folder that nobody else can enter."""
    found = os.lstat(folder)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == owner and stat.S_IMODE(found.st_mode) == 0o700


def _running(home: Path) -> str | None:
    """The socket folder of the live server of this home, or None. One that still recovers is waited for."""
    until = time.monotonic() + START_SECONDS
    while _postmaster(home) is not None and time.monotonic() < until:
        sockets = (_recorded(home) + [""] * 5)[4]
        if sockets and not Path(sockets, SOCKET_NAME).exists():
            stop_server(home)  # its socket was swept away (a cleaned /tmp): nobody can reach it any more
            return None
        with contextlib.suppress(psycopg.OperationalError), _connected(_address(ADMINISTRATOR, "postgres", sockets)):
            return sockets
        time.sleep(0.1)
    if (pid := _postmaster(home)) is not None:
        raise LaunchError(f"PostgreSQL (process {pid}) runs in {home} but answers nobody; see {home}/postgres.log")
    return None


def _postmaster(home: Path) -> int | None:
    """The process id of this home's live server, or None."""
    lines = _recorded(home)
    return int(lines[0]) if lines else None


def _recorded(home: Path) -> list[str]:
    """The pid file of this home's live server (process, data folder, start, port, socket folder, ...), or nothing.

    A pid file whose number now belongs to another program says nothing.
    """
    for path in home.glob("data-*/postmaster.pid"):
        try:
            lines = path.read_text("utf-8", "surrogateescape").splitlines()
            command = Path("/proc", lines[0].strip(), "cmdline").read_bytes().split(b"\0")
        except (OSError, IndexError):
            continue
        if lines[0].strip().isdigit() and os.fsencode(path.parent) in command:
            return [lines[0].strip(), *lines[1:], *[""] * 5]
    return []


def _is_unused(home: Path) -> bool:
    descriptor = os.open(home / "users", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _prepare(administrator: str) -> None:
    """The product's role and database; the test role, whose commits need not wait for the disk."""
    with _connected(administrator) as connection:
        for role in (ROLE, TEST_ROLE):
            if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
                connection.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(role)))
                if role == TEST_ROLE:
                    connection.execute(
                        sql.SQL("ALTER ROLE {} SET synchronous_commit = off").format(sql.Identifier(role))
                    )
        if not _exists(connection, DATABASE):
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE))
            )


def _exists(connection: psycopg.Connection[tuple[object, ...]], database: str) -> bool:
    return connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (database,)).fetchone() is not None


def _connected(address: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(address, autocommit=True, connect_timeout=5)


def _address(role: str, database: str, sockets: str) -> str:
    return f"postgresql://{quote(role)}@/{quote(database)}?host={quote(sockets, safe='/')}"


def _socket_folder_of(address: str) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(address)["host"])


def main(arguments: list[str]) -> int:
    """`python -m mingzheng.site.launch.postgres start|url|stop|remove [CHECKOUT]`: the checkout's server by hand."""
    act, checkout = arguments[0] if arguments else "url", Path(arguments[1] if len(arguments) > 1 else ".")
    if act in ("start", "url"):
        print(ensure_postgres(checkout).url)
    elif act == "stop":
        stop_server(home_of(checkout))
    elif act == "remove":
        stop_server(home_of(checkout))
        shutil.rmtree(home_of(checkout), ignore_errors=True)
    else:
        print(main.__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
