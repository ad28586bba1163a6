"""One file a procedure: closed in the chain, packed with its proofs, verified before it gets its name."""
