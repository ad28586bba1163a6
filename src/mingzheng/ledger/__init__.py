"""The proof: streams of hash-chained entries, one Merkle log over all of them, signed and cosigned checkpoints."""
