"""The published examples of SM2: GB/T 32918.5-2017, annexes A (signature) and C (encryption), recommended curve."""

from typing import Final

from mingzheng.kernel import sm2

PRIVATE: Final = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8
PUBLIC: Final = (
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)
MESSAGE: Final = b"message digest"
R: Final = 0xF5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3
S: Final = 0xB1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA

PLAIN: Final = b"encryption standard"
C1: Final = (
    0x04EBFC718E8D1798620432268E77FEB6415E2EDE0E073C0F4F640ECD2E149A73,
    0xE858F9D81E5430A57B36DAAB8F950A3C64E6EE6A63094D99283AFF767E124DF0,
)
C3: Final = bytes.fromhex("59983C18F809E262923C53AEC295D30383B54E39D609D160AFCB1908D0BD8766")
C2: Final = bytes.fromhex("21886CA989CA9C7D58087307CA93092D651EFA")


def ciphertext() -> bytes:
    """The example's ciphertext as DER: SEQUENCE {INTEGER x1, INTEGER y1, OCTET STRING C3, OCTET STRING C2}."""
    numbers = [number.to_bytes(number.bit_length() // 8 + 1, "big") for number in C1]
    content = b"".join(bytes([0x02, len(number)]) + number for number in numbers)
    content += bytes([0x04, len(C3)]) + C3 + bytes([0x04, len(C2)]) + C2
    return bytes([0x30, 0x81, len(content)]) + content


def check() -> None:
    """`sm2.Failed` names the example that does not come out."""
    private, public = sm2.private_of(PRIVATE), sm2.public_of(*PUBLIC)
    _expect("public key", sm2.public_key(private) == public)
    _expect("signature", sm2.verify(public, sm2.signature_of(R, S), MESSAGE))
    _expect("wrong signature", not sm2.verify(public, sm2.signature_of(R, S - 1), MESSAGE))
    _expect("decryption", sm2.decrypt(private, ciphertext()) == PLAIN)
    fresh = sm2.generate()
    half = sm2.public_key(fresh)
    _expect("own signature", sm2.verify(half, sm2.sign(fresh, MESSAGE), MESSAGE))
    _expect("own encryption", sm2.decrypt(fresh, sm2.encrypt(half, PLAIN)) == PLAIN)


def _expect(what: str, holds: bool) -> None:
    if not holds:
        raise sm2.Failed(f"known-answer test failed: SM2 {what}")
