"""Imports what suppliers ask: `manage.py import_supplier_prices FILE`."""

from core.import_command import ImportCommand


class Command(ImportCommand):
    """Supplier prices, a row per supplier and SKU."""

    help = (
        "Import the price lists of suppliers: a row per supplier and SKU; a known price is updated"
        " by the cells that are filled."
    )
    kind = "supplier_prices"
    examples = """
examples:
  See which columns there are:        manage.py import_supplier_prices --template
  Check a file, keep nothing:         manage.py import_supplier_prices prices.csv --dry-run
"""
