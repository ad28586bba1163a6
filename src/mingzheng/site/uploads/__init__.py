"""Resumable uploads (tus 1.0: core and creation). An upload belongs to whoever began it."""
