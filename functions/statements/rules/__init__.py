"""The ledger's arithmetic: pure, on plain values. Dates are ISO texts, which sort as days do."""
