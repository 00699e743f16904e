"""The yardstick: what placing an order writes, as one careful SQL transaction over bare psycopg.

It writes the same rows to the same tables as orders.services.place_order does for an order that is
not paid yet and wholly in stock, with one statement a table and prepared statements; it checks
nothing but the stock, knows one location order and no other case.
"""

import json
from collections import defaultdict
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from core.handling import handlers_of
from orders.models import Order, OrderLine

PRICE = Decimal("19.90")
TAX_RATE = Decimal("0.19")
CENT = Decimal("0.01")
ADDRESS = json.dumps(
    {
        "name": "Bench Buyer",
        "line1": "Hafenstraße 1",
        "postal_code": "20457",
        "city": "Hamburg",
        "country": "DE",
    }
)


class HandWritten:
    """One connection that places orders by hand."""

    def __init__(self, channel_code: str) -> None:
        parameters = connection.get_connection_params()
        wanted = ("dbname", "user", "password", "host", "port", "options")
        self.connection = psycopg.connect(
            **{key: parameters[key] for key in wanted if parameters.get(key)}, prepare_threshold=3
        )
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute("SELECT id FROM core_channel WHERE code = %s", [channel_code])
            self.channel_id = self._one(cursor)
        self.handlers = [handler.name for handler in handlers_of("orders.OrderPlaced")]
        self.insert_order = self._insert(Order, _order_columns())
        self.insert_lines = _insert_lines()

    @staticmethod
    def _one(cursor: psycopg.Cursor) -> int:
        row = cursor.fetchone()
        assert row is not None  # noqa: S101
        value: int = row[0]
        return value

    @staticmethod
    def _insert(model: type[Order], columns: list[str]) -> sql.Composed:
        return sql.SQL("INSERT INTO {} ({}) VALUES ({}) RETURNING id").format(
            sql.Identifier(model._meta.db_table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(map(sql.Placeholder, columns)),
        )

    def place(self, skus: list[str]) -> int:
        """Place an order of one unit each; returns its id."""
        now = datetime.now(UTC)
        with self.connection.transaction(), self.connection.cursor() as cursor:
            cursor.execute(
                "SELECT v.sku, v.id, p.name, v.barcode, v.weight_g FROM inventory_variant v"
                " JOIN inventory_product p ON p.id = v.product_id WHERE v.sku = ANY(%s)",
                [skus],
            )
            found = {row[0]: row for row in cursor.fetchall()}
            cursor.execute(
                "SELECT location_id FROM inventory_channellocation WHERE channel_id = %s"
                " ORDER BY priority, location_id",
                [self.channel_id],
            )
            places = [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT nextval('orders_number')")
            number = f"B-{self._one(cursor)}"
            levels = self._take(cursor, [found[sku][1] for sku in skus], places)
            order_id = self._write_order(cursor, skus, number, now)
            demands = self._write_demands(cursor, levels, number, now)
            self._write_lines(cursor, order_id, skus, found, demands)
            self._write_record(cursor, order_id, skus, number, now)
        return order_id

    def _take(
        self,
        cursor: psycopg.Cursor,
        variants: list[int],
        places: list[int],
    ) -> list[tuple[int, int]]:
        """(variant, level) of the first place that has each unit; the levels are locked by id."""
        cursor.execute(
            "SELECT id, variant_id, location_id, sellable - allocated - safety"
            " FROM inventory_stocklevel WHERE variant_id = ANY(%s) AND location_id = ANY(%s)"
            " ORDER BY id FOR UPDATE",
            [variants, places],
        )
        free: dict[int, dict[int, tuple[int, int]]] = defaultdict(dict)
        for level_id, variant_id, location_id, available in cursor.fetchall():
            free[variant_id][location_id] = (level_id, available)
        taken = []
        for variant_id in variants:
            level_id = next(
                free[variant_id][place][0]
                for place in places
                if place in free[variant_id] and free[variant_id][place][1] > 0
            )
            taken.append((variant_id, level_id))
        cursor.execute(
            "UPDATE inventory_stocklevel SET allocated = allocated + 1 WHERE id = ANY(%s)",
            [[level_id for _, level_id in taken]],
        )
        return taken

    def _write_order(
        self,
        cursor: psycopg.Cursor,
        skus: list[str],
        number: str,
        now: datetime,
    ) -> int:
        total = PRICE * len(skus)
        values = _order_values() | {
            "number": number,
            "channel_id": self.channel_id,
            "subtotal": total,
            "total": total,
            "tax_total": _tax() * len(skus),
            "units": len(skus),
            "units_allocated": len(skus),
            "first_sku": skus[0],
            "placed_at": now,
            "created_at": now,
        }
        cursor.execute(self.insert_order, values)
        return self._one(cursor)

    def _write_demands(
        self,
        cursor: psycopg.Cursor,
        levels: list[tuple[int, int]],
        number: str,
        now: datetime,
    ) -> list[int]:
        cursor.execute(
            "INSERT INTO inventory_demand (variant_id, quantity, allocated, consumed, cancelled,"
            " priority, since, reference, shelf_life_days, channel_id)"
            " SELECT v, 1, 1, 0, 0, 100, %s, %s, 0, %s FROM unnest(%s::bigint[]) AS v RETURNING id",
            [now, number, self.channel_id, [variant for variant, _ in levels]],
        )
        demands = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "INSERT INTO inventory_allocation (demand_id, level_id, quantity, consumed, released,"
            " created_at) SELECT d, l, 1, 0, 0, %s"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS pair(d, l)",
            [now, demands, [level for _, level in levels]],
        )
        return demands

    def _write_lines(
        self,
        cursor: psycopg.Cursor,
        order_id: int,
        skus: list[str],
        found: dict[str, tuple[str, int, str, str, int]],
        demands: list[int],
    ) -> None:
        rows = [found[sku] for sku in skus]
        cursor.execute(
            self.insert_lines,
            {
                "order_id": order_id,
                "price": PRICE,
                "tax_rate": TAX_RATE,
                "tax": _tax(),
                "positions": list(range(1, len(rows) + 1)),
                "variants": [row[1] for row in rows],
                "demands": demands,
                "skus": skus,
                "names": [row[2] for row in rows],
                "barcodes": [row[3] for row in rows],
                "weights": [row[4] for row in rows],
            },
        )

    def _write_record(
        self,
        cursor: psycopg.Cursor,
        order_id: int,
        skus: list[str],
        number: str,
        now: datetime,
    ) -> None:
        cursor.execute(
            "INSERT INTO core_statechange (subject_type, subject_id, field, before, after, reason,"
            " actor_kind, actor_key, actor_label, occurred_at)"
            " VALUES ('order', %s, 'state', 'draft', 'open', '', 'system', '', 'System', %s)",
            [order_id, now],
        )
        payload = {
            "order_id": order_id,
            "number": number,
            "channel_id": self.channel_id,
            "customer_id": None,
            "currency": "EUR",
            "total": str(PRICE * len(skus)),
            "units": len(skus),
            "is_historical": False,
        }
        cursor.execute(
            "INSERT INTO core_storedfact (name, subject_type, subject_id, sequence, payload,"
            " changes, sentence, reason, actor_kind, actor_key, actor_label, request_id,"
            " occurred_at) VALUES ('orders.OrderPlaced', 'order', %s, 0, %s, '{}', %s, '',"
            " 'system', '', 'System', '', %s) RETURNING id",
            [order_id, json.dumps(payload), f"Order placed: {len(skus)} units", now],
        )
        fact_id = self._one(cursor)
        if self.handlers:
            cursor.execute(
                "INSERT INTO core_delivery (fact_id, handler, status, attempts, fence,"
                " next_attempt_at, last_error) SELECT %s, h, 'waiting', 0, 0, %s, ''"
                " FROM unnest(%s::text[]) AS h",
                [fact_id, now, self.handlers],
            )


def _tax() -> Decimal:
    return (PRICE - PRICE / (1 + TAX_RATE)).quantize(CENT, rounding=ROUND_HALF_UP)


def _order_columns() -> list[str]:
    return [field.column or "" for field in Order._meta.concrete_fields if not field.primary_key]


def _order_values() -> dict[str, object]:
    """The row of an order that says nothing special, from the columns' own defaults."""
    plain = Order(
        customer_name="Bench Buyer",
        email="buyer@example.com",
        currency="EUR",
        ship_country="DE",
        version=1,
    )
    values = {
        field.column or "": getattr(plain, field.attname)
        for field in Order._meta.concrete_fields
        if not field.primary_key
    }
    return values | {
        "state": "open",
        "fulfilment_status": "allocated",
        "billing_address": ADDRESS,
        "shipping_address": ADDRESS,
        "custom": "{}",
    }


def _nothing(field: Any) -> str:
    """What a column holds that says nothing special."""
    if field.null:
        return "NULL"
    return "''" if field.get_internal_type() == "CharField" else "0"


def _insert_lines() -> str:
    fixed = {
        "order_id": "%(order_id)s",
        "position": "line.position",
        "variant_id": "line.variant",
        "demand_id": "line.demand",
        "sku": "line.sku",
        "name": "line.name",
        "barcode": "line.barcode",
        "weight_g": "line.weight",
        "is_physical": "true",
        "quantity": "1",
        "unit_price": "%(price)s",
        "amount": "%(price)s",
        "total": "%(price)s",
        "tax_rate": "%(tax_rate)s",
        "tax": "%(tax)s",
        "tax_included": "true",
    }
    fields = [field for field in OrderLine._meta.concrete_fields if not field.primary_key]
    columns = [field.column or "" for field in fields]
    values = [fixed.get(field.column or "", _nothing(field)) for field in fields]
    return (
        f"INSERT INTO orders_orderline ({', '.join(columns)}) SELECT {', '.join(values)}"
        " FROM unnest(%(positions)s::int[], %(variants)s::bigint[], %(demands)s::bigint[],"
        " %(skus)s::text[], %(names)s::text[], %(barcodes)s::text[], %(weights)s::int[])"
        " AS line(position, variant, demand, sku, name, barcode, weight)"
    )
