"""VAT ids: brought into one shape, and their check digits proved by the rules of their country."""

from stdnum import get_cc_module
from stdnum.exceptions import InvalidChecksum, ValidationError

from core.errors import DomainError
from core.markup.people import country_codes, country_name

PREFIXES = {"EL": "gr", "XI": "gb"}  # Greece and Northern Ireland write others than their country's
WHOLE = {"CH"}  # Swiss rules read the letters along


class BadVatId(DomainError):
    code = "bad_vat_id"


def checked_vat_id(text: str) -> str:
    """The id without blanks, points and dashes, in capitals; empty stays empty. Raises BadVatId.

    Countries whose rules nobody wrote down are taken at their word.
    """
    number = "".join(sign for sign in text.upper() if sign.isalnum())
    if not number:
        return ""
    prefix = number[:2]
    country = PREFIXES.get(prefix, prefix.lower())
    if country.upper() not in country_codes():
        raise BadVatId(
            f"“{text}” does not begin with a country; write the two letters first, such as DE or FR.",
            field="vat_id",
        )
    rules = get_cc_module(country, "vat")
    if rules is None:
        return number
    try:
        if prefix in WHOLE:
            return str(rules.validate(number))
        return prefix + str(rules.validate(number[2:]))
    except InvalidChecksum as error:
        raise BadVatId(
            f"The check digits of “{text}” do not fit; look for a mistyped or swapped digit.",
            field="vat_id",
        ) from error
    except ValidationError as error:
        raise BadVatId(
            f"“{text}” is no VAT id of {country_name(country.upper())}: its length or its letters"
            " are wrong; ask the company for it.",
            field="vat_id",
        ) from error
