"""Events: envelope, catalogue, consumers. State and event commit together through `shared.tables.UnitOfWork`."""
