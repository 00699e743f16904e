"""Money for machines: payments and refunds, invoices and credit notes."""

from payments.api import invoices, money

ROOMS = (money.room, invoices.room)
