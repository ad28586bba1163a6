"""What happened to papers after they were filed."""

from datetime import datetime
from uuid import UUID

from mingzheng.kernel.event import event


@event("issuing.paper-sealed", stream="lot")
class PaperSealed:
    """A paper bears seal and time-stamp: `digest` is that of the sealed file, `paper` that of the paper as it was filed
    (the sealed file begins with it). `certificate` is the fingerprint of the seal's certificate, `stamp` the serial
    number of the time-stamp (hexadecimal). `signature` is the digest of the SM2 signature beside the file, or empty."""

    lot: UUID
    document: UUID
    digest: str
    size: int
    paper: str
    holder: str
    certificate: str
    stamped_at: datetime
    stamp: str
    signature: str
