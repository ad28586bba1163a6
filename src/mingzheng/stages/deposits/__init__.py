"""Bid deposits and guarantees: accounts, receipts of money, entitlements, refunds to the origin with interest."""
