"""Uploaded files: by content, not by name; whole; nothing in them acts; a scanner that fails refuses."""

import io
import random
import resource
import socket
import struct
import tempfile
import threading
import zipfile
import zlib

import openpyxl
import pikepdf
import pytest
from paper_samples import award_notice

from mingzheng.adapters import documents
from mingzheng.adapters.scanning import Clamd, FileScanner, apart, packages

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def pdf(change=None):
    made = pikepdf.new()
    made.add_blank_page()
    if change:
        change(made)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def package(**files):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "."), content)
    return out.getvalue()


def workbook(**more):
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "清单"
    book.save(out)
    with zipfile.ZipFile(out, "a") as made:
        for name, content in more.items():
            made.writestr(name, content)
    return out.getvalue()


def png(width=4, height=4, after=b""):
    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    pixels = zlib.compress((b"\0" + bytes(width)) * height) if width < 100 else b""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"") + after


JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
    b"\xff\xc0\x00\x0b\x08\x00\x10\x00\x10\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\0\0\x3f\0\x12\x34\xff\xd9"
)
XML = "<?xml version='1.0' encoding='UTF-8'?><清单><项 单价='1.00'/></清单>".encode()


def codes(name, content, **more):
    found = FileScanner().scan(name, content, **more)
    return [f.code for f in found.findings if f.severity == "refuse"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("投标文件.pdf", pdf(), "pdf"),
        ("清单.xml", XML, "xml"),
        ("图纸.zip", package(a__pdf=pdf(), b__txt=b"x"), "zip"),
        ("清单.XLSX", workbook(), "xlsx"),
        ("照片.png", png(), "png"),
        ("照片.jpg", JPEG, "jpeg"),
    ],
)
def test_honest_files_are_taken_and_the_missing_scanner_is_said(name, content, kind):
    found = FileScanner().scan(name, content)
    assert (found.kind, found.size, found.refused, found.engine) == (kind, len(content), False, "")
    assert [(f.code, f.severity) for f in found.findings] == [("scanner.none", "note")]


def test_our_own_papers_pass():
    assert codes("中标通知书.pdf", documents.render("award_notice", award_notice())) == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "file.empty"),
        ("a.exe", b"MZ\x90\0", "type.not-allowed"),
        ("a.pdf", b"MZ\x90\0", "type.not-allowed"),
        ("a.html", b"<!DOCTYPE html><html></html>", "type.not-allowed"),
        ("a.pdf", package(a=b"x"), "type.not-what-its-name-says"),
        ("a.zip", workbook(), "type.not-what-its-name-says"),
        ("a", pdf(), "type.not-what-its-name-says"),
        ("a.pdf.exe", pdf(), "type.not-what-its-name-says"),
    ],
)
def test_a_file_is_what_its_content_is_not_what_it_is_called(name, content, code):
    assert codes(name, content) == [code]


def test_the_caller_may_allow_fewer_kinds():
    assert codes("a.png", png(), allowed={"pdf"}) == ["type.not-allowed"]
    assert codes("a.pdf", pdf(), allowed={"pdf"}) == []


def test_a_file_that_is_too_large_is_not_looked_into():
    found = FileScanner(largest=100).scan("a.pdf", pdf())
    assert [f.code for f in found.findings] == ["file.too-large", "scanner.none"]


def action(**entries):
    def change(made):
        made.Root.OpenAction = made.make_indirect(pikepdf.Dictionary(**entries))

    return change


def attachment(made):
    made.attachments["x.exe"] = b"MZ"


def script_in_a_page(made):
    made.pages[0].AA = pikepdf.Dictionary(O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))


def dynamic_form(made):
    made.Root.AcroForm = pikepdf.Dictionary(XFA=made.make_stream(b"<xdp/>"))


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (action(S=pikepdf.Name.JavaScript, JS="app.alert(1)"), "pdf.javascript"),
        (script_in_a_page, "pdf.javascript"),
        (action(S=pikepdf.Name.Launch, F="cmd.exe"), "pdf.launches-a-program"),
        (action(S=pikepdf.Name.SubmitForm, F="https://x"), "pdf.sends-data"),
        (attachment, "pdf.embedded-file"),
        (dynamic_form, "pdf.dynamic-form"),
    ],
)
def test_a_pdf_that_acts_is_refused(change, code):
    assert codes("a.pdf", pdf(change)) == [code]


