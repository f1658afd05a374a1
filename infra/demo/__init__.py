"""The demo world: four invented property managers, loaded through the same imports and routes that a customer uses."""

from infra.demo.load import LoadError, load
from infra.demo.table import PASSWORD, SIGN_INS

__all__ = ["PASSWORD", "SIGN_INS", "LoadError", "load"]
