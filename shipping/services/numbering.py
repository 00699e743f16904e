"""Units with numbers of their own on their way out: scanned into parcels, shipped by their numbers."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from inventory.locks import lock_levels
from inventory.models import Serial
from inventory.selectors.codes import readings
from inventory.selectors.tracing import serials_at
from inventory.services import doubt_numbers, ship_serials
from inventory.states import Tracking
from shipping.models import Parcel, ParcelSerial, PickLine, Shipment


def is_numbered(line: PickLine) -> bool:
    """Whether each unit of the line has a number that has to be scanned."""
    variant = line.fulfilment_line.order_line.variant
    return variant is not None and variant.tracking == Tracking.SERIAL


def unit_named(code: str, lines: Sequence[PickLine], location_id: int) -> Serial | None:
    """The unit of one of these lines that bears the number and lies here. No query where no line is
    numbered.
    """
    variants = [line.fulfilment_line.order_line.variant_id for line in lines if is_numbered(line)]
    if not variants:
        return None
    wanted = [variant_id for variant_id in variants if variant_id]
    found = serials_at([code.strip(), *readings(code)], variant_ids=wanted, location_id=location_id)
    return found[0] if found else None


def is_packed(serial: Serial) -> bool:
    return ParcelSerial.objects.filter(serial=serial, gone_at=None).exists()


def put_number_in(parcel: Parcel, line: PickLine, serial: Serial) -> None:
    ParcelSerial.objects.create(
        parcel=parcel, fulfilment_line_id=line.fulfilment_line_id, serial=serial
    )


def take_numbers_out(parcels: Iterable[Parcel], *, line_id: int = 0, units: int = 0) -> None:
    """Forget what was scanned into parcels; with a line, the last `units` of it only."""
    rows = ParcelSerial.objects.filter(parcel__in=list(parcels), gone_at=None)
    if line_id:
        last = rows.filter(fulfilment_line_id=line_id).order_by("-pk")[:units]
        rows = ParcelSerial.objects.filter(pk__in=list(last.values_list("pk", flat=True)))
    rows.delete()


def ship_numbers(shipment: Shipment, *, now: datetime) -> None:
    """The numbered units of a shipment left with it; where fewer numbers than units were scanned, the
    numbers that remain are looked through.
    """
    rows = ParcelSerial.objects.filter(parcel__shipment=shipment, gone_at=None)
    serial_ids = list(rows.values_list("serial_id", flat=True))
    if serial_ids:
        ship_serials(serial_ids=serial_ids, reference=shipment.number, now=now)
        rows.update(gone_at=now)
    numbered = shipment.fulfilment.lines.filter(
        order_line__variant__tracking=Tracking.SERIAL
    ).values_list("order_line__variant_id", flat=True)
    levels = lock_levels([variant_id for variant_id in numbered if variant_id])
    here = [one for one in levels.values() if one.location_id == shipment.fulfilment.location_id]
    doubt_numbers(here, reference=shipment.number, now=now)
