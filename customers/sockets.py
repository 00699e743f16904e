"""Places in the customers' pages that apps above may fill."""

from core.panels import Registry, Socket

CUSTOMER_PAGE = Socket("customers.customer_page")
COMPANY_PAGE = Socket("customers.company_page")

# querysets of ids of the customers who have to do with a channel, by what stands above
CHANNEL_CUSTOMERS = Registry("who has to do with a channel")
