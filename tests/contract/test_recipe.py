"""The recipe "Add a field" of docs/architecture.md: its six lines take a field through tickets and orders."""

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.templates import ROOT

LINE = re.compile(r"^(functions/\S+)\s+(\w+)\s+(seat: .*)$", re.MULTILINE)
FOLLOWED = """
from datetime import UTC, datetime, timedelta

from orders import events as order_events, inbound, model as order_model
from orders import rows as order_rows, views as order_views
from tickets import events, forms, model, rows, views

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
form = forms.ListTicket.model_validate({"title": "Marble Arcade", "price": 4860, "seat": "Row 4"})
ticket = model.Ticket.create("t1", "maren", form.model_dump(), NOON)
assert ticket.edited(forms.EditTicket.model_validate({"seat": "Row 5"}).changes(), NOON).seat == "Row 5"
row = rows.of_ticket(ticket, {"id": "e1"}, NOON)
assert rows.ticket(row) == ticket
assert views.TicketView.model_validate(ticket).seat == "Row 4"
before = {**row, "ticket": {name: value for name, value in row["ticket"].items() if name != "seat"}}
assert rows.ticket(before).seat is None

data = events.created(ticket).model_dump(mode="json", by_alias=True)
assert data["seat"] == "Row 4"
listing = inbound.TicketChanged.model_validate(data).ticket()
units = {"quantity": 1, "available": 1, "held": 0, "sold": 0}
inventory = order_rows.inventory({"pk": "TICKET#t1", **order_rows.of_ticket(listing), **units})
request = order_model.Request(ticket_id="t1", quantity=1, price=None)
order = order_model.Order.place("o1", "ann", request, inventory.ticket, NOON, timedelta(minutes=15))
assert order_rows.order(order_rows.of_order(order, {"id": "e2"})) == order
assert order_views.OrderView.model_validate(order).ticket.seat == "Row 4"
assert order_events.of(order).ticket.seat == "Row 4"
"""


def add(path: Path, name: str, line: str) -> None:
    """Add a line to a class of a file, after its last field."""
    source = path.read_text()
    [class_def] = [
        node for node in ast.parse(source).body if isinstance(node, ast.ClassDef) and node.name == name
    ]
    last = max(each.end_lineno or 0 for each in class_def.body if isinstance(each, ast.AnnAssign))
    lines = source.splitlines(keepends=True)
    path.write_text("".join([*lines[:last], f"    {line}\n", *lines[last:]]))


def test_a_field_of_a_ticket_costs_six_lines(tmp_path: Path) -> None:
    recipe = (ROOT / "docs/architecture.md").read_text().partition("## Add a field")[2].partition("\n## ")[0]
    lines = LINE.findall(recipe)
    assert len(lines) == 6
    for service in ("tickets", "orders"):
        shutil.copytree(ROOT / "functions" / service, tmp_path / "functions" / service)
    for path, name, line in lines:
        add(tmp_path / path, name, line)
    copies = os.pathsep.join(str(tmp_path / "functions" / service) for service in ("tickets", "orders"))
    subprocess.run([sys.executable, "-c", FOLLOWED], env={**os.environ, "PYTHONPATH": copies}, check=True)
