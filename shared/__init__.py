"""What every context shares: HTTP, events, tables, access, money, ids, clock, settings."""
