"""Who plays: the cast of the demo centre with its key files, and the bidders of the file, who register themselves."""

from __future__ import annotations

import base64
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path

from mingzheng.adapters.crypto.keyfile import PersonKey, open_key_file
from mingzheng.adapters.crypto.secret import Secret
from mingzheng.adapters.crypto.suite import suite
from mingzheng.kernel.numbering import demo_uscc
from mingzheng.site.rehearse.party import Party, until_in
from mingzheng.site.rehearse.wire import Server

REGION = "990100"
LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
EXPERTS = tuple(f"expert{n}" for n in range(1, 8))
WANTED = ("water", "agency", "staff", "archivist", *EXPERTS)


class NoCast(RuntimeError):
    """The key files of the demo centre's cast are not where they should be."""


@dataclass(frozen=True, slots=True)
class Cast:
    """The demo centre's people the rehearsal needs, logged in; `public` is nobody."""

    water: Party
    agency: Party
    staff: Party
    archivist: Party
    experts: tuple[Party, ...]
    public: Party
    ids: dict[str, str]


def enter(server: Server, folder: Path, password: str) -> Cast:
    """Open the key files in `folder` and log everybody in. NoCast when one is missing."""
    missing = [login for login in WANTED if not (folder / f"{login}.mzkey").is_file()]
    if missing:
        raise NoCast(f"no key file for {', '.join(missing)} in {folder} (name the folder of the cast with --cast)")
    parties = {
        login: Party(server, open_key_file((folder / f"{login}.mzkey").read_text("ascii"), password))
        for login in WANTED
    }
    ids = {}
    for login, party in parties.items():
        party.log_in()
        ids[login] = str(party.get("/api/v1/whoami")["person"])
    ids["agency organisation"] = str(parties["agency"].get("/api/v1/whoami")["organisation"])
    return Cast(
        parties["water"], parties["agency"], parties["staff"], parties["archivist"],
        tuple(parties[login] for login in EXPERTS), Party(server), ids,
    )  # fmt: skip


class Bidders:
    """The tenderers of the file. Each registers once through the public registration, with a key made in this process."""

    def __init__(self, server: Server, suite_name: str) -> None:
        self.server, self.suite = server, suite_name
        self._known: dict[str, Bidder] = {}
        self._lock = threading.Lock()

    def of(self, identity: str, name: str) -> Bidder:
        """The bidder with this id of the file, registered and logged in."""
        with self._lock:
            found = self._known.setdefault(identity, Bidder(identity, name))
        with found.lock:
            if found.party is None:
                found.party, found.organisation = until_in(lambda: self._register(name))
                found.party.log_in()
        return found

    def _register(self, name: str) -> tuple[Party, str]:
        algorithms = suite(self.suite)
        private = algorithms.new_private_key()
        party = Party(self.server)
        answer = party.post(
            "/register",
            {
                "name": name, "code": invented_code(), "kind": "bidder", "person_name": "投标负责人",
                "login": f"b{secrets.token_hex(8)}", "phone": "0990-88000000", "region": REGION,
                "public_key": base64.b64encode(algorithms.public_key(private)).decode(),
            },
        )  # fmt: skip
        party.key = PersonKey(Secret(private), answer["certificate"])
        return party, str(answer["organisation"])


class Bidder:
    """A tenderer of the file with its party at the server."""

    def __init__(self, identity: str, name: str) -> None:
        self.identity, self.name = identity, name
        self.party: Party | None = None
        self.organisation = ""
        self.lock = threading.Lock()

    @property
    def acting(self) -> Party:
        assert self.party is not None
        return self.party


def invented_code() -> str:
    """A well-formed credit code of an organisation that does not exist."""
    return demo_uscc(REGION, "MA" + "".join(secrets.choice(LETTERS) for _ in range(6)))
