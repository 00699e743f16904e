"""Typing faster than the server answers: nothing that was typed is lost to an answer."""

import pytest

pytestmark = pytest.mark.django_db(transaction=True)


class SlowAnswers:
    """Holds requests up until they are let go."""

    def __init__(self) -> None:
        self.held = []
        self.is_slow = True

    def take(self, route) -> None:
        if self.is_slow:
            self.held.append(route)
        else:
            route.continue_()

    def let_go(self) -> None:
        self.is_slow = False
        self.held[-1].continue_()  # those before it were replaced by it


def test_what_is_typed_while_the_totals_are_under_way_is_kept_and_counted(shop, desk):
    shop.stock(shop.mug, 10)
    desk.goto("/orders/new/")
    desk.fill("#find_product", "mug")
    desk.keyboard.press("Enter")
    desk.click("button:has-text('Add Mug')")
    desk.wait_for_selector("input[name$=-quantity]")
    answers = SlowAnswers()
    desk.route("**/orders/new/", answers.take)
    desk.fill("input[name$=-quantity]", "3")
    with desk.expect_request("**/orders/new/"):  # the quantity is asked for, and held up
        desk.fill("input[name$=-unit_price]", "2.50")
    with desk.expect_request("**/orders/new/"):
        desk.get_by_label("Name", exact=False).first.fill("Ada Lindqvist")
    answers.let_go()
    desk.wait_for_selector("dl.summary >> text=€7.50")
    assert desk.get_by_label("Name", exact=False).first.input_value() == "Ada Lindqvist"
    assert desk.input_value("input[name$=-quantity]") == "3"


def focused(page) -> str:
    return page.evaluate("document.activeElement.id || document.activeElement.innerText").strip()


def test_what_was_found_by_enter_holds_the_focus_and_else_the_search_does(shop, desk):
    shop.stock(shop.mug, 10)
    desk.goto("/orders/new/")
    for field, text, found in (
        ("find_product", "mug", "Add Mug"),
        ("find_product", "nothing like it", "find_product"),
        ("find_customer", "nobody", "find_customer"),
    ):
        desk.fill(f"#{field}", text)
        with desk.expect_navigation():
            desk.keyboard.press("Enter")
        assert focused(desk).split() == found.split()
    desk.fill("#find_product", "mug")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")
    with desk.expect_navigation():
        desk.keyboard.press("Enter")  # adds it
    assert focused(desk) == "id_lines-0-quantity"
