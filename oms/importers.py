"""The imports that the project offers."""

from core.imports import Importer, register
from oms.intake import shopify
from oms.intake.forms import OrderImportForm
from oms.intake.importing import FORMATS, run_orders
from orders.rights import IMPORT_ORDERS

ORDERS = register(
    Importer(
        kind="orders",
        label="Orders",
        right=IMPORT_ORDERS,
        formats=FORMATS,
        run=run_orders,
        form=OrderImportForm,
        scope=lambda options: str(options.get("channel", "")),
        columns=shopify.COLUMNS,
    )
)
