"""What others see of what happened; every table here can be dropped and rebuilt from the ledger."""
