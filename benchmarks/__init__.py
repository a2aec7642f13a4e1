"""Measurements of the product as its users run it, and the invented papers they are made on."""
