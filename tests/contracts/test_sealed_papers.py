"""Sealed papers: PAdES with a time-stamp, whole, by whom and when, for years; every change is found."""

import argparse
import io
import json
import random
import shutil
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paper_samples import SAMPLES, award_notice
from pdf_text import text_of
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from stamping import AT, SEALS, Root

from mingzheng.adapters import documents
from mingzheng.adapters.crypto.ca import DemoAuthority
from mingzheng.adapters.crypto.suite import suite
from mingzheng.adapters.documents import apart, verify_command
from mingzheng.adapters.documents.apart import judged_apart
from mingzheng.adapters.documents.checking import check_paper
from mingzheng.adapters.documents.detached import check_detached, detached
from mingzheng.adapters.documents.sealing import seal
from mingzheng.adapters.documents.signer import FileSigner, SealUnavailable
from mingzheng.adapters.timestamps import DirectTimestamps, StampsUnavailable
from mingzheng.kernel import digest

ROOT = Root()
SIGNER, CLOCK = ROOT.signer(SEALS), ROOT.authority()
PAPER = documents.render("award_notice", award_notice(), sealable=True)
SEALED = seal(PAPER, SIGNER, CLOCK, at=AT, remark="演示").content


def test_pyhanko_finds_the_signature_valid_trusted_stamped_and_over_the_entire_file():
    found = PdfFileReader(io.BytesIO(SEALED)).embedded_signatures[0]
    context = ValidationContext(trust_roots=[Certificate.load(ROOT.der)], moment=AT)
    status = validate_pdf_signature(found, context, context)
    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.timestamp_validity.valid and status.timestamp_validity.trusted
    assert status.timestamp_validity.timestamp == AT
    assert status.coverage.name == "ENTIRE_FILE"
    assert found.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert status.docmdp_ok


def test_our_own_verdict_names_holder_issuer_and_time():
    verdict = check_paper(SEALED, [ROOT.der])
    assert verdict.ok, verdict
    assert (verdict.holder, verdict.issuer, verdict.at) == ("云州中心", "测试根", AT)
    assert verdict.digest == digest.of(SEALED)


@pytest.mark.parametrize("kind", sorted(documents.KINDS))
def test_every_kind_of_paper_is_sealed_and_begins_with_the_paper_as_it_was(kind):
    paper = documents.render(kind, SAMPLES[kind](), sealable=True)
    sealed = seal(paper, SIGNER, CLOCK, at=AT).content
    assert sealed.startswith(paper)
    verdict = check_paper(sealed, [ROOT.der])
    assert verdict.ok and verdict.paper == digest.of(paper)
    assert text_of(sealed) == text_of(paper)


def test_a_sealed_paper_still_says_it_is_pdf_a_and_shows_the_seal_in_print():
    with pikepdf.open(io.BytesIO(SEALED)) as pdf:
        with pdf.open_metadata() as xmp:
            assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "B")
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        field = pdf.Root.AcroForm.Fields[0]
        assert int(field.F) & 4, "the print flag"
        assert field.AP.N.Resources.XObject, "the picture of the seal"
        width = float(field.Rect[2]) - float(field.Rect[0])
        assert 95 < width < 98


def test_a_changed_byte_is_found_wherever_it_stands():
    chosen = random.Random(7)
    start, end = (int(one) for one in _hole())
    places = [n for n in (chosen.randrange(len(SEALED)) for _ in range(70)) if not start <= n < end]
    for place in [0, len(PAPER) // 2, len(SEALED) - 1, *places]:
        changed = bytearray(SEALED)
        changed[place] ^= 1 << chosen.randrange(8)
        assert not check_paper(bytes(changed), [ROOT.der]).ok, place


def test_a_changed_signature_or_filling_is_found():
    start, end = _hole()
    for place in (start + 40, start + 900, end - 3):
        changed = bytearray(SEALED)
        changed[place] = ord("1") if changed[place] != ord("1") else ord("2")
        assert not check_paper(bytes(changed), [ROOT.der]).ok, place


def _hole():
    found = PdfFileReader(io.BytesIO(SEALED)).embedded_signatures[0].sig_object["/ByteRange"]
    return int(found[1]), int(found[2])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "not-a-pdf"),
        (b"%PDF-1.7\nnonsense", "changed"),
        (PAPER, "not-sealed"),
        (SEALED + b"\n% more\n", "added-to"),
        (SEALED[:-40], "changed"),
    ],
)
def test_what_is_no_whole_sealed_paper_is_named(content, problem):
    assert check_paper(content, [ROOT.der]).problem == problem


def test_an_addition_after_sealing_is_found():
    added = io.BytesIO()
    with pikepdf.open(io.BytesIO(SEALED)) as pdf:
        pdf.docinfo["/Title"] = "另一份"
        pdf.save(added)
    assert not check_paper(added.getvalue(), [ROOT.der]).ok


def test_a_foreign_seal_or_time_stamp_authority_is_not_trusted():
    other = Root("别处")
    foreign = seal(PAPER, other.signer(SEALS), CLOCK, at=AT).content
    assert check_paper(foreign, [ROOT.der]).problem == "unknown-issuer"
    stamped = seal(PAPER, SIGNER, other.authority(), at=AT).content
    assert check_paper(stamped, [ROOT.der]).problem == "time-stamp-unknown-authority"
    assert check_paper(SEALED, [other.der]).problem == "time-stamp-unknown-authority"
    assert check_paper(SEALED, [ROOT.der], [other.der]).problem == "time-stamp-unknown-authority"


