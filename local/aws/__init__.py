"""AWS on one machine: moto behind one address, real Lambda workers, and what feeds them events."""
