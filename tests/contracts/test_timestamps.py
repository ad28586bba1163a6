"""Time-stamps after RFC 3161: our authority in process and over HTTP answers alike, and other programs agree."""

import contextlib
import hashlib
import http.client
import http.server
import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta

import pytest
import rfc3161_client
from stamping import AT, SEALS, STAMPS, Root

from mingzheng.adapters.timestamps import (
    DirectTimestamps,
    LocalAuthority,
    StampNotTrusted,
    StampRefused,
    StampsUnavailable,
    asking,
    check_token,
)
from mingzheng.adapters.timestamps.authority import POLICY
from mingzheng.adapters.timestamps.direct import REPLY
from mingzheng.adapters.timestamps.serving import server

CONTENT = b"paper"
DIGEST = hashlib.sha256(CONTENT).digest()
ROOT = Root()


@contextlib.contextmanager
def served(found):
    """A server on this machine until the block ends; gives its address."""
    thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{found.server_address[1]}/tsa"
    finally:
        found.shutdown()
        found.server_close()
        thread.join()


@pytest.fixture(params=["in process", "over HTTP"])
def authority(request):
    """The same authority, asked in both ways."""
    local = ROOT.authority()
    if request.param == "in process":
        yield local
        return
    with served(server(local)) as address:
        yield DirectTimestamps(address, [ROOT.der])


def test_a_token_tells_time_authority_policy_and_accuracy(authority):
    facts = check_token(asking.stamp(authority, DIGEST), DIGEST, [ROOT.der])
    assert (facts.at, facts.authority, facts.policy, facts.accuracy) == (AT, "云州中心 印章", POLICY, 1)


@pytest.mark.parametrize("algorithm", ["sha256", "sha384", "sha512", "sm3"])
def test_every_known_digest_is_stamped(authority, algorithm):
    digest = bytes(range(asking.DIGESTS[algorithm]))
    token = asking.stamp(authority, digest, algorithm)
    assert check_token(token, digest, [ROOT.der]).at == AT


@pytest.mark.parametrize(
    ("digest", "algorithm", "failure"),
    [
        (bytes(20), "sha1", "bad_alg"),
        (bytes(16), "md5", "bad_alg"),
        (bytes(31), "sha256", "bad_data_format"),
        (bytes(32), "sha512", "bad_data_format"),
    ],
)
def test_an_unknown_digest_or_one_of_the_wrong_length_is_refused(authority, digest, algorithm, failure):
    with pytest.raises(StampRefused) as refused:
        asking.stamp(authority, digest, algorithm)
    assert refused.value.failure == failure


@pytest.mark.parametrize(
    "query",
    [b"", b"0", b"0\x03\x02\x01\x01", asking.request(DIGEST)[:-3], bytes(9000)],
    ids=["nothing", "one byte", "a number", "cut off", "too long"],  # a request carries a random nonce
)
def test_what_is_no_request_is_refused_not_answered(query):
    with pytest.raises(StampRefused, match="bad_data_format"):
        asking.token_of(ROOT.authority().respond(query), asking.request(DIGEST))


def test_no_serial_number_comes_twice():
    authority = ROOT.authority()
    serials = {check_token(asking.stamp(authority, DIGEST), DIGEST, [ROOT.der]).serial for _ in range(60)}
    assert len(serials) == 60


def test_the_time_is_that_of_the_deployments_clock(clock):
    own = ROOT.signer(STAMPS, start=AT - timedelta(days=300))
    authority = LocalAuthority(own.sign, own.certificate)
    for _ in range(2):
        now = clock.forward(days=3, seconds=7)
        assert check_token(asking.stamp(authority, DIGEST), DIGEST, [ROOT.der]).at == now


def test_an_authority_whose_certificate_ran_out_stamps_nothing():
    with pytest.raises(StampRefused, match="time_not_available"):
        asking.stamp(ROOT.authority(days=10, now=AT + timedelta(days=11)), DIGEST)


