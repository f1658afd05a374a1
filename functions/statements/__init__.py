"""The ledger: charges, payments, allocations, balances."""