def test_a_script_hidden_in_a_compressed_object_is_found():
    made = pikepdf.open(io.BytesIO(pdf(script_in_a_page)))
    out = io.BytesIO()
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in out.getvalue()
    assert codes("a.pdf", out.getvalue()) == ["pdf.javascript"]


def test_an_encrypted_pdf_is_refused():
    made = pikepdf.open(io.BytesIO(pdf()))
    for user in ("secret", ""):
        out = io.BytesIO()
        made.save(out, encryption=pikepdf.Encryption(owner="o", user=user))
        assert codes("a.pdf", out.getvalue()) == ["pdf.encrypted"]


def test_a_truncated_pdf_is_refused():
    whole = documents.render("award_notice", award_notice())
    for cut in (10, len(whole) // 2, len(whole) - 10):
        assert codes("a.pdf", whole[:cut]) == ["pdf.damaged"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "xml.doctype"),
        (b'<!DOCTYPE a SYSTEM "http://example.org/x.dtd"><a/>', "xml.doctype"),
        (b"<a>" * 300 + b"</a>" * 300, "xml.too-deep"),
        (b"<a><b></a>", "xml.damaged"),
        (b"<a>", "xml.damaged"),
        (b"<a/><a/>", "xml.damaged"),
    ],
)
def test_xml_with_entities_or_without_an_end_is_refused(content, code):
    assert codes("a.xml", content) == [code]


def encrypted_zip():
    content = bytearray(package(a=b"x"))
    content[6] |= 1
    at = content.rfind(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def linked_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("a")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return out.getvalue()


def doubled_zip():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr("a.pdf", b"1")
        made.writestr("a.pdf", b"2")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (package(a=bytes(50 << 20)), "zip.too-large"),
        (package(**{"../../etc/cron.d/x": b"x"}), "zip.leaves-its-folder"),
        (package(**{"C:\\x": b"x"}), "zip.leaves-its-folder"),
        (package(**{"图纸/setup.EXE": b"x"}), "zip.program"),
        (package(**{"photo.jpg": b"MZ\x90\0"}), "zip.program"),
        (package(**{str(n): b"" for n in range(10_001)}), "zip.too-many-entries"),
        (encrypted_zip(), "zip.encrypted"),
        (linked_zip(), "zip.link"),
        (doubled_zip(), "zip.doubled-name"),
        (package(a=random.Random(7).randbytes(5000))[:-30], "zip.damaged"),
    ],
)
def test_a_dangerous_archive_is_refused(content, code):
    assert codes("a.zip", content) == [code]


def test_an_archive_with_a_changed_byte_is_refused():
    content = bytearray(package(a=random.Random(7).randbytes(5000)))
    content[1000] ^= 1
    assert codes("a.zip", bytes(content)) == ["zip.damaged"]


def test_an_archive_inside_an_archive_is_told():
    found = FileScanner().scan("a.zip", package(b__zip=package(c=b"x")))
    assert ("zip.nested", "warn") in [(f.code, f.severity) for f in found.findings] and not found.refused


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (workbook(**{"xl/vbaProject.bin": b"x"}), "xlsx.macro"),
        (workbook(**{"xl/embeddings/a.doc": b"x"}), "xlsx.active-content"),
        (workbook(**{"xl/activeX/a.xml": b"<a/>"}), "xlsx.active-content"),
        (workbook(**{"xl/x.xml": b"<!DOCTYPE a><a/>"}), "xml.doctype"),
    ],
)
def test_a_workbook_that_acts_is_refused(content, code):
    assert codes("a.xlsx", content) == [code]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.png", png()[:-4], "image.damaged"),
        ("a.png", png().replace(b"IDAT", b"IDAX"), "image.damaged"),
        ("a.png", png(60_000, 60_000), "image.too-large"),
        ("a.jpg", JPEG[:-2], "image.damaged"),
        ("a.jpg", b"\xff\xd8\xff\xff", "image.damaged"),
    ],
)
def test_a_damaged_or_absurd_picture_is_refused(name, content, code):
    assert codes(name, content) == [code]