def test_a_seal_made_after_its_certificate_ran_out_is_refused_one_made_before_stays_good():
    brief = ROOT.signer(SEALS, days=30)
    late = AT + timedelta(days=31)
    good = seal(PAPER, brief, CLOCK, at=AT).content
    assert check_paper(good, [ROOT.der]).ok, "the time-stamp shows that the certificate was in force"
    bad = seal(PAPER, brief, ROOT.authority(now=late), at=late).content
    assert check_paper(bad, [ROOT.der]).problem == "unknown-issuer"


def test_a_silent_or_refusing_time_stamp_authority_leaves_the_paper_unsealed():
    class Silent:
        def respond(self, query):
            raise StampsUnavailable("nobody there")

    with pytest.raises(SealUnavailable, match="time-stamp"):
        seal(PAPER, SIGNER, Silent(), at=AT)
    with pytest.raises(SealUnavailable, match="time_not_available"):
        seal(PAPER, SIGNER, ROOT.authority(now=AT + timedelta(days=4000)), at=AT)
    with pytest.raises(SealUnavailable, match="time-stamp"):
        seal(PAPER, SIGNER, DirectTimestamps("http://127.0.0.1:9/", [ROOT.der], timeout=0.5), at=AT)


def test_a_paper_without_a_place_for_the_seal_is_not_sealed():
    with pytest.raises(SealUnavailable):
        seal(documents.render("award_notice", award_notice()), SIGNER, CLOCK, at=AT)


def test_a_key_that_does_not_fit_its_certificate_is_refused():
    other = Root().key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(TypeError, match="does not fit"):
        FileSigner(other, SIGNER.certificate)


def test_the_code_can_be_read_back_from_the_paper_and_from_the_sealed_file():
    code = documents.code_of("award_notice", award_notice())
    typesetter = documents.Typesetter(sealable=True)
    assert typesetter.code_in(PAPER) == typesetter.code_in(SEALED) == code


@pytest.mark.parametrize("content", [SEALED, PAPER, SEALED[:-40], b"%PDF-1.7\n" + bytes(2000)])
def test_a_process_of_its_own_says_the_same_of_a_strangers_file(content):
    assert judged_apart(content, [ROOT.der], [ROOT.der]) == check_paper(content, [ROOT.der])


def test_strangers_files_do_not_take_every_thread_of_the_web_process(monkeypatch):
    monkeypatch.setattr(apart, "WAIT", 0.0)
    with apart._PLACES, apart._PLACES:
        assert judged_apart(SEALED, [ROOT.der], [ROOT.der]).problem == "busy"
    assert judged_apart(SEALED, [ROOT.der], [ROOT.der]).ok


@pytest.mark.parametrize("name", digest.ALGORITHMS)
def test_digests_are_written_by_the_deployments_algorithm_here_and_in_the_other_process(name):
    with digest.under(name):
        verdict = check_paper(SEALED, [ROOT.der])
        assert (verdict.digest, verdict.paper) == (digest.of(SEALED), digest.of(PAPER))
        assert verdict.digest.startswith(f"{name}:") and verdict.certificate.startswith("sha256:")
        assert judged_apart(SEALED, [ROOT.der], [ROOT.der]) == verdict


def _command(*arguments):
    parser = argparse.ArgumentParser()
    verify_command.add_arguments(parser)
    return verify_command.run(parser.parse_args(arguments))


def test_the_command_tells_people_and_programs(tmp_path, capsys):
    paper, root = tmp_path / "paper.pdf", tmp_path / "root.pem"
    paper.write_bytes(SEALED)
    root.write_bytes(ROOT.pem)
    assert _command(str(paper), "--trust", str(root)) == 0
    told = capsys.readouterr().out
    assert "签章和时间戳有效" in told and "云州中心" in told and "2026-05-08T10:00:00" in told
    assert _command(str(paper), "--trust", str(root), "--digest", "sm3") == 0
    assert f"sm3:{digest.raw(SEALED, 'sm3').hex()}" in capsys.readouterr().out
    paper.write_bytes(SEALED.replace(b"/Title", b"/Tible", 1) if b"/Title" in SEALED else SEALED[:-9])
    assert _command(str(paper), "--trust", str(root), "--json") == 1
    assert json.loads(capsys.readouterr().out)["problem"] == "changed"


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler-utils is not installed")
def test_poppler_agrees_that_the_whole_document_is_signed(tmp_path):
    paper = tmp_path / "paper.pdf"
    paper.write_bytes(SEALED)
    said = subprocess.run(["pdfsig", "-nocert", str(paper)], capture_output=True, text=True, check=False).stdout
    assert "Signature is Valid" in said and "Total document signed" in said


def test_the_sm2_signature_beside_a_paper_is_over_exactly_this_file(tmp_path):
    key = suite("GM-1").new_private_key()
    pem = DemoAuthority.open(tmp_path, AT, "GM-1").issue_service(
        name="章", organisation="云州中心", public_key=suite("GM-1").public_key(key), at=AT, days=30, usage=SEALS
    )
    certificate = x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
    beside = detached(SEALED, key, certificate, AT)
    assert check_detached(beside, SEALED, certificate)
    assert not check_detached(beside, SEALED[:-1] + b" ", certificate)
    assert not check_detached(beside.replace('"signature":"M', '"signature":"N'), SEALED, certificate)
    assert not check_detached(beside, SEALED, SIGNER.certificate)
    assert not check_detached("{}", SEALED, certificate)
