"""The deposit bank: virtual accounts, incoming credits, refunds to origin, guarantees."""
