import gc

from tests.cloud import cloud, moto, no_network

__all__ = ["cloud", "moto", "no_network"]

# What AWS's libraries keep in memory is large and stays: to look through it time and again takes an eighth of the tests' time.
gc.set_threshold(100_000, 50, 100)
