"""Which clauses of the five standards are met, and by which test: the table, the marked tests, and their join."""
