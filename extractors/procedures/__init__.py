"""Procedures and the papers they ask for: our own table, the national list as published, equivalents, purposes."""
