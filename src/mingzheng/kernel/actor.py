"""Who acts: a person of an organisation, with roles, proven to some strength."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

SIGNATURES = {"sha256": "ecdsa-p256-sha256", "sm3": "sm2-sm3"}
STRENGTHS = ("public", "password", "certificate", "system")


@dataclass(frozen=True, slots=True)
class SignedAct:
    """A binding act's signature, already checked by the door: canonical text of {act, fields, nonce} under a certificate."""

    act: str
    nonce: str
    text: str
    signature: str
    certificate: str

    @property
    def algorithm(self) -> str:
        """The signature's algorithm: a fingerprint is a digest under its key's suite, so it tells which."""
        return SIGNATURES[self.certificate.partition(":")[0]]

    def as_json(self) -> dict[str, str]:
        return {
            "algorithm": self.algorithm,
            "certificate": self.certificate,
            "text": self.text,
            "value": self.signature,
        }


@dataclass(frozen=True, slots=True)
class Actor:
    """`roles` are those of the person in `organisation`; `on_behalf_of` is the principal of an agency (RG-7.1-5)."""

    person: UUID | None = None
    organisation: UUID | None = None
    roles: frozenset[str] = frozenset()
    strength: str = "public"
    certificate: str = ""
    on_behalf_of: UUID | None = None
    signed: SignedAct | None = None
    session: str = ""
    name: str = ""
    organisation_name: str = ""

    def has(self, *roles: str) -> bool:
        return bool(self.roles & set(roles))

    def acting_for(self, principal: UUID | None) -> "Actor":
        return replace(self, on_behalf_of=principal)

    def as_json(self) -> dict[str, Any]:
        """The actor as it stands in an entry: ids only, never names."""
        return {
            "certificate": self.certificate or None,
            "on_behalf_of": str(self.on_behalf_of) if self.on_behalf_of else None,
            "organisation": str(self.organisation) if self.organisation else None,
            "person": str(self.person) if self.person else None,
            "strength": self.strength,
        }


PUBLIC = Actor(roles=frozenset({"public"}))
SYSTEM = Actor(roles=frozenset({"system"}), strength="system")
