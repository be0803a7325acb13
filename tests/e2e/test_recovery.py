"""Mailed links: verify, forget, reset, change the address; sessions that are ended."""

import re

import requests
from playwright.sync_api import expect

from local.process import EnvironmentProcess
from tests.e2e.conftest import OpenTab
from tests.e2e.tab import Tab
from tests.support.users import User, eventually

NEW_PASSWORD = "another horse battery"


def link_in_mail(env: EnvironmentProcess, to: str, page: str) -> str:
    """The path and fragment of the latest link to a page that was mailed to an address."""

    def latest() -> str:
        mails = requests.get(f"{env.url}/_local/mail.json", {"to": to}, timeout=30).json()
        links = [match for mail in mails for match in re.findall(rf"/{page}#\S+", mail["text"])]
        assert links, f"no link to {page} for {to} yet"
        return str(links[0])

    return eventually(latest)


def sign_in(tab: Tab, email: str, password: str) -> None:
    tab.page.get_by_label("E-mail").fill(email)
    tab.page.get_by_label("Password", exact=True).fill(password)
    tab.page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_a_new_user_verifies_their_address(
    open_tab: OpenTab, buyer: User, local_env: EnvironmentProcess
) -> None:
    tab = open_tab(buyer).go_to("/")
    banner = tab.page.get_by_role("complementary", name="Your e-mail")
    expect(banner).to_contain_text(buyer.email)
    tab.go_to(link_in_mail(local_env, buyer.email, "verify"))
    tab.expect_heading("Is this your e-mail?")
    assert "#" not in tab.page.url
    assert not buyer.send("GET", "/api/users/me").json()["verified"]
    tab.button("Yes, verify it").click()
    tab.expect_heading("Your e-mail is verified")
    assert buyer.send("GET", "/api/users/me").json()["verified"]
    tab.go_to("/")
    expect(tab.page.get_by_role("heading", level=1)).to_be_visible()
    expect(banner).to_have_count(0)


def test_a_forgotten_password_is_reset_by_mail(
    open_tab: OpenTab, buyer: User, local_env: EnvironmentProcess
) -> None:
    tab = open_tab().go_to("/signin")
    tab.page.get_by_role("link", name="Forgot your password?").click()
    tab.expect_heading("Forgot your password?")
    tab.page.get_by_label("E-mail").fill(buyer.email)
    tab.button("Mail me a link").click()
    tab.expect_heading("Look in your mail")
    link = link_in_mail(local_env, buyer.email, "reset")
    tab.go_to(link)
    tab.page.get_by_label("New password").fill("password")
    tab.button("Change my password").click()
    expect(tab.page.get_by_text("one of the most common passwords")).to_be_visible()
    tab.page.get_by_label("New password").fill(NEW_PASSWORD)
    tab.button("Change my password").click()
    tab.expect_heading("Your password is changed")
    tab.page.get_by_role("main").get_by_role("link", name="Sign in").click()
    sign_in(tab, buyer.email, NEW_PASSWORD)
    expect(tab.page.get_by_text(f"Signed in as {buyer.email}")).to_be_visible()
    other = open_tab().go_to(link)
    other.page.get_by_label("New password").fill(NEW_PASSWORD)
    other.button("Change my password").click()
    other.expect_heading("This link no longer works")


def test_a_taken_address_offers_to_sign_in_or_reset(open_tab: OpenTab, buyer: User) -> None:
    tab = open_tab().go_to("/signup")
    tab.page.get_by_label("E-mail").fill(buyer.email)
    tab.page.get_by_label("Password", exact=True).fill(NEW_PASSWORD)
    tab.button("Make my account").click()
    note = tab.page.get_by_text("This e-mail has an account already.")
    expect(note).to_contain_text("Sign in or reset its password.")
    note.get_by_role("link", name="reset").click()
    tab.expect_heading("Forgot your password?")


def test_a_password_is_changed_and_other_devices_are_signed_out(open_tab: OpenTab, buyer: User) -> None:
    tab = open_tab(buyer).go_to("/account")
    tab.button("Choose another").click()
    tab.page.get_by_label("Current password").fill("not the password")
    tab.page.get_by_label("New password").fill(NEW_PASSWORD)
    tab.button("Save the new password").click()
    expect(tab.page.get_by_text("The password is wrong.")).to_be_visible()
    tab.expect_heading("Account")
    tab.page.get_by_label("Current password").fill(buyer.password)
    tab.button("Save the new password").click()
    expect(tab.page.get_by_text("Changed. You are signed out everywhere else.")).to_be_visible()
    tab.page.reload()
    tab.expect_heading("Account")


def test_other_sessions_are_listed_and_ended(open_tab: OpenTab, buyer: User) -> None:
    elsewhere = User(buyer.url)
    signed_in = elsewhere.send("POST", "/api/users/signin", email=buyer.email, password=buyer.password)
    assert signed_in.status_code == 200
    tab = open_tab(buyer).go_to("/account")
    listed = tab.page.get_by_role("region", name="Where you are signed in").get_by_role("listitem")
    expect(listed).not_to_have_count(0)
    assert listed.count() >= 2
    tab.button("Sign out everywhere else").click()
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("This one")
    assert elsewhere.send("POST", "/api/users/refresh").status_code == 401


def test_an_address_is_changed_by_mail(open_tab: OpenTab, buyer: User, local_env: EnvironmentProcess) -> None:
    new = f"new-{buyer.email}"
    tab = open_tab(buyer).go_to("/account")
    tab.button("Use another e-mail").click()
    tab.page.get_by_label("New e-mail").fill(new)
    tab.page.get_by_label("Your password", exact=True).fill(buyer.password)
    tab.button("Mail the link").click()
    expect(tab.page.get_by_text("A link is on its way.")).to_be_visible()
    tab.go_to(link_in_mail(local_env, new, "confirm"))
    tab.button("Yes, use it").click()
    tab.expect_heading("Your e-mail is changed")
    assert "#" not in tab.page.url
    tab.go_to("/account")
    expect(tab.page.get_by_role("main")).to_contain_text(f"Signed in as {new}")
