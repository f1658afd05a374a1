"""Pure rules of tickets: no storage, no clock, no framework."""
