"""What it earns: pools, rules, distributions and the ledger. The top floor."""
