"""Time-stamps after RFC 3161: an authority of our own on the deployment's clock, a client for others, and checking."""

from mingzheng.adapters.timestamps.authority import LocalAuthority
from mingzheng.adapters.timestamps.checking import StampFacts, check_token
from mingzheng.adapters.timestamps.direct import DirectTimestamps
from mingzheng.adapters.timestamps.port import StampNotTrusted, StampRefused, StampsUnavailable, Timestamps

__all__ = [
    "DirectTimestamps",
    "LocalAuthority",
    "StampFacts",
    "StampNotTrusted",
    "StampRefused",
    "StampsUnavailable",
    "Timestamps",
    "check_token",
]
