from tests.cloud import cloud, no_network

__all__ = ["cloud", "no_network"]
