"""Types of command-line arguments. Each raises ValueError, which argparse reports."""


def count(text: str) -> int:
    """A whole number above zero."""
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def seconds(text: str) -> float:
    """A number above zero."""
    number = float(text)
    if not number > 0:
        raise ValueError(text)
    return number
