"""E-mail addresses: one form for a new account, and the forms of older ones."""

import pytest
from auth.addresses import as_typed, canonical, deliverable, spellings


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("ada@tiketz.test", "ada@tiketz.test"),
        ("  Ada.Lovelace+tickets@Tiketz.TEST\n", "ada.lovelace+tickets@tiketz.test"),
        ("o'neil_x-y/z=1@mail.a-b.co", "o'neil_x-y/z=1@mail.a-b.co"),
        ("jose@exa\u0301mple.es", "jose@xn--exmple-qta.es"),
        ("ming@\u4f8b\u5b50.\u4e2d\u56fd", "ming@xn--fsqu00a.xn--fiqs8s"),
        ("x@xn--bcher-kva.example", "x@xn--bcher-kva.example"),
        ("x@XN--BCHER-KVA.example", "x@xn--bcher-kva.example"),
        ("x@b\u00fccher.example", "x@xn--bcher-kva.example"),
        ("x@fa\u00df.example", "x@xn--fa-hia.example"),
        ("x@r3---sn.under_score.example", "x@r3---sn.under_score.example"),
        (f"{'l' * 64}@{'d' * 63}.{'e' * 63}.{'f' * 59}.g", f"{'l' * 64}@{'d' * 63}.{'e' * 63}.{'f' * 59}.g"),
    ],
)
def test_an_email_has_one_form(written: str, stored: str) -> None:
    assert canonical(written) == stored
    assert canonical(stored) == stored


@pytest.mark.parametrize(
    "written",
    [
        "",
        "@",
        "ada",
        "ada@",
        "@tiketz.test",
        "ada@tiketz",
        "ada@localhost",
        "ada@tiketz.",
        "ada@.test",
        "ada@tik..etz.test",
        "ada@-tiketz.test",
        "ada@tiketz-.test",
        "ada@tiketz.-test",
        "ada@127.0.0.1",
        "ada@[127.0.0.1]",
        ".ada@tiketz.test",
        "ada.@tiketz.test",
        "a..da@tiketz.test",
        "ada@eve@tiketz.test",
        "a da@tiketz.test",
        '"ada"@tiketz.test',
        "Ada <ada@tiketz.test>",
        "ada@tiketz.test, eve@tiketz.test",
        "ada@tiketz.test\r\nbcc: eve@tiketz.test",
        "a\x00da@tiketz.test",
        "a\u200bda@tiketz.test",
        "a\u202eda@tiketz.test",
        "jos\u00e9@tiketz.test",
        "\u5c0f\u660e@tiketz.test",
        "ada@xn--a.test",
        "ada@xn--abc-.test",
        "ada@\u2603.test",
        "ada@" + "\u00fc" * 60 + ".test",
        "ada@" + "b\u00fccher." * 20 + "test",
        f"{'l' * 65}@tiketz.test",
        f"{'l' * 32}.{'l' * 32}@tiketz.test",
        f"ada@{'d' * 64}.test",
        f"{'l' * 64}@{'d' * 63}.{'e' * 63}.{'f' * 59}.gh",
    ],
)
def test_what_cannot_be_an_email_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"^This is not an e-mail address\.$"):
        canonical(written)


def test_a_long_email_that_almost_fits_is_refused_at_once() -> None:
    with pytest.raises(ValueError, match="not an e-mail"):
        canonical("a." * 8_000 + "@")


U_LABEL, A_LABEL = "a@b\u00fccher.example", "a@xn--bcher-kva.example"


@pytest.mark.parametrize(
    ("typed", "forms"),
    [
        ("ada@tiketz.test", ("ada@tiketz.test",)),
        (U_LABEL, (U_LABEL, A_LABEL)),
        (A_LABEL, (A_LABEL, U_LABEL)),
        ("a@b\uff55cher.example", ("a@b\uff55cher.example", "a@bucher.example")),
        ("a@xn--a.example", ("a@xn--a.example",)),
        ("\u5c0f@b\u00fccher.example", ("\u5c0f@b\u00fccher.example", "\u5c0f@xn--bcher-kva.example")),
    ],
)
def test_an_older_account_is_found_under_its_own_form(typed: str, forms: tuple[str, ...]) -> None:
    assert spellings(as_typed(typed)) == forms


def test_an_older_address_stays_as_it_was_stored() -> None:
    assert as_typed(" Jose\u0301@EXA\u0301MPLE.es ") == "jos\u00e9@ex\u00e1mple.es"
    with pytest.raises(ValueError, match="not an e-mail"):
        as_typed("ada")


@pytest.mark.parametrize(
    ("stored", "sent_to"),
    [(A_LABEL, A_LABEL), (U_LABEL, A_LABEL), ("jos\u00e9@tiketz.test", None), ("a@\u2603.test", None)],
)
def test_mail_goes_to_ascii_addresses_only(stored: str, sent_to: str | None) -> None:
    assert deliverable(stored) == sent_to
