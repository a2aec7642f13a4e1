"""Prefect flows: what runs when scans come in. Each task loads by key, makes one pure call, saves, returns the key."""
