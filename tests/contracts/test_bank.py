"""One contract for every bank: the demo bank, and the bank-direct client speaking to a real server."""

import dataclasses
import itertools
import ssl
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from peer import serving

from mingzheng.adapters.bank import BankUnavailable, DemoBank, DirectBank, RefundRefused
from mingzheng.adapters.wire import SignedClient
from mingzheng.kernel import clock as kernel_clock
from mingzheng.kernel import money
from mingzheng.kernel.event import to_json

NAME, ACCOUNT = "丙水务建设有限公司", "6217000010001234567"


def bank_server(bank):
    """What a bank's own system does with our requests; `bank` is its book-keeping."""

    def route(method, path, body):
        parts = urlsplit(path)
        match method, parts.path.split("/")[2:]:
            case "POST", ["accounts"]:
                return 200, {"account": bank.open_account(body["reference"])}
            case "GET", ["credits"]:
                found = bank.incoming(int(parse_qs(parts.query)["since"][0]))
                return 200, {"credits": [to_json(dataclasses.asdict(credit)) for credit in found]}
            case "POST", ["refunds"]:
                amounts = {"principal": Decimal(body.pop("principal")), "interest": Decimal(body.pop("interest"))}
                try:
                    return 200, to_json(dataclasses.asdict(bank.refund(**body, **amounts)))
                except RefundRefused as refused:
                    return 409, {"error": refused.reason}
            case "GET", ["refunds", order]:
                found = bank.refund_state(unquote(order))
                return (200, to_json(dataclasses.asdict(found))) if found else (404, {})
            case "POST", ["guarantees"]:
                return 200, to_json(dataclasses.asdict(bank.verify_guarantee(body["number"], body["issuer"])))
        return 404, {}

    return route


@pytest.fixture
def demo(tmp_path):
    return DemoBank.of_state(tmp_path)


@pytest.fixture(params=["demo", "direct"])
def bank(request, demo):
    if request.param == "demo":
        yield demo
    else:
        with serving(bank_server(demo)) as peer:
            yield DirectBank(peer.client())


@pytest.fixture
def paid(bank, demo):
    """A deposit of 800,000 yuan that came in."""
    account = bank.open_account("deposit-1")
    return demo.pay(account=account, payer_name=NAME, payer_account=ACCOUNT, amount="800000", remark="投标保证金")


def order(paid, **changes):
    wanted = {
        "order": "refund/1",
        "credit": paid.id,
        "to_account": ACCOUNT,
        "principal": Decimal("800000.00"),
        "interest": Decimal("233.33"),
    }
    return wanted | changes


def test_every_deposit_has_its_own_account_and_keeps_it(bank):
    first, second = bank.open_account("deposit-1"), bank.open_account("deposit-2")
    assert first != second
    assert bank.open_account("deposit-1") == first
    assert first.isdigit() and len(first) == 19


def test_account_numbers_do_not_tell_how_many_there_are(bank):
    numbers = [int(bank.open_account(f"deposit-{n}")[6:-1]) for n in range(12)]
    gaps = [abs(a - b) for a, b in itertools.pairwise(numbers)]
    assert min(gaps) > 1000 and numbers != sorted(numbers)


def test_money_that_came_in_is_told_once_with_its_payer(bank, demo, paid):
    [credit] = bank.incoming()
    assert credit == paid
    assert (credit.number, credit.reference, credit.amount) == (1, "deposit-1", Decimal("800000.00"))
    assert (credit.payer_name, credit.payer_account, credit.at) == (NAME, ACCOUNT, kernel_clock.now())
    assert bank.incoming(since=credit.number) == []
    second = demo.pay(account=paid.account, payer_name=NAME, payer_account=ACCOUNT, amount="0.01")
    assert bank.incoming(since=credit.number) == [second]


def test_a_refund_goes_to_the_payer_with_interest_and_its_state_can_be_asked(bank, paid, clock):
    receipt = bank.refund(**order(paid))
    assert (receipt.amount, receipt.state) == (Decimal("800233.33"), "accepted")
    assert (receipt.to_name, receipt.to_account) == (NAME, ACCOUNT)
    clock.forward(minutes=1)
    assert bank.refund_state("refund/1").state == "booked"
    assert bank.refund_state("refund/2") is None


def test_the_same_order_sent_again_moves_no_money_twice(bank, demo, paid):
    first = bank.refund(**order(paid))
    assert bank.refund(**order(paid)).serial == first.serial
    with pytest.raises(RefundRefused, match="order-changed"):
        bank.refund(**order(paid, interest=Decimal("500.00")))
    with pytest.raises(RefundRefused, match="more-than-paid"):
        bank.refund(**order(paid, order="refund/2"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"to_account": "6217000010009999999"}, "not-the-payer"),
        ({"credit": "0" * 24}, "unknown-credit"),
        ({"principal": Decimal("800000.01")}, "more-than-paid"),
        ({"principal": Decimal("-1")}, "not-an-amount"),
        ({"interest": Decimal("NaN")}, "not-an-amount"),
    ],
)
def test_a_refund_to_another_account_or_of_another_sum_is_refused(bank, paid, changes, reason):
    with pytest.raises(RefundRefused) as refused:
        bank.refund(**order(paid, **changes))
    assert refused.value.reason == reason
    assert bank.refund_state("refund/1") is None


def test_a_deposit_paid_in_two_transfers_goes_back_in_one(bank, demo, paid):
    demo.pay(account=paid.account, payer_name=NAME, payer_account=ACCOUNT, amount="200000")
    demo.pay(account=paid.account, payer_name="丁", payer_account="62170000", amount="1")
    assert bank.refund(**order(paid, principal=Decimal("1000000"))).principal == Decimal("1000000.00")


