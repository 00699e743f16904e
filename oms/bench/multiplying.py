"""A large store out of a small one: every row of some orders copied, with everything that hangs on it.

The prototypes were placed and led on by the verbs; a copy differs from its prototype by its ids,
numbers, moment and customer only. So every table that a real order fills is filled, and what holds
for the prototypes holds for the copies. Ids are shifted by copy × span, so no map of ids is needed:
every table is filled by itself, several at once, and has its indexes built while it is still in memory.
"""

from functools import partial

from django.db import connection, models

from core.models import StoredFact
from customers.models import CreditAccount, Customer
from inventory.models import Demand, Movement, StockLevel
from oms.bench.branching import SCHEMA, Branch, branches
from oms.bench.copied_stock import book_levels, copy_movements, find_movements
from oms.bench.growing import side_by_side
from orders.models import Adjustment, Order

NUMBER_STEP = 10_000  # more than there are prototypes: numbers of copies never meet
PEOPLE = 500  # each prototype's customer stands for as many people
YEARS = 3
OPEN_STEP = "7 minutes"
NOT_SUBJECTS = {"subject_id", "fact_id"}
FIRST = (
    "Ada", "Bea", "Carl", "Dora", "Emil", "Frida", "Georg", "Hanna", "Ivo", "Jana", "Karl", "Lena",
    "Mats", "Nora", "Otto", "Paula", "Quirin", "Rosa", "Sven", "Tilda", "Uwe", "Vera", "Wim", "Yara",
)  # fmt: skip
LAST = (
    "Albers", "Brandt", "Clausen", "Dreyer", "Eklund", "Falk", "Grimm", "Holm", "Iversen", "Jansen",
    "Krause", "Lindqvist", "Meyer", "Nilsen", "Olsen", "Petersen", "Quast", "Richter", "Sommer",
    "Thomsen", "Ulrich", "Vogel", "Weber", "Young", "Ziegler", "Andersson", "Berg", "Dahl", "Ebert",
)  # fmt: skip
DIGITS = "[0-9]{4,}"
RENUMBER = f"""
    CREATE FUNCTION {SCHEMA}.renumber(label text, copy bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
    $$ SELECT CASE WHEN label ~ '{DIGITS}' THEN regexp_replace(label, '{DIGITS}',
           (substring(label from '{DIGITS}')::bigint + copy * {NUMBER_STEP})::text)
       ELSE label || '-' || copy END $$
"""
RENUMBERED = f"{SCHEMA}.renumber(one.{{column}}, copy)"
MARKED = "CASE one.{column} WHEN '' THEN '' ELSE one.{column} || '~' || copy END"


