"""The ground's own settings: legal entities and custom fields."""

from core.custom_fields import label_of
from core.events import CustomFieldChanged, LegalEntityChanged
from core.forms.custom import CustomFieldForm
from core.forms.settings import LegalEntityForm
from core.models import CustomField, LegalEntity
from core.settings_pages import Column, ModelSettings

LEGAL_ENTITIES = ModelSettings(
    name="legal_entity",
    model=LegalEntity,
    form=LegalEntityForm,
    changed=LegalEntityChanged,
    singular="Legal entity",
    plural="Legal entities",
    description="In whose name is sold and invoiced. Invoice numbers run per entity.",
    columns=(
        Column("Name", lambda row: row.name),
        Column("Code", lambda row: row.code),
        Column("Country", lambda row: row.country),
        Column("VAT id", lambda row: row.vat_id or "–"),
        Column("Invoices begin with", lambda row: row.invoice_prefix),
        Column("Credit notes begin with", lambda row: row.credit_note_prefix),
    ),
    icon="building",
)

CUSTOM_FIELDS = ModelSettings(
    name="custom_field",
    model=CustomField,
    form=CustomFieldForm,
    changed=CustomFieldChanged,
    singular="Custom field",
    plural="Custom fields",
    description="Fields of your own on things you keep: in forms, lists, filters and exports.",
    columns=(
        Column("Field", lambda row: row.label),
        Column("Belongs to", lambda row: label_of(row.subject)),
        Column("Code", lambda row: row.code),
        Column("Holds", lambda row: row.get_kind_display()),
        Column("Required", lambda row: "yes" if row.is_required else "no"),
    ),
    icon="edit",
    order_by=("subject", "position", "label"),
)