def test_bytes_hung_on_behind_a_picture_are_told():
    for name, content in (("a.png", png(after=b"PK")), ("a.jpg", JPEG + b"<?php")):
        found = FileScanner().scan(name, content)
        assert [f.code for f in found.findings if f.severity == "warn"] == ["image.trailing-bytes"]


def test_no_bytes_make_the_scanner_fall_over():
    chance = random.Random(20260302)
    for start in (b"%PDF-1.7\n", b"PK\x03\x04", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<", b""):
        for _ in range(20):
            content = start + chance.randbytes(chance.randrange(400)) + chance.choice([b"", b"%%EOF", b"\xff\xd9"])
            for name in ("a.pdf", "a.zip", "a.png", "a.jpg", "a.xml"):
                FileScanner().scan(name, content)


@pytest.mark.parametrize(("name", "content"), [("a.pdf", pdf()), ("a.png", png()), ("a.jpg", JPEG)])
def test_a_file_that_is_an_archive_as_well_is_refused(name, content):
    """Behind the end of one kind stands another: what a second program would open was not looked at."""
    assert codes(name, content + package(a__exe=b"MZ")) == ["file.two-kinds"]


@pytest.mark.parametrize(
    "name",
    [
        "../../a.pdf",
        "..\\a.pdf",
        "a\0.pdf",
        "a.pdf\r\nX: y",
        "a.exe.pdf",
        "\u202efdp.a.pdf",
        "a" * 5000 + ".pdf",
        ".pdf",
        "con.pdf",
        " ",
    ],
)
def test_no_name_leads_anywhere_or_makes_the_check_fall_over(name):
    """The name is compared with the content and used for nothing else here."""
    found = FileScanner().scan(name, pdf())
    assert found.kind == "pdf"
    assert found.refused == (not name.endswith(".pdf"))


# A virus scanner


@pytest.fixture
def clamd():
    """A daemon that speaks INSTREAM and knows one virus."""
    door = socket.create_server(("127.0.0.1", 0))
    mood = {"answer": ""}

    def serve():
        while True:
            try:
                line, _ = door.accept()
            except OSError:
                return
            with line, line.makefile("rb") as said:
                assert said.read(10) == b"zINSTREAM\0"
                content = b""
                while size := struct.unpack(">I", said.read(4))[0]:
                    content += said.read(size)
                verdict = "Eicar-Test-Signature FOUND" if EICAR in content else "OK"
                line.sendall((mood["answer"] or f"stream: {verdict}").encode() + b"\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield door.getsockname(), mood
    door.shutdown(socket.SHUT_RDWR)
    door.close()
    thread.join()


def test_a_connected_scanner_looks_at_every_file(clamd):
    address, _ = clamd
    scanner = FileScanner(Clamd(address))
    clean = scanner.scan("a.zip", package(a=b"x" * 200_000))
    assert (clean.refused, clean.engine, clean.findings) == (False, "clamav", ())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.txt", EICAR)
    found = scanner.scan("a.zip", out.getvalue())
    assert [(f.code, f.place) for f in found.findings] == [("scanner.virus", "Eicar-Test-Signature")]
    assert found.refused


def test_a_scanner_that_cannot_be_asked_refuses(clamd):
    address, mood = clamd
    mood["answer"] = "INSTREAM size limit exceeded. ERROR"
    assert FileScanner(Clamd(address)).scan("a.xml", XML).refused
    gone = FileScanner(Clamd("/nonexistent/clamd.socket")).scan("a.xml", XML)
    assert [f.code for f in gone.findings] == ["scanner.unavailable"]


# What would eat memory or time


def bomb(megabytes):
    """A PDF of a few kilobytes whose one stream of objects unpacks to so many megabytes, squeezed twice."""
    squeeze = zlib.compressobj(9)
    pieces = [squeeze.compress(b"10 0 11 2 1 1"), *(squeeze.compress(b" " * (1 << 20)) for _ in range(megabytes))]
    data = zlib.compress(b"".join([*pieces, squeeze.flush()]), 9)
    body, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(
        (
            b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
            b"<</Type/ObjStm/N 2/First 10/Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n%b\nendstream" % (len(data), data),
        ), 1,
    ):  # fmt: skip
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    rows = [(0, 0, 65535), *((1, one, 0) for one in [*places, len(body)]), (2, 4, 0), (2, 4, 1)]
    table = b"".join(struct.pack(">BIH", *one) for one in rows)
    where = len(body)
    body += b"5 0 obj\n<</Type/XRef/Size 12/W[1 4 2]/Index[0 6 10 2]/Root 1 0 R/Length %d>>\nstream\n" % len(table)
    return bytes(body + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % where)


def test_a_small_paper_that_unpacks_to_gigabytes_is_refused_and_costs_the_asking_process_nothing():
    alone, before = FileScanner(alone=True), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = bomb(400)
    assert len(content) < 4_000
    found = [one.code for one in alone.scan("a.pdf", content).findings if one.severity == "refuse"]
    assert found and found[0].startswith("pdf.")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024  # KiB


def test_a_process_of_its_own_finds_the_same_as_the_check_itself(tmp_path):
    alone, script = (
        FileScanner(alone=True),
        pdf(lambda made: made.Root.__setattr__("OpenAction", pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="1"))),
    )
    (tmp_path / "a.pdf").write_bytes(script)
    with tempfile.SpooledTemporaryFile(1 << 20) as spooled, (tmp_path / "a.pdf").open("rb") as kept:
        spooled.write(script)
        for content in (script, spooled, kept):
            assert alone.scan("a.pdf", content).findings == FileScanner().scan("a.pdf", content).findings
    assert not [one for one in alone.scan("a.pdf", pdf()).findings if one.severity == "refuse"]


def test_a_check_that_takes_too_long_refuses_the_file(monkeypatch):
    monkeypatch.setattr(apart, "SECONDS", 0)
    assert [one.code for one in apart.check_pdf(io.BytesIO(pdf()))] == ["pdf.too-many-objects"]


class Huge(io.RawIOBase):
    """A file of spaces between a beginning and an end, of which nothing lies in memory; `most` is the longest read."""

    def __init__(self, begins, size, ends=b""):
        self.begins, self.size, self.ends, self.at, self.most = begins, size, ends, 0, 0

    def seekable(self):
        return True

    def readable(self):
        return True

    def seek(self, offset, whence=0):
        self.at = offset + (0, self.at, self.size)[whence]
        return self.at

    def tell(self):
        return self.at

    def read(self, size=-1):
        size = max(min(self.size - self.at, self.size if size is None or size < 0 else size), 0)
        self.most = max(self.most, size)
        assert size <= 1 << 28, "more than a quarter of a gigabyte at once"
        start, self.at = self.at, self.at + size
        piece = self.begins[start : start + size].ljust(size, b" ")
        cut = max(self.size - len(self.ends) - start, 0)
        return piece[:cut] + self.ends[len(self.ends) - (self.size - start) if cut == 0 else 0 :][: size - cut]


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        ("a.jpg", JPEG[:-2], b"\xff\xd9"),
        ("a.png", png()[:33] + struct.pack(">I4s", 0x7FFFFFF0, b"IDAT"), b""),
        ("a.xml", b"<a b='", b""),
    ],
    ids=["jpeg", "png", "xml"],
)
def test_a_file_as_large_as_a_bid_may_be_is_never_read_whole_into_memory(name, begins, ends):
    content = Huge(begins, 1 << 30, ends)
    FileScanner(largest=2 << 30).scan(name, content)
    assert content.most <= 1 << 20


def test_a_workbook_whose_sheet_unpacks_to_hundreds_of_megabytes_is_refused_without_reading_it_whole():
    squeeze, out = b"<a>" + b" " * (300 << 20), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        made.writestr("[Content_Types].xml", "<a/>")
        made.writestr("xl/workbook.xml", "<a/>")
        made.writestr("xl/filling", random.Random(7).randbytes(2 << 20))  # else the ratio alone refuses it
        made.writestr("xl/sheet1.xml", squeeze)
    del squeeze
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert codes("a.xlsx", out.getvalue()) == ["file.too-large"]
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_list_of_contents_longer_than_ten_thousand_names_is_not_read():
    content = bytearray(package(a=b"x"))
    end = content.rfind(b"PK\5\6")
    content[end + 12 : end + 16] = struct.pack("<I", packages.LISTING + 1)
    assert codes("a.zip", bytes(content)) == ["zip.too-many-entries"]
