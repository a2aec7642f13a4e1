"""Closed word lists of the field, as data, and the repair of misread accents with their help."""
