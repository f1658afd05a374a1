"""Organisations, communities, units, people, contracts and occupancies, and the portfolio import that loads them."""
