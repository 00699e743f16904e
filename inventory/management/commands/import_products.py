"""Imports products and their SKUs: `manage.py import_products FILE`."""

from core.import_command import ImportCommand


class Command(ImportCommand):
    """Products, a row per SKU."""

    help = (
        "Import products: a row per SKU; a known SKU is updated by the cells that are filled, and"
        " rows of one product name and brand are variants of one product."
    )
    kind = "products"
    examples = """
examples:
  See which columns there are:        manage.py import_products --template
  Check a file, keep nothing:         manage.py import_products products.csv --dry-run
"""
