"""Statutory media: publishing with a receipt, and reading back to compare."""
