"""The account page: download of the stored data, and deletion."""

import json
from pathlib import Path

from playwright.sync_api import expect

from local.process import EnvironmentProcess
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab
from tests.support.projections import assert_auth_counts_order
from tests.support.users import User, eventually


def delete_account(tab: Tab, password: str) -> None:
    """Delete the account by mouse, from its page."""
    if not tab.page.get_by_role("dialog").is_visible():
        tab.button("Delete my account").click()
    tab.page.get_by_label("Password").fill(password)
    tab.button("Delete it for good").click()


def test_the_header_links_to_the_account(open_tab: OpenTab, buyer: User) -> None:
    tab = open_tab(buyer).go_to("/")
    tab.page.get_by_role("navigation", name="Main").get_by_role("link", name="Account").click()
    tab.expect_heading("Account")
    expect(tab.page.get_by_role("main")).to_contain_text(f"Signed in as {buyer.email}")


def test_the_account_data_is_one_file_with_every_page_of_every_list(
    open_tab: OpenTab, seller: User, buyer: User, tmp_path: Path
) -> None:
    tickets = [buyer.list_ticket(title=f"Night {night}")["id"] for night in range(25)]  # more than one page
    paid = buyer.place_order(seller.list_ticket())
    buyer.pay(paid)
    buyer.wait_for(f"/api/orders/{paid['id']}", status="completed")
    pending = buyer.place_order(seller.list_ticket())
    tab = open_tab(buyer).go_to("/account")
    with tab.page.expect_download() as download:
        tab.button("Download my data").click()
    download.value.save_as(tmp_path / "data.json")
    data = json.loads((tmp_path / "data.json").read_text())
    assert download.value.suggested_filename == f"tiketz-{data['exportedAt'][:10]}.json"
    assert data["account"] == {"id": buyer.id, "email": buyer.email}
    assert sorted(each["id"] for each in data["listings"]) == sorted(tickets)
    assert [each["id"] for each in data["orders"]] == [pending["id"], paid["id"]]
    assert [(each["orderId"], each["amount"]) for each in data["payments"]] == [(paid["id"], 4860)]
    assert "clientSecret" not in json.dumps(data)
    expect(tab.page.get_by_text("Saved. Look in your downloads.")).to_be_visible()


def test_deleting_an_account_needs_the_password_and_withdraws_its_listings(
    open_tab: OpenTab, seller: User, visitor: User
) -> None:
    ticket = seller.list_ticket()
    tab = open_tab(seller).go_to("/account")
    delete_account(tab, "not the password")
    password = tab.page.get_by_label("Password")
    expect(password).to_have_accessible_description("The password is wrong.")
    expect(password).to_be_focused()
    delete_account(tab, seller.password)
    tab.expect_heading("Goodbye.")
    expect(tab.page.get_by_role("link", name="Sign in").first).to_be_visible()
    visitor.wait_for(f"/api/tickets/{ticket['id']}", status="withdrawn")
    sign_in = visitor.send("POST", "/api/users/signin", email=seller.email, password=seller.password)
    assert sign_in.status_code == 401
    tab.page.reload()
    tab.expect_heading("Goodbye.")
    tab.go_to("/account").expect_heading("Sign in")


def test_an_account_with_a_pending_order_cannot_be_deleted(
    open_tab: OpenTab, local_env: EnvironmentProcess, seller: User, buyer: User
) -> None:
    order = buyer.place_order(seller.list_ticket())
    eventually(lambda: assert_auth_counts_order(local_env, order, pending=True))
    tab = open_tab(buyer).go_to("/account")
    delete_account(tab, buyer.password)
    alert = tab.page.get_by_role("alert")
    expect(alert).to_contain_text("You are still holding a ticket. Pay for it or release it")
    alert.get_by_role("link", name="See what you hold").click()
    tab.expect_heading("My tickets")
    tab.page.get_by_role("link", name="Carry on paying").click()
    tab.button("Release the ticket").click()
    tab.page.get_by_role("dialog").get_by_role("button", name="Release").click()
    tab.expect_heading("Marble Arcade")
    eventually(lambda: assert_auth_counts_order(local_env, order, pending=False))
    tab.go_to("/account")
    delete_account(tab, buyer.password)
    tab.expect_heading("Goodbye.")
