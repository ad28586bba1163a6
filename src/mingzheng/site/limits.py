"""How many requests one visitor may make: buckets by account and address, with a reserve no reading can use up.

A bucket refills evenly and is kept in the memory of the web process; it protects that process, and proves nothing. The
reserve belongs to whoever is logged in with a certificate: binding acts and uploads of the bid stay possible for a
bidder at the deadline when its own pages, or others behind the same address, have used up everything else.
"""

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from mingzheng.kernel.actor import Actor
from mingzheng.kernel.refusal import refusal
from mingzheng.ledger.writing import COMMANDS

TOO_MANY = refusal(
    "access.too-many",
    what="请求太密，这一次没有办理。",
    todo="请在 {seconds} 秒后再试。已经办成的事项不受影响；用证书签名的操作另有余量。",
    status=429,
    evidence=False,
)
LIVE_FULL = refusal(
    "access.live-full",
    what="实时更新的连接已满，这个页面暂时不会自动更新。",
    todo="页面照常可用，刷新即可看到最新情况；稍后会自动再连，也可以先关掉不用的页面。",
    status=429,
    evidence=False,
)
LIVE_AT_ONCE = 2000  # streams of one web process: each holds a socket and a little memory
LIVE_OF_PERSON = 20  # a browser opens one for all its tabs
LIVE_OF_ADDRESS = 500  # public pages of a whole office behind one address
REMEMBERED = 50_000  # visitors a bucket remembers; who has been away longest is forgotten, which only gives more


@dataclass(frozen=True, slots=True)
class Allowance:
    """`burst` at once, then `a_minute` evenly."""

    burst: float
    a_minute: float


ALLOWANCES = {
    "read": Allowance(300, 600),
    "read-publicly": Allowance(1200, 3000),  # one address may be a whole office
    "act": Allowance(60, 120),
    "act-publicly": Allowance(20, 20),
    "reserve": Allowance(30, 30),  # binding acts under a certificate, by person alone
    "upload": Allowance(600, 1200),
    "begin-upload": Allowance(20, 2),  # each may claim room on the disk
    "login": Allowance(300, 600),  # by certificate: a challenge and a signature, many behind one address at a deadline
    "login-by-password": Allowance(30, 30),  # each costs the server a tenth of a second
    "register": Allowance(10, 10 / 60),
    "look": Allowance(30, 60),  # searches, answers by number
}


class Buckets:
    """Token buckets by kind and visitor. `factor` multiplies every allowance; 0 takes the limits away."""

    def __init__(self, now: Callable[[], float] = time.monotonic, factor: float = 1.0) -> None:
        self._now, self._factor = now, factor
        self._left: OrderedDict[tuple[str, str], tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, kind: str, visitor: str) -> float:
        """Seconds to wait; 0 when the request may go on."""
        if not self._factor:
            return 0.0
        one, now = ALLOWANCES[kind], self._now()
        burst, a_second = one.burst * self._factor, one.a_minute * self._factor / 60
        with self._lock:
            left, then = self._left.pop((kind, visitor), (burst, now))
            left = min(burst, left + (now - then) * a_second)
            self._left[kind, visitor] = (max(left - 1, 0.0) if left >= 1 else left, now)
            while len(self._left) > REMEMBERED:
                self._left.popitem(last=False)
        return 0.0 if left >= 1 else (1 - left) / a_second


buckets = Buckets(factor=settings.MINGZHENG_LIMITS)


def network(address: str) -> str:
    """The address as one visitor's: IPv4 whole, IPv6 by its /64 (a household has all of it)."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((found, 64), strict=False))
    return address


def kind_of(method: str, path: str, known: bool) -> str:
    """Which allowance a request uses; '' for what is not counted (the live stream, health)."""
    if path in ("/live", "/health"):
        return ""
    if method in ("POST", "PUT", "DELETE", "PATCH"):
        if path == "/register" or (path == "/act/parties.register_organisation" and not known):
            return "register"
        if path.startswith("/login"):
            return "login-by-password" if path == "/login/password" else "login"
        if path == "/upload":
            return "begin-upload"
        if path.startswith("/upload/"):
            return "upload"
        return "act" if known else "act-publicly"
    if path == "/login/challenge":
        return "login"
    if path in ("/search", "/consult"):  # the second answers to a short number
        return "look"
    return "read" if known else "read-publicly"


def wait(method: str, path: str, actor: Actor, address: str, of: Buckets | None = None) -> int:
    """Whole seconds until this request may be made; 0: now."""
    of = of or buckets
    kind = kind_of(method, path, actor.person is not None)
    if not kind:
        return 0
    at = network(address)
    by_address = kind in ("register", "login", "login-by-password")  # whoever tries is nobody yet
    visitor = at if actor.person is None or by_address else f"{actor.person} {at}"
    seconds = of.take(kind, visitor)
    if seconds and _reserved(kind, path, actor):
        seconds = min(seconds, of.take("reserve", str(actor.person)))
    return math.ceil(seconds - 1e-6)  # 360.00000001 is 360


def _reserved(kind: str, path: str, actor: Actor) -> bool:
    """Whether the reserve is for this: a binding act or an upload of somebody logged in with a certificate."""
    if actor.strength != "certificate":
        return False
    if kind in ("upload", "begin-upload"):
        return True
    command = COMMANDS.get(path.removeprefix("/act/"))
    return kind == "act" and command is not None and command.binds
