"""What the public sees: lots with their state, papers, and the timeline of each lot. Rebuilt from the ledger at will."""
