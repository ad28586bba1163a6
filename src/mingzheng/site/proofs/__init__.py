"""Receipts and proofs for people: the drawer behind an evidence badge, one's own receipts, the public keys, tiles."""
