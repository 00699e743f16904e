"""What happened to customers and companies."""

from core.facts import Fact


class CustomerAdded(Fact, subject="customer"):
    sentence = "Customer added"
    customer_id: int


class CustomerChanged(Fact, subject="customer"):
    sentence = "Changed: {fields}"
    customer_id: int
    fields: str


class CompanyAdded(Fact, subject="company"):
    sentence = "Company added"
    company_id: int


class CompanyChanged(Fact, subject="company"):
    sentence = "Changed: {fields}"
    company_id: int
    fields: str


class ContactAdded(Fact, subject="company"):
    """A customer now belongs to the company, or does something else there than before."""

    sentence = "{contact} is a contact{role}"
    company_id: int
    customer_id: int
    contact: str
    role: str


class ContactRemoved(Fact, subject="company"):
    sentence = "{contact} is no contact any more"
    company_id: int
    customer_id: int
    contact: str


class CreditSet(Fact, subject="company"):
    """A credit account was opened or its terms changed; the fact's `changes` say from what to what."""

    sentence = "Credit limit {limit:{currency}}, {net_days:day} to pay: {why}"
    company_id: int
    currency: str
    limit: str
    net_days: int
    why: str


class OrderingBlocked(Fact, subject="company"):
    sentence = "Blocked from ordering: {why}"
    company_id: int
    why: str


class OrderingAllowed(Fact, subject="company"):
    sentence = "May order again"
    company_id: int


class CustomerGroupChanged(Fact, subject="customergroup"):
    """Made or edited; the fact's `changes` say from what to what."""

    sentence = "{label}: {what}"
    customergroup_id: int
    label: str
    what: str
