"""Places in the customers' pages that apps above may fill."""

from core.panels import Socket

CUSTOMER_PAGE = Socket("customers.customer_page")
COMPANY_PAGE = Socket("customers.company_page")
