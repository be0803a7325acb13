"""Refresh tokens and passwords: what is stored of a secret, and how successors are made."""

from auth import passwords, refresh_tokens

KEY, OTHER_KEY = "5e" * 32, "6f" * 32


def test_a_token_names_its_family_and_never_repeats() -> None:
    made = {refresh_tokens.first() for _ in range(100)}
    assert len({refresh_tokens.family_of(token) for token in made}) == len(made) == 100
    assert all(refresh_tokens.well_formed(token) for token in made)


def test_a_successor_depends_on_the_token_and_the_servers_key() -> None:
    token = refresh_tokens.first()
    successor = refresh_tokens.successor(token, KEY)
    assert successor == refresh_tokens.successor(token, KEY) != token
    assert refresh_tokens.well_formed(successor)
    assert refresh_tokens.family_of(successor) == refresh_tokens.family_of(token)
    assert successor != refresh_tokens.successor(token, OTHER_KEY)
    assert successor != refresh_tokens.successor(successor, KEY)


def test_a_digest_does_not_reveal_the_token() -> None:
    token = refresh_tokens.first()
    assert len(refresh_tokens.digest(token)) == 64
    assert refresh_tokens.family_of(token) not in refresh_tokens.digest(token)


def test_a_password_matches_only_its_own_hash() -> None:
    kept = passwords.hash_password("correct horse")
    assert passwords.matches("correct horse", kept)
    assert not passwords.matches("Correct horse", kept)
    assert kept != passwords.hash_password("correct horse")


def test_the_dummy_hash_costs_what_a_real_one_does() -> None:
    cost = passwords.hash_password("correct horse").split("$")[:4]
    assert passwords.DUMMY_HASH.split("$")[:4] == cost == ["", "argon2id", "v=19", "m=19456,t=2,p=1"]
    assert not passwords.matches("correct horse", passwords.DUMMY_HASH)
