"""How fast, how cheap and how fair Tiketz is: measured, not felt."""
