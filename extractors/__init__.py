"""Papers and fields: paper types, splitting, recognition, extraction, checks, acceptance. Pure: no store, no flow."""
