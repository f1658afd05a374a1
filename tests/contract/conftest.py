from tests.cloud import cloud, moto, no_network

__all__ = ["cloud", "moto", "no_network"]
