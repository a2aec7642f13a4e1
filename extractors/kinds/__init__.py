"""Kinds of value: each module turns text as printed into a normalised value, or says why it cannot."""
