"""The deposit bank: virtual accounts, incoming credits, refunds to origin, guarantees."""

from mingzheng.adapters.bank.demo import DemoBank
from mingzheng.adapters.bank.direct import DirectBank
from mingzheng.adapters.bank.port import Bank, BankUnavailable, Credit, GuaranteeFacts, RefundReceipt, RefundRefused

__all__ = [
    "Bank",
    "BankUnavailable",
    "Credit",
    "DemoBank",
    "DirectBank",
    "GuaranteeFacts",
    "RefundReceipt",
    "RefundRefused",
]
