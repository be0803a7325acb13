"""E-mail addresses: the form that a new account is stored under, and the forms that an older one may have.

A new account's address has an ASCII local part (SES does not deliver to others) and a domain of A-labels
(RFC 5890 §2.3.2.1), so that `a@bücher.example` and `a@xn--bcher-kva.example` are one. Accounts of before keep
the form under which they were stored.
"""

import re
import unicodedata

ADDRESS_OCTETS = 254  # RFC 5321 §4.5.3.1.3, less the angle brackets
A_LABEL = "xn--"

# At most 64 octets before the @: RFC 5321 §4.5.3.1.1.
_LOCAL = r"[^\s@\"(),:;<>\[\\\].]{1,64}"
_LABEL = r"(?!-)[\w-]{1,63}(?<!-)"
_ADDRESS = re.compile(rf"(?=[^@]{{1,64}}@){_LOCAL}(\.{_LOCAL})*@({_LABEL}\.)+(?!\d+$){_LABEL}")


class NotAnAddress(ValueError):
    """No message can be sent to this."""

    def __init__(self) -> None:
        super().__init__("This is not an e-mail address.")


def canonical(text: str) -> str:
    """The one form of an address for a new account. Raises NotAnAddress.

    Case is ignored. Only a message would show whether the address exists, so this refuses what can't be one
    and little else: no quoted names, no bare hosts.
    """
    local, _, domain = as_typed(text).rpartition("@")
    address = f"{local}@{_to_ascii(domain)}"
    if not local.isascii() or len(address) > ADDRESS_OCTETS or not _ADDRESS.fullmatch(address):
        raise NotAnAddress
    return address


def as_typed(text: str) -> str:
    """An address in lower case and NFC, as earlier versions stored it. Raises NotAnAddress."""
    plain = unicodedata.normalize("NFC", text.strip().lower())
    if len(plain) > ADDRESS_OCTETS or not plain.isprintable() or not _ADDRESS.fullmatch(plain):
        raise NotAnAddress
    return plain


def spellings(typed: str) -> tuple[str, ...]:
    """The forms under which the account of an address may be stored, the likeliest owner's first.

    An earlier version gave `a@bücher.example` and `a@xn--bcher-kva.example` an account each: each keeps its
    own form. `typed` comes from `as_typed` or `canonical`.
    """
    local, _, domain = typed.rpartition("@")
    if domain.isascii() and A_LABEL not in domain:
        return (typed,)
    try:
        ascii_domain = _to_ascii(domain)
    except NotAnAddress:
        return (typed,)
    return tuple(dict.fromkeys((typed, f"{local}@{ascii_domain}", f"{local}@{_to_unicode(ascii_domain)}")))


def deliverable(stored: str) -> str | None:
    """The address as mail is sent to it; None where none can be."""
    try:
        return canonical(stored)
    except NotAnAddress:
        return None


def _to_ascii(domain: str) -> str:
    """The A-label form, by UTS #46. Raises NotAnAddress. Other ASCII domains stay: not all fit IDNA 2008."""
    if domain.isascii() and A_LABEL not in domain:
        return domain
    import idna  # its tables are large, and most domains need none

    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise NotAnAddress from error


def _to_unicode(domain: str) -> str:
    """The U-label form of a domain that `_to_ascii` returned."""
    import idna

    return unicodedata.normalize("NFC", idna.decode(domain))
