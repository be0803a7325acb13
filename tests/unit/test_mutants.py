"""Every seeded bug of tests/simulation/mutants.py applies to the product as it is."""

import ast
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.simulation.mutant_importer import Mutant
from tests.simulation.mutants import BY_NAME

SOURCE = '''
class Till:
    def total(self, items):
        """The sum of all items."""
        total = sum(each.price
                    for each in items)  # in minor units
        log(total)
        return total

    def empty(self, items):
        return sum(each.price for each in items) == 0
'''


def applied(before: str, after: str, function: str = "shop:Till.total") -> str:
    return ast.unparse(Mutant("a bug", function, before, after).apply(SOURCE))


@pytest.mark.parametrize("mutant", BY_NAME.values(), ids=lambda mutant: mutant.name)
def test_a_seeded_bug_changes_one_place_of_its_function(mutant: Mutant) -> None:
    spec = find_spec(mutant.module)
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).read_text()
    changed = mutant.apply(source)
    compile(changed, spec.origin, "exec")
    assert ast.dump(changed) != ast.dump(ast.parse(source))


def test_an_expression_is_found_in_its_function_whatever_its_layout() -> None:
    changed = applied("sum(ANY_x.price for ANY_x in ANY_all)", "max(ANY_x.price for ANY_x in ANY_all)")
    assert "total = max((each.price for each in items))" in changed
    assert "return sum((each.price for each in items)) == 0" in changed


def test_statements_are_replaced_together() -> None:
    changed = applied("log(ANY_total)\nreturn ANY_total", "return ANY_total + 1")
    assert "return total + 1" in changed
    assert "log(" not in changed


@pytest.mark.parametrize(
    ("before", "function"),
    [
        ("max(items)", "shop:Till.total"),
        ("total", "shop:Till.total"),  # more than once
        ("sum(ANY_x.price for ANY_x in ANY_x)", "shop:Till.total"),  # one wildcard, one name
        ("log(ANY_total)", "shop:Till.empty"),
        ("log(ANY_total)", "shop:Till.gone"),
    ],
)
def test_a_bug_that_does_not_apply_once_is_reported(before: str, function: str) -> None:
    with pytest.raises(ValueError, match="adapt the mutant"):
        applied(before, "0", function)
