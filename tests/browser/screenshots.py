"""Pictures of the main pages of a running demo: python -m tests.browser.screenshots OUTDIR BASE_URL.

python -m tests.browser.screenshots OUTDIR BASE_URL [--only WORD ...] [--sizes desk phone]
                                    [--themes light dark] [--user EMAIL] [--password WORD]
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import FLAGS, find_chromium

SIZES = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}
ORDER, RETURN, WORK = r"/orders/(\d+)/$", r"/returns/(\d+)/$", r"/shipping/work/(\d+)/$"
# name -> a path; or a list, what the address of the row to be opened looks like, and then what is
# added to that address ("cancel/") or where its number stands in another ("/shipping/pack/{}/")
MAIN_PAGES: dict[str, str | tuple[str, ...]] = {
    "home": "/",
    "orders": "/orders/",
    "orders-filtered": "/orders/?payment=pending",
    "orders-none": "/orders/?q=nobody-at-all",
    "order": ("/orders/", ORDER),
    "order-unpaid": ("/orders/?state=open&payment=pending", ORDER),
    "order-held": ("/orders/?state=open&held=yes", ORDER),
    "order-waiting": ("/orders/?state=open&goods=backordered", ORDER),
    "order-partly-sent": ("/orders/?goods=partially_shipped", ORDER),
    "order-delivered": ("/orders/?goods=delivered", ORDER),
    "order-returned": ("/orders/?returns=partially_returned&returns=returned", ORDER),
    "order-cancelled": ("/orders/?state=cancelled", ORDER),
    "order-new": "/orders/new/",
    "order-cancel": ("/orders/?state=open&goods=allocated", ORDER, "cancel/"),
    "order-hold": ("/orders/?state=open&goods=allocated", ORDER, "hold/"),
    "payment-record": (
        "/orders/?state=open&payment=pending",
        ORDER,
        "/payments/orders/{}/record/",
    ),
    "refund": ("/orders/?goods=delivered", ORDER, "/payments/orders/{}/refund/"),
    "return-new": ("/orders/?goods=delivered", ORDER, "/returns/new/{}/"),
    "customers": "/customers/",
    "customer": ("/customers/", r"/customers/\d+/$"),
    "customer-edit": ("/customers/", r"/customers/\d+/$", "edit/"),
    "work": "/shipping/work/",
    "pick-ready": ("/shipping/work/?state=ready", WORK),
    "pick": ("/shipping/work/?state=picking", WORK),
    "pack": ("/shipping/work/?state=picking", WORK, "/shipping/pack/{}/"),
    "shipments": "/shipping/shipments/",
    "shipment": ("/shipping/shipments/", r"/shipping/shipments/\d+/$"),
    "stock": "/stock/",
    "movements": "/stock/movements/",
    "replenishment": "/stock/replenishment/",
    "replenishment-review": "/stock/replenishment/review/",
    "reorder-rules": "/stock/reorder-rules/?view=all",
    "reorder-rule": "/stock/reorder-rules/new/",
    "reorder-rules-paste": "/stock/reorder-rules/paste/",
    "cover": "/stock/reports/?view=all",
    "stock-value": "/stock/reports/value/?view=all",
    "stock-ageing": "/stock/reports/ageing/?view=all",
    "stock-adjust": "/stock/adjust/",
    "variant": ("/stock/", r"/stock/variants/\d+/$"),
    "products": "/products/",
    "product": ("/products/", r"/products/\d+/$"),
    "product-edit": ("/products/", r"/products/\d+/$", "edit/"),
    "payments": "/payments/",
    "payment": ("/payments/", r"/payments/\d+/$"),
    "invoices": "/payments/invoices/",
    "invoice": ("/payments/invoices/", r"/payments/invoices/\d+/$"),
    "returns": "/returns/",
    "return": ("/returns/", RETURN),
    "return-receive": ("/returns/?state=approved", RETURN, "receive/"),
    "return-inspect": ("/returns/?state=received", RETURN, "inspect/"),
    "documents": "/documents/",
    "messages": "/messages/",
    "message": ("/messages/", r"/messages/\d+/$"),
    "wordings": "/messages/wordings/",
    "imports": "/imports/",
    "import": ("/imports/", r"/imports/\d+/$"),
    "import-kinds": "/imports/new/",
    "import-new": "/imports/new/?kind=orders",
    "jobs": "/jobs/",
    "job": ("/jobs/", r"/jobs/\d+/$"),
    "health": "/system/health/",
    "failed": "/system/failed/",
    "audit": "/settings/audit/",
    "settings": "/settings/",
    "channels": "/settings/channels/",
    "channel": ("/settings/channels/", r"/settings/channels/\d+/$"),
    "users": "/settings/users/",
    "user": ("/settings/users/", r"/settings/users/\d+/$"),
    "roles": "/settings/roles/",
    "account": "/account/",
    "search": "/search?q=mug&stay=1",
    "missing": "/orders/999999999/",
}


def paths(page: Page, base: str) -> Iterator[tuple[str, str]]:
    """Every main page with an address that exists in this system."""
    for name, entry in MAIN_PAGES.items():
        if isinstance(entry, str):
            yield name, entry
            continue
        listing, looks, *more = entry
        page.goto(base + listing)
        links = page.eval_on_selector_all(
            "main a[href]", "all => all.map(one => new URL(one.href).pathname)"
        )
        found = next(filter(None, (re.search(looks, path) for path in links)), None)
        if found is None:
            print(f"{name}: nothing on {listing} to open", file=sys.stderr)
            continue
        yield name, address_of(found, *more)


def address_of(row: re.Match[str], then: str = "") -> str:
    """The page of a row, one below it, or another one with its number."""
    return then.format(row[1]) if then.startswith("/") else row.string + then


def sign_in(browser: Browser, base: str, user: str, password: str) -> dict[str, object]:
    """Sign in through the form; returns the session to start windows with."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{base}/login/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda address: "/login" not in address)
    state = context.storage_state()
    context.close()
    return state


def shoot(page: Page, address: str, target: Path, themes: list[str]) -> None:
    """One picture of a page in each theme."""
    answer = page.goto(address)
    page.wait_for_load_state("networkidle")
    for theme in themes:
        page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
        page.screenshot(path=f"{target}-{theme}.png", full_page=True)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    faults = [f"status {answer.status}"] if answer and answer.status >= 400 else []
    faults += [f"{wide} px too wide"] if wide > 0 else []
    print(target.name, *faults)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("outdir", type=Path)
    parser.add_argument("base_url")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--sizes", nargs="*", default=list(SIZES))
    parser.add_argument("--themes", nargs="*", default=["light", "dark"])
    parser.add_argument("--user", default="admin@demo.example")
    parser.add_argument("--password", default="quayside-demo")
    chosen = parser.parse_args()
    chosen.outdir.mkdir(parents=True, exist_ok=True)
    base = chosen.base_url.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        session = sign_in(browser, base, chosen.user, chosen.password)
        looking = browser.new_context(storage_state=session).new_page()
        wanted = [
            (name, path)
            for name, path in [("login", "/login/"), *paths(looking, base)]
            if not chosen.only or name in chosen.only
        ]
        for size in chosen.sizes:
            for name, path in wanted:
                signed_in = None if name == "login" else session
                context = browser.new_context(
                    storage_state=signed_in, viewport=SIZES[size], reduced_motion="reduce"
                )
                target = chosen.outdir / f"{name}-{size}"
                shoot(context.new_page(), base + path, target, chosen.themes)
                context.close()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