def test_a_refund_that_comes_back_may_be_sent_again_under_a_new_order(bank, demo, paid):
    bank.refund(**order(paid))
    demo.bounce("refund/1", "户名不符")
    back = bank.refund_state("refund/1")
    assert (back.state, back.reason) == ("returned", "户名不符")
    assert bank.refund(**order(paid, order="refund/2")).state == "accepted"


def test_a_guarantee_is_what_its_issuer_says(bank, demo, clock):
    wanted = {"number": "GH-2026-001", "issuer": "云州银行"}
    assert bank.verify_guarantee(**wanted).state == "unknown"
    until = kernel_clock.now() + timedelta(days=120)
    demo.issue_guarantee(**wanted, amount="800000", valid_until=until, beneficiary="云州水务", applicant=NAME)
    facts = bank.verify_guarantee(**wanted)
    assert (facts.state, facts.amount, facts.valid_until, facts.applicant) == ("valid", money.yuan(800000), until, NAME)
    assert bank.verify_guarantee(number="GH-2026-001", issuer="另一家银行").state == "unknown"
    clock.forward(days=121)
    assert bank.verify_guarantee(**wanted).state == "expired"
    demo.cancel_guarantee(**wanted)
    assert bank.verify_guarantee(**wanted).state == "cancelled"


def test_payer_names_and_accounts_stand_in_no_text_of_the_program(bank, paid):
    receipt = bank.refund(**order(paid))
    shown = repr(bank) + repr(bank.incoming()) + repr(receipt) + str(vars(type(bank)))
    assert NAME not in shown and ACCOUNT not in shown


def test_the_files_of_the_demo_bank_name_no_payer(demo, tmp_path):
    account = demo.open_account("deposit-1")
    demo.pay(account=account, payer_name=NAME, payer_account=ACCOUNT, amount="800000")
    demo.issue_guarantee(number="G1", issuer="I", amount="1", valid_until=kernel_clock.now(), applicant=NAME)
    key = tmp_path / "keys" / "bank.key"
    for path in (p for p in tmp_path.rglob("*") if p.is_file() and p != key):
        content = path.read_bytes()
        assert not any(word.encode() in content for word in (NAME, ACCOUNT, account, "800000"))


def test_money_for_an_unknown_account_is_not_taken(demo):
    with pytest.raises(LookupError):
        demo.pay(account="1", payer_name=NAME, payer_account=ACCOUNT, amount="1")
    with pytest.raises(money.NotMoney):
        demo.pay(account=demo.open_account("x"), payer_name=NAME, payer_account=ACCOUNT, amount="-1")


# The line to a real bank


@pytest.mark.parametrize("fault", ["unsigned", "changed", "down", "cut", "late", "not json", "another's answer"])
def test_what_is_not_the_banks_own_answer_to_this_request_is_no_answer(demo, fault):
    with serving(bank_server(demo)) as peer:
        bank = DirectBank(peer.client(timeout=0.3))
        assert bank.incoming() == []
        peer.fault = fault
        with pytest.raises(BankUnavailable):
            bank.open_account("deposit-1")
        with pytest.raises(BankUnavailable):
            bank.verify_guarantee("1", "2")


def test_nothing_is_known_when_the_bank_does_not_answer():
    with serving(lambda *request: (200, {})) as peer:
        gone = DirectBank(peer.client())
    with pytest.raises(BankUnavailable):
        gone.incoming()


def test_an_answer_of_another_shape_is_no_answer(demo):
    with serving(lambda *request: (200, {"credits": [{"id": "x"}]})) as peer:
        bank = DirectBank(peer.client())
        for ask in (bank.incoming, lambda: bank.open_account("r"), lambda: bank.refund_state("o")):
            with pytest.raises(BankUnavailable):
                ask()


def test_a_request_with_another_key_is_refused_by_the_bank(demo):
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    with serving(bank_server(demo)) as peer:
        stranger = DirectBank(peer.client(key=Ed25519PrivateKey.generate()))
        with pytest.raises(BankUnavailable, match="401"):
            stranger.incoming()


def test_a_refund_whose_answer_was_lost_is_sent_again_without_harm(demo):
    account = demo.open_account("deposit-1")
    paid = demo.pay(account=account, payer_name=NAME, payer_account=ACCOUNT, amount="800000")
    with serving(bank_server(demo)) as peer:
        bank = DirectBank(peer.client())
        peer.fault = "cut"
        with pytest.raises(BankUnavailable):
            bank.refund(**order(paid))
        peer.fault = ""
        assert bank.refund(**order(paid)).serial == demo.refund_state("refund/1").serial


def test_a_bank_elsewhere_is_reached_by_https_only(tls_identity):
    with serving(lambda *request: (200, {})) as peer, pytest.raises(ValueError, match="https"):
        SignedClient("http://bank.example", identity="x", key=peer.our_key, peer=peer.key.public_key())


def test_an_unknown_certificate_of_the_bank_is_not_believed(demo, tls_identity):
    certificate, key = tls_identity
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    with serving(bank_server(demo), tls=server) as peer:
        trusted = DirectBank(peer.client(authorities=str(certificate)))
        assert trusted.incoming() == []
        with pytest.raises(BankUnavailable):
            DirectBank(peer.client()).incoming()


def test_the_client_does_not_show_its_key(demo):
    with serving(bank_server(demo)) as peer:
        assert "key=…" in repr(DirectBank(peer.client()))
