"""Papers sealed with a key that never leaves its token: as good as with a key file, and waiting while the token is away."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from paper_samples import award_notice
from soft_token import NOW, PIN, SoftTokens
from stamping import SEALS, Root

from mingzheng.adapters import documents
from mingzheng.adapters.documents.checking import check_paper
from mingzheng.adapters.documents.sealing import seal
from mingzheng.adapters.documents.signer import SealUnavailable
from mingzheng.adapters.documents.token_signer import TokenSeal
from mingzheng.adapters.timestamps import LocalAuthority
from mingzheng.site.ports.documents import PaperSeals

STAMPS = Root("时间戳根")
Opener = Callable[[str, Path], TokenSeal]


@pytest.fixture(scope="module")
def label(tokens: SoftTokens) -> str:
    return tokens.plug_in(certified=False)


@pytest.fixture(scope="module")
def clock_of_stamps() -> LocalAuthority:
    return STAMPS.authority(start=NOW, now=NOW)


@pytest.fixture(scope="module")
def paper() -> bytes:
    return documents.render("award_notice", award_notice(), sealable=True)


def keep(folder: Path, tokens: SoftTokens, label: str, *, pin: str = PIN, days: int = 900) -> Path:
    """What the administrator lays into the folder of keys: certificate with issuer, PIN; and who is trusted."""
    folder.mkdir(parents=True, exist_ok=True)
    own = tokens.authority.issue_service(
        name="云州中心 电子文书专用章", organisation="云州中心", public_key=tokens.public_key(label), at=NOW, days=days,
        usage=SEALS,
    )  # fmt: skip
    (folder / "document-seal.crt").write_text(own + tokens.authority.certificate)
    (folder / "document-seal.pin").write_text(pin + "\n")
    return folder


@pytest.fixture
def token_seal(tokens: SoftTokens) -> Iterator[Opener]:
    """Opens seals, and logs each out of its token at the end."""
    made: list[TokenSeal] = []

    def opened(label: str, folder: Path) -> TokenSeal:
        made.append(TokenSeal(tokens.module, label, folder / "document-seal.pin", folder / "document-seal.crt"))
        return made[-1]

    yield opened
    for one in made:
        one.close()


def der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


def test_a_paper_is_sealed_by_the_token_and_verifies_like_any_other(
    tokens: SoftTokens, label: str, token_seal: Opener, tmp_path: Path, paper: bytes, clock_of_stamps: LocalAuthority
) -> None:
    signer = token_seal(label, keep(tmp_path, tokens, label))
    made = seal(paper, signer, clock_of_stamps, at=NOW)
    assert made.holder == signer.holder == "云州中心"
    verdict = check_paper(made.content, [der(tokens.authority.certificate)], [STAMPS.der])
    assert verdict.ok and verdict.at == NOW, verdict
    assert PIN not in repr(signer)


def test_a_wrong_or_missing_pin_leaves_the_paper_unsealed_and_the_right_one_needs_no_restart(
    tokens: SoftTokens, label: str, token_seal: Opener, tmp_path: Path, paper: bytes, clock_of_stamps: LocalAuthority
) -> None:
    folder = keep(tmp_path, tokens, label, pin="wrong")
    signer = token_seal(label, folder)
    with pytest.raises(SealUnavailable, match="wrong-pin"):
        seal(paper, signer, clock_of_stamps, at=NOW)
    (folder / "document-seal.pin").unlink()
    with pytest.raises(SealUnavailable, match="PIN cannot be read"):
        seal(paper, signer, clock_of_stamps, at=NOW)
    (folder / "document-seal.pin").write_text(PIN)
    assert seal(paper, signer, clock_of_stamps, at=NOW).content.startswith(paper)


def test_a_token_that_is_away_or_holds_another_key_seals_nothing(
    tokens: SoftTokens, label: str, token_seal: Opener, tmp_path: Path, paper: bytes, clock_of_stamps: LocalAuthority
) -> None:
    folder = keep(tmp_path, tokens, label)
    other = tokens.plug_in(certified=False)
    with pytest.raises(SealUnavailable, match="no-key"):
        seal(paper, token_seal(other, folder), clock_of_stamps, at=NOW)
    with pytest.raises(SealUnavailable, match="token-absent"):
        seal(paper, token_seal("nowhere", folder), clock_of_stamps, at=NOW)
    signer = token_seal(other, keep(tmp_path, tokens, other))
    assert seal(paper, signer, clock_of_stamps, at=NOW)
    tokens.pull_out(other)
    with pytest.raises(SealUnavailable, match="token-removed"):
        seal(paper, signer, clock_of_stamps, at=NOW)


def test_a_deployment_that_names_a_token_seals_with_it_and_wants_an_outside_time_stamp(
    tokens: SoftTokens, label: str, tmp_path: Path, paper: bytes, clock_of_stamps: LocalAuthority, settings: object
) -> None:
    keys = keep(tmp_path / "keys", tokens, label)
    for folder, pem in (("trusted-seals", tokens.authority.certificate), ("trusted-timestamps", STAMPS.pem.decode())):
        (keys / folder).mkdir()
        (keys / folder / "authority.pem").write_text(pem)
    for name, value in (
        ("STATE", tmp_path), ("PAPER_SEAL", "token"), ("SEAL_MODULE", tokens.module), ("SEAL_TOKEN", label), ("TIMESTAMPS", ""),
    ):  # fmt: skip
        setattr(settings, f"MINGZHENG_{name}", value)
    seals = PaperSeals()
    assert seals.active
    with pytest.raises(SealUnavailable, match="MINGZHENG_TIMESTAMPS"):
        seals.seal(paper, NOW)
    seals.__dict__["_timestamps"] = clock_of_stamps
    made = seals.seal(paper, NOW)
    assert (made.holder, made.at) == ("云州中心", NOW)
    seals._signer.close()
    assert not (keys / "document-seal.intl-1.p8").exists(), "no key file is made beside a token"
