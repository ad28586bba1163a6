"""Suites, certificates, key files and sealed bids: everything that signs, wraps or encrypts, behind one interface."""

from mingzheng.adapters.crypto.gm1 import Gm1
from mingzheng.adapters.crypto.intl1 import Intl1
from mingzheng.adapters.crypto.suite import SUITES, register

if "INTL-1" not in SUITES:
    register(Intl1())
    register(Gm1())  # absent, not an error, where the machine has no SM2
