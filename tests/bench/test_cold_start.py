"""The check that no function executes notably more, and the counting under it."""

import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from bench import counters, probe
from bench.cold_start import RESULTS, Measured, comparisons, document, grown
from bench.subjects import FUNCTION, ROOT

BEFORE = Measured(
    name="orders/Api",
    init=1000.0,
    first=100.0,
    warm=10.0,
    init_ms=500.0,
    first_ms=50.0,
    warm_ms=5.0,
    peak_mb=60.0,
    unzipped_mb=11.0,
    calls=2,
)
COMMITTED: dict[str, Any] = {"functions": [asdict(BEFORE)]}


def test_a_function_that_executes_as_much_as_before_passes() -> None:
    assert grown([replace(BEFORE, init=1020.0, warm=10.2)], COMMITTED) == []


@pytest.mark.parametrize(("figure", "value"), [("init", 1031.0), ("first", 140.0), ("warm", 10.4)])
def test_three_percent_more_is_reported(figure: str, value: Any) -> None:
    assert grown([replace(BEFORE, **{figure: value})], COMMITTED)


def test_seconds_and_megabytes_are_not_compared() -> None:
    assert grown([replace(BEFORE, init_ms=5000.0, peak_mb=600.0)], COMMITTED) == []


def test_a_new_function_needs_committed_figures() -> None:
    [failure] = grown([replace(BEFORE, name="orders/New")], COMMITTED)
    assert "no committed figures" in failure


def test_every_function_has_committed_figures() -> None:
    deployed = {
        f"{path.parent.name}/{name}".lower()
        for path in ROOT.glob("functions/*/template.yaml")
        for name, each in yaml_parse(path.read_text())["Resources"].items()
        if each["Type"] == FUNCTION
    }
    measured = {each["name"].lower() for each in json.loads(RESULTS.read_text())["functions"]}
    assert deployed == {name for name in measured if not name.startswith(("typical/", "floor/"))}


def test_measuring_one_function_keeps_the_figures_of_the_others() -> None:
    other = asdict(replace(BEFORE, name="orders/Relay"))
    results = document([replace(BEFORE, init=900.0)], [asdict(BEFORE), other])
    assert results["functions"] == [asdict(BEFORE) | {"init": 900.0}, other]


def test_a_ratio_needs_both_functions_in_the_same_run() -> None:
    typical = replace(BEFORE, name="typical/create-order", init=2000.0, first=200.0, warm=20.0)
    assert list(comparisons({BEFORE.name: BEFORE})) == []
    assert list(comparisons({each.name: each for each in (BEFORE, typical)})) == [
        "orders/Api           cold 0.50 x, warm 0.50 x of typical/create-order"
    ]


def test_the_probe_counts_each_phase_of_a_handler(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return event\n")
    specification, result = tmp_path / "specification.json", tmp_path / "result.json"
    count = 1 + probe.WARM_UP + probe.WARM
    specification.write_text(json.dumps({"handler": "app.handler", "events": [{"n": 1}] * count}))
    command = [sys.executable, "-P", probe.__file__, str(specification), str(result)]
    counters.run(command, {"PYTHONPATH": str(tmp_path)})
    counted = json.loads(result.read_text())
    assert counted["responses"] == [{"n": 1}] * count
    assert len(counted["marks"]) == len(counted["seconds"]) == 4
    assert counted["seconds"] == sorted(counted["seconds"])
    assert counted["peak_kb"] > 1000


def test_a_handler_that_raises_is_not_measured(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("def handler(event, context):\n    raise KeyError('broken')\n")
    specification = tmp_path / "specification.json"
    specification.write_text(json.dumps({"handler": "app.handler", "events": [{}]}))
    command = [sys.executable, "-P", probe.__file__, str(specification), str(tmp_path / "result.json")]
    with pytest.raises(RuntimeError, match="broken"):
        counters.run(command, {"PYTHONPATH": str(tmp_path)})
