"""What corrects moto: one module per part of it."""