@pytest.mark.parametrize(
    ("make", "digest", "problem"),
    [
        (lambda: asking.stamp(ROOT.authority(), DIGEST), bytes(32), "wrong-digest"),
        (lambda: asking.stamp(Root().authority(), DIGEST), DIGEST, "unknown-authority"),
        (lambda: asking.stamp(ROOT.authority(usage=SEALS), DIGEST), DIGEST, "wrong-purpose"),
        (lambda: b"no token", DIGEST, "not-a-token"),
        (lambda: asking.stamp(ROOT.authority(), DIGEST)[:-1] + b"\0", DIGEST, "broken-signature"),
    ],
)
def test_a_token_that_proves_something_else_is_not_trusted(make, digest, problem):
    with pytest.raises(StampNotTrusted) as refused:
        check_token(make(), digest, [ROOT.der])
    assert refused.value.problem == problem


def test_a_token_for_another_request_is_not_taken():
    authority, query = ROOT.authority(), asking.request(DIGEST)
    with pytest.raises(StampNotTrusted, match="another-digest"):
        asking.token_of(authority.respond(asking.request(bytes(32))), query)
    with pytest.raises(StampNotTrusted, match="another-nonce"):
        asking.token_of(authority.respond(asking.request(DIGEST)), query)


def test_a_stranger_over_http_is_not_trusted():
    with served(server(Root("别处").authority())) as address, pytest.raises(StampNotTrusted, match="unknown-authority"):
        asking.stamp(DirectTimestamps(address, [ROOT.der]), DIGEST)


@pytest.mark.parametrize(
    ("status", "kind", "body"), [(503, REPLY, b""), (200, "text/html", b"<p>"), (200, REPLY, b"0")]
)
def test_an_answer_that_is_none_leaves_it_open(status, kind, body):
    class Odd(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *ignored):
            """Quiet."""

    with served(http.server.ThreadingHTTPServer(("127.0.0.1", 0), Odd)) as address, pytest.raises(StampsUnavailable):
        asking.stamp(DirectTimestamps(address, [ROOT.der]), DIGEST)
    with pytest.raises(StampsUnavailable):
        asking.stamp(DirectTimestamps(address, [ROOT.der], timeout=0.5), DIGEST)  # nobody listens any more


def test_the_server_takes_nothing_but_queries_of_a_sane_size():
    with served(server(ROOT.authority())) as address:
        port = int(address.rpartition(":")[2].partition("/")[0])
        for kind, size, wanted in (("text/plain", 9, 415), ("application/timestamp-query", 9000, 413)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("POST", "/", body=bytes(size), headers={"Content-Type": kind})
            assert connection.getresponse().status == wanted
            connection.close()


def test_another_library_verifies_our_tokens():
    answer = rfc3161_client.decode_timestamp_response(ROOT.authority().respond(asking.request(DIGEST)))
    verifier = rfc3161_client.VerifierBuilder().add_root_certificate(ROOT.certificate).build()
    assert verifier.verify_message(answer, CONTENT)
    assert answer.tst_info.gen_time == AT.astimezone(UTC)
    with pytest.raises(rfc3161_client.VerificationError):
        verifier.verify_message(answer, b"another paper")


def test_our_authority_answers_the_requests_of_another_library():
    asked = rfc3161_client.TimestampRequestBuilder().data(CONTENT).build()
    query = asked.as_bytes()
    token = asking.token_of(ROOT.authority().respond(query), query)
    assert check_token(token, hashlib.sha512(CONTENT).digest(), [ROOT.der]).at == AT


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_verifies_our_tokens(tmp_path):
    query = asking.request(DIGEST)
    files = {"q": query, "r": ROOT.authority().respond(query), "ca.pem": ROOT.pem}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    ask = ["openssl", "ts", "-verify", "-queryfile", "q", "-in", "r", "-CAfile", "ca.pem", "-attime"]
    at = str(int(datetime.timestamp(AT)))
    done = subprocess.run([*ask, at], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "Verification: OK" in done.stdout, done.stderr
