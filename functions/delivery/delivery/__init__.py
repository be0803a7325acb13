"""The delivery service: ticket files, their units, and who may open them."""
