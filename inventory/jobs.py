"""Work of inventory that takes longer than a page: files of the whole catalogue."""

from core.jobs import Handle, job
from core.tabular import write_table
from inventory.forms.product_file import header_of, rows_of


@job("inventory.export_products", title="Export products")
def export_products(handle: Handle) -> str:
    """The catalogue as a file that `import_products` takes back unchanged."""
    header = header_of()
    cells: list[list[str]] = []
    for row in rows_of(header):
        cells.append(row)
        if len(cells) % 1000 == 0:
            handle.progress(len(cells), 0, f"{len(cells):,} variants")
    handle.file("products.csv", "text/csv; charset=utf-8", write_table(header, cells))
    return f"{len(cells):,} variants"