class Multiplier:
    """Copies the orders that are in the database until there are `target`."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.branches = list(branches())
        self.spans: dict[type[models.Model], int] = {}

    def run(self) -> None:
        """Write the copies, a table at a time in each of some connections; constraints and triggers
        rest meanwhile.
        """
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {SCHEMA}")
            cursor.execute(RENUMBER)
            cursor.execute("VACUUM ANALYZE")
        self._find_prototypes()
        find_movements()
        self._measure_spans()
        side_by_side({Customer._meta.db_table: self._copy_people})
        side_by_side(
            {branch.table: partial(self._copy, branch) for branch in self.branches}
            | {Movement._meta.db_table: copy_movements}
        )
        side_by_side(
            {
                StockLevel._meta.db_table: book_levels,
                CreditAccount._meta.db_table: self._take_credit,
            }
        )
        self._set_sequences()
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")

    # --- what is copied -----------------------------------------------------------------------

    def _find_prototypes(self) -> None:
        """Which rows belong to which order, and how often each order is copied: what is under way
        twenty times, what is over until the target is reached.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TABLE {SCHEMA}.orders_order AS SELECT id, id AS root,"
                " CASE state WHEN 'open' THEN 20 ELSE 0 END AS copies FROM orders_order"
            )
            cursor.execute(
                f"UPDATE {SCHEMA}.orders_order SET copies = (%s - kept.units) / kept.closed FROM (SELECT"
                " count(*) + sum(copies) AS units, count(*) FILTER (WHERE copies = 0) AS closed"
                f" FROM {SCHEMA}.orders_order) kept WHERE copies = 0",
                [self.target],
            )
            for branch in self.branches[1:]:
                cursor.execute(self._prototypes_of(branch))

    def _prototypes_of(self, branch: Branch) -> str:
        if branch.model is Demand:
            source = f"orders_orderline line JOIN {SCHEMA}.orders_order above ON above.id = line.order_id"
            own = "line.demand_id"
            return (
                f"CREATE TABLE {branch.roots} AS SELECT {own} AS id, above.root,"
                f" above.copies FROM {source} WHERE {own} IS NOT NULL"
            )
        if branch.column == "subject_id":
            union = " UNION ALL ".join(
                f"SELECT '{one.model._meta.model_name}' AS kind, id, root, copies FROM {one.roots}"
                for one in self._subjects()
            )
            return (
                f"CREATE TABLE {branch.roots} AS SELECT one.id, above.root, above.copies"
                f" FROM {branch.table} one JOIN ({union}) above"
                " ON above.kind = one.subject_type AND above.id = one.subject_id"
            )
        if branch.model is Adjustment:
            return (
                f"CREATE TABLE {branch.roots} AS SELECT one.id, above.root, above.copies"
                f" FROM {branch.table} one JOIN {SCHEMA}.orders_orderline above"
                " ON above.id = one.line_id UNION ALL SELECT one.id, above.root, above.copies"
                f" FROM {branch.table} one JOIN {SCHEMA}.orders_order above"
                " ON above.id = one.order_id"
            )
        above = f"{SCHEMA}.{branch.above._meta.db_table}"
        return (
            f"CREATE TABLE {branch.roots} AS SELECT one.{branch.key} AS id, above.root,"
            f" above.copies FROM {branch.table} one JOIN {above} above"
            f" ON above.id = one.{branch.column}"
        )

    def _subjects(self) -> list[Branch]:
        """The tables that facts, documents and messages may be about."""
        return [one for one in self.branches if one.key == "id" and one.column not in NOT_SUBJECTS]

    def _measure_spans(self) -> None:
        with connection.cursor() as cursor:
            counted = {branch.model for branch in self.branches if branch.key == "id"}
            for model in counted | {Customer}:
                cursor.execute(f"SELECT coalesce(max(id), 0) + 1 FROM {model._meta.db_table}")
                self.spans[model] = int((cursor.fetchone() or (1,))[0])

    # --- copying ------------------------------------------------------------------------------

    def _copy(self, branch: Branch) -> None:
        fields = [field for field in branch.model._meta.concrete_fields if field.column]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        values = ", ".join(self._value(branch, field) for field in fields)
        person = (
            f" LEFT JOIN customers_customer person ON person.id = one.customer_id"
            f" + (copy % {PEOPLE}) * {self.spans[Customer]}"
            if branch.model is Order
            else ""
        )
        with connection.cursor() as cursor:
            cursor.execute(
                f"CREATE TEMPORARY TABLE rows_of AS SELECT one.*, proto.copies,"
                f" {self._worked_out_once(branch)} FROM {branch.table} one"
                f" JOIN {branch.roots} proto ON proto.id = one.{branch.key} ORDER BY 1"
            )
            cursor.execute("SELECT coalesce(max(copies), 0) FROM rows_of")
            (most,) = cursor.fetchone() or (0,)
            # copy by copy, so that rows come in the order of their ids and every index grows at its end
            cursor.execute(
                f"INSERT INTO {branch.table} ({columns}) SELECT {values}"
                f" FROM generate_series(1, {most}) AS copy CROSS JOIN LATERAL"
                f" (SELECT * FROM rows_of WHERE copies >= copy OFFSET 0) one{person}"
            )
            cursor.execute("DROP TABLE rows_of")

    def _worked_out_once(self, branch: Branch) -> str:
        """What is the same for every copy of a row: how far copies lie apart, in time and in ids."""
        found = [
            f"CASE WHEN proto.copies = 20 THEN interval '{OPEN_STEP}'"
            f" ELSE interval '{YEARS} years' / greatest(proto.copies, 1) END AS copy_step"
        ]
        if any(field.column == "subject_id" for field in branch.model._meta.concrete_fields):
            kinds = " ".join(
                f"WHEN '{one.model._meta.model_name}' THEN {self.spans[one.model]}::bigint"
                for one in self._subjects()
            )
            found.append(f"CASE one.subject_type {kinds} END AS subject_span")
        if branch.model is StoredFact:
            found.append("(one.payload->>'order_id')::bigint AS told_order")
        return ", ".join(found)

    def _value(self, branch: Branch, field: "models.Field[object, object]") -> str:
        """What a column of a copy holds."""
        own = OWN_VALUES.get((branch.model._meta.label, str(field.column)))
        if own:
            return own.format(column=field.column, span=self.spans[Customer], people=PEOPLE)
        target = branch.model if field.column == "id" else getattr(field, "related_model", None)
        if target in self.spans and (target is not Customer or field.column == "id"):
            return f"one.{field.column} + copy * {self.spans[target]}::bigint"
        if field.column == "subject_id":
            return "one.subject_id + copy * one.subject_span"
        if branch.model is StoredFact and field.column == "payload":
            return self._payload()
        if isinstance(field, models.DateTimeField):
            return f"one.{field.column} - (one.copies - copy) * one.copy_step"
        return f'one."{field.column}"'

    def _payload(self) -> str:
        return (
            "CASE WHEN one.told_order IS NULL THEN one.payload ELSE jsonb_set(one.payload,"
            f" '{{order_id}}', to_jsonb(one.told_order + copy * {self.spans[Order]}::bigint)) END"
        )

    @staticmethod
    def _take_credit() -> None:
        """Companies owe for the copies of their orders as well, and may."""
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE customers_creditaccount account SET exposure = open.owed,"
                ' "limit" = greatest(account."limit", open.owed)'
                " FROM (SELECT company_id, currency,"
                " sum(greatest(0, total - credit_total - captured + refunded)) AS owed"
                " FROM orders_order WHERE payment_terms = 'net' AND NOT is_historical"
                " GROUP BY 1, 2) open WHERE open.company_id = account.company_id"
                " AND open.currency = account.currency"
            )

    def _copy_people(self) -> None:
        """Each customer stands for PEOPLE customers, with names and addresses of their own."""
        span = self.spans[Customer]
        firsts = "ARRAY[" + ", ".join(f"'{one}'" for one in FIRST) + "]"
        lasts = "ARRAY[" + ", ".join(f"'{one}'" for one in LAST) + "]"
        own = {
            "id": f"one.id + copy * {span}::bigint",
            "name": f"({firsts})[1 + (one.id * 7 + copy * 5) % {len(FIRST)}] || ' ' ||"
            f" ({lasts})[1 + (one.id * 11 + copy * 3) % {len(LAST)}]",
            "email": "CASE one.email WHEN '' THEN '' ELSE 'p' || copy || '.' || one.email END",
        }
        columns = [str(field.column) for field in Customer._meta.concrete_fields]
        values = ", ".join(own.get(column, f'one."{column}"') for column in columns)
        names = ", ".join(f'"{column}"' for column in columns)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO customers_customer ({names}) SELECT {values} FROM customers_customer"
                f" one CROSS JOIN generate_series(1, {PEOPLE - 1}) AS copy"
            )

    # --- sequences ----------------------------------------------------------------------------

    def _set_sequences(self) -> None:
        with connection.cursor() as cursor:
            counted = [one.table for one in self.branches if one.key == "id"]
            for table in [*counted, Customer._meta.db_table, Movement._meta.db_table]:
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'),"
                    f" (SELECT max(id) FROM {table}))",
                    [table],
                )
            cursor.execute(
                "SELECT setval('orders_number', (SELECT max(substring(number from '[0-9]{4,}')::bigint)"
                " FROM orders_order))"
            )
            cursor.execute(
                "UPDATE core_numberseries s SET last = i.last FROM (SELECT kind || ':' ||"
                " legal_entity_id AS code, max(sequence) AS last FROM payments_invoice GROUP BY 1) i"
                " WHERE i.code = s.code"
            )


