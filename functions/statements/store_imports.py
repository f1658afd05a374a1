"""Ledger imports in the statements table: what stands in an import besides what all imports have (`shared.imports`)."""

from shared import imports
from shared.tables import table_name


class ImportItem(imports.Import):
    """Counts `created`, `unchanged` and `refused` rows; a row of a chunk is a charge with its number, ready to be posted."""

    class Meta:
        table_name = table_name("STATEMENTS_TABLE")
