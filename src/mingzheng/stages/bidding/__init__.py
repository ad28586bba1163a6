"""Sealed bids: submission, replacement, withdrawal, and the closing that reveals who bid, and no more."""