OWN_VALUES = {
    ("orders.Order", "number"): RENUMBERED,
    ("orders.Order", "external_id"): MARKED,
    ("orders.Order", "customer_id"): "one.customer_id + (copy % {people}) * {span}::bigint",
    ("orders.Order", "customer_name"): "coalesce(person.name, one.customer_name)",
    ("orders.Order", "email"): "coalesce(person.email, one.email)",
    ("orders.MeasuredTransit", "key"): MARKED,
    ("orders.Fulfilment", "number"): RENUMBERED,
    ("shipping.Shipment", "number"): RENUMBERED,
    ("shipping.Parcel", "tracking_number"): MARKED,
    ("shipping.Label", "tracking_number"): MARKED,
    ("returns.ReturnRequest", "number"): RENUMBERED,
    ("inventory.Demand", "reference"): RENUMBERED,
    ("payments.Payment", "provider_ref"): MARKED,
    ("payments.MoneyEvent", "ref"): MARKED,
    ("payments.MoneyEvent", "provider_ref"): MARKED,
    ("payments.Invoice", "sequence"): "(SELECT last FROM core_numberseries"
    " WHERE code = one.kind || ':' || one.legal_entity_id) + row_number()"
    " OVER (PARTITION BY one.legal_entity_id, one.kind ORDER BY copy, one.id)",
    ("payments.Invoice", "number"): "regexp_replace(one.number, '[0-9]+$', '') || 'C' || one.id"
    " || '-' || copy",
    ("core.Message", "dedupe"): MARKED,
    ("core.Message", "body"): "left(one.body, 200)",
    ("core.ExternalOperation", "idempotency_key"): MARKED,
    ("core.AttentionItem", "title"): RENUMBERED,
}
