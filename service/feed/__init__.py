"""Telling other systems what became of records: the changes feed, and webhooks that carry it to them."""
