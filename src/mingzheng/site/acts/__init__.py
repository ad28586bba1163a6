"""The door for acts: POST /act/<stage>.<command>. One place for parsing, signatures, idempotency and answers."""
