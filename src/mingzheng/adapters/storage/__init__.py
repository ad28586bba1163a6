"""Objects and resumable uploads."""
