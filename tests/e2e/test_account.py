"""The account: a copy of all that is kept of somebody, and the end of it."""

import json
import re
from pathlib import Path

from playwright.sync_api import expect

from local.process import EnvironmentProcess
from tests.e2e.conftest import Open
from tests.e2e.shopper import Shopper
from tests.support.projections import assert_auth_counts_order
from tests.support.users import User, eventually


def deletes(somebody: Shopper, password: str) -> None:
    """By mouse, from the account's page to the last question."""
    if not somebody.page.get_by_role("dialog").is_visible():
        somebody.button("Delete my account").click()
    somebody.page.get_by_label("Password").fill(password)
    somebody.button("Delete it for good").click()


def test_the_header_leads_to_the_account_and_it_says_whose_it_is(shopper: Open, buyer: User) -> None:
    somebody = shopper(buyer).goes_to("/")
    somebody.page.get_by_role("navigation", name="Main").get_by_role("link", name="Account").click()
    somebody.sees("Account")
    expect(somebody.page.get_by_role("main")).to_contain_text(f"Signed in as {buyer.email}")


def test_the_own_data_is_one_file_of_every_list(
    shopper: Open, seller: User, buyer: User, tmp_path: Path
) -> None:
    listed = [buyer.list_ticket(title=f"Night {night}")["id"] for night in range(26)]  # more than one page
    paid = buyer.place_order(seller.list_ticket())
    buyer.pay(paid)
    buyer.wait_for(f"/api/orders/{paid['id']}", status="completed")
    left = buyer.place_order(seller.list_ticket())
    somebody = shopper(buyer).goes_to("/account")
    with somebody.page.expect_download() as download:
        somebody.button("Download my data").click()
    download.value.save_as(tmp_path / "mine.json")
    mine = json.loads((tmp_path / "mine.json").read_text())
    assert download.value.suggested_filename == f"tiketz-{mine['exportedAt'][:10]}.json"
    assert mine["account"] == {"id": buyer.id, "email": buyer.email}
    assert sorted(each["id"] for each in mine["listings"]) == sorted(listed)
    assert [each["id"] for each in mine["orders"]] == [left["id"], paid["id"]]
    assert [(each["orderId"], each["amount"]) for each in mine["payments"]] == [(paid["id"], 4860)]
    assert "clientSecret" not in json.dumps(mine)
    expect(somebody.page.get_by_text("Saved. Look in your downloads.")).to_be_visible()


def test_an_account_is_deleted_with_the_password_and_its_listings_go_too(
    shopper: Open, seller: User, visitor: User
) -> None:
    ticket = seller.list_ticket()
    somebody = shopper(seller).goes_to("/account")
    deletes(somebody, "not the password")
    password = somebody.page.get_by_label("Password")
    expect(password).to_have_accessible_description("The password is wrong.")
    expect(password).to_be_focused()
    deletes(somebody, seller.password)
    somebody.sees("Goodbye.")
    expect(somebody.page.get_by_role("link", name="Sign in").first).to_be_visible()
    visitor.wait_for(f"/api/tickets/{ticket['id']}", status="withdrawn")
    again = visitor.send("POST", "/api/users/signin", email=seller.email, password=seller.password)
    assert again.status_code == 401
    somebody.page.reload()
    somebody.sees("Goodbye.")
    somebody.goes_to("/account").sees("Sign in")


def test_an_account_that_holds_a_ticket_stays_and_is_told_what_to_do(
    shopper: Open, local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())
    eventually(lambda: assert_auth_counts_order(local_env, order, pending=True))
    somebody = shopper(buyer).goes_to("/account")
    deletes(somebody, buyer.password)
    alert = somebody.page.get_by_role("alert")
    expect(alert).to_contain_text("You are still holding a ticket. Pay for it or release it")
    alert.get_by_role("link", name="See what you hold").click()
    somebody.sees("My tickets")
    somebody.page.get_by_role("link", name="Carry on paying").click()
    somebody.button(re.compile("Release the ticket")).click()
    somebody.sees("Marble Arcade")
    eventually(lambda: assert_auth_counts_order(local_env, order, pending=False))
    somebody.goes_to("/account")
    deletes(somebody, buyer.password)
    somebody.sees("Goodbye.")
