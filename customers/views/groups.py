"""The settings pages of customer groups."""

from core.settings_pages import Column, ModelSettings
from core.views.settings import settings_urls
from customers.events import CustomerGroupChanged
from customers.forms import CustomerGroupForm
from customers.models import CustomerGroup
from customers.rights import EDIT_CUSTOMERS

GROUPS = ModelSettings(
    name="customer_group",
    app_name="customers",
    model=CustomerGroup,
    form=CustomerGroupForm,
    changed=CustomerGroupChanged,
    singular="Customer group",
    plural="Customer groups",
    description="Customers and companies that price lists and promotions treat alike.",
    columns=(Column("Name", lambda row: row.name),),
    icon="customers",
    right=EDIT_CUSTOMERS,
)
group_urls = settings_urls(GROUPS, "groups")
