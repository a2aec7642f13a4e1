"""Pages of paper: opened, cleaned, read. Knows nothing of paper types, stores or flows."""
