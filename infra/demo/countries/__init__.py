"""The four countries of the demo world."""

from infra.demo.countries.france import FRANCE
from infra.demo.countries.norway import NORWAY
from infra.demo.countries.poland import POLAND
from infra.demo.countries.ukraine import UKRAINE

COUNTRIES = (POLAND, UKRAINE, NORWAY, FRANCE)

__all__ = ["COUNTRIES"]
