"""The floors, where linters cannot see them: keys, templates, words and sizes."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template

ROOT = Path(settings.BASE_DIR)
FLOOR = {
    "core": 0,
    "customers": 1,
    "inventory": 1,
    "orders": 2,
    "payments": 3,
    "shipping": 3,
    "returns": 4,
    "reports": 5,
    "oms": 6,
}
STRANGERS = ({"customers", "inventory"}, {"payments", "shipping"})
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SOURCES = sorted(path for app in FLOOR for path in (ROOT / app).rglob("*.py"))


def may_know(app: str, other: str) -> bool:
    """Whether an app may name another: itself and what stands below it."""
    if app == other:
        return True
    return FLOOR[other] < FLOOR[app] and {app, other} not in STRANGERS


def test_keys_between_apps_point_down():
    upward = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in apps.get_models()
        if (app := model._meta.app_label) in FLOOR
        for field in model._meta.get_fields()
        if field.is_relation
        and field.concrete
        and field.related_model
        and (other := field.related_model._meta.app_label) in FLOOR
        and not may_know(app, other)
    ]
    assert upward == []


def owner_of(template: Path) -> str | None:
    """The app whose templates these are; None for the shared ones, which belong to core."""
    first = template.relative_to(ROOT / "templates").parts[0]
    return first if first in FLOOR else "core"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_include_and_link_only_downward(template):
    text, app = template.read_text(), owner_of(template)
    named = re.findall(r"\{% (?:include|extends) \"(\w+)/", text)
    linked = re.findall(r"\{% url ['\"](\w+):", text)
    upward = {other for other in [*named, *linked] if other in FLOOR and not may_know(app, other)}
    assert upward == set()


def test_every_template_is_used():
    sources = "".join(path.read_text() for path in SOURCES if "migrations" not in path.parts)
    markup = "".join(path.read_text() for path in TEMPLATES)
    overrides = {"django", "admin", "registration"}  # found by their name by Django itself
    unused = []
    for path in TEMPLATES:
        name = str(path.relative_to(ROOT / "templates"))
        if name.split("/", maxsplit=1)[0] in overrides:
            continue
        if f'"{name}"' not in sources and f'"{name}"' not in markup and f"'{name}'" not in markup:
            unused.append(name)
    assert unused == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_compile_and_hold_no_inline_style_or_script(template):
    get_template(str(template.relative_to(ROOT / "templates")))
    text = re.sub(
        r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", "", template.read_text(), flags=re.S
    )
    assert not re.search(
        r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\bsrc=)[^>]*>\s*[^<\s]", text
    )


TRADE_WORDS = {
    "allocation",
    "backorder",
    "basket",
    "carrier",
    "cart",
    "customer",
    "fulfilment",
    "inventory",
    "invoice",
    "order",
    "parcel",
    "payment",
    "product",
    "refund",
    "shipment",
    "shipping",
    "shopper",
    "sku",
    "stock",
    "supplier",
    "variant",
}
# The business context that core owns, and words that mean something else there.
EXCUSED = {
    "core/models/business.py": {"stock", "invoice"},  # Channel.stock_buffer, the entity's series
    "core/menu.py": {"stock"},  # a group of the navigation
    "core/brand.py": {"product"},  # this software itself
    "core/templatetags/ui.py": {"product"},
    "core/actors.py": {"customer"},  # a kind of actor
    "core/timeline.py": {"customer"},
    "core/audit_log.py": {"customer"},
}
ANOTHER_SENSE = re.compile(
    r"order_by|in_order|ordered|ordering|for_order|field_order|sort_order|reorder|border|recorder"
)


def identifiers(path: Path) -> set[str]:
    """The names a module defines: classes, functions, arguments, attributes and variables."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return names


def words_of(name: str) -> set[str]:
    plain = ANOTHER_SENSE.sub("", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower())
    parts = set(plain.split("_"))
    return parts | {part.removesuffix("s") for part in parts}


def test_core_knows_no_word_of_the_trade():
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "core").rglob("*.py")
        if "migrations" not in path.parts
        for name in identifiers(path)
        if words_of(name) & TRADE_WORDS - EXCUSED.get(str(path.relative_to(ROOT)), set())
        and name not in {"order", "orders"}  # in core these sort
    }
    assert found == set()


LONGEST_FILE = 400
LONGEST_FUNCTION = 50


def lines_of(node: ast.AST) -> int:
    return node.end_lineno - node.lineno + 1


def test_no_file_and_no_function_has_a_tail():
    files = {
        str(path.relative_to(ROOT)): count
        for path in SOURCES
        if "migrations" not in path.parts
        and (count := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    functions = {
        f"{path.relative_to(ROOT)}:{node.name}": lines_of(node)
        for path in SOURCES
        if "migrations" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and lines_of(node) > LONGEST_FUNCTION
    }
    assert (files, functions) == ({}, {})


def test_row_locks_are_taken_only_where_locks_live():
    homes = re.compile(r"(^|/)(locks/|(locks|leases|transactions)\.py$)")
    excused = {
        "customers/services/editing.py",
        "inventory/services/catalogue.py",
        "inventory/services/places.py",
        "orders/services/prices.py",
    }  # rows that stand alone: nothing else is locked with them
    found = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "select_for_update(" in path.read_text() and not homes.search(str(path))
    }
    assert {name for name in found if not name.startswith("core/")} - excused == set()


def test_every_module_says_in_one_sentence_what_lives_there():
    silent = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if "migrations" not in path.parts
        and path.read_text().strip()
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []
