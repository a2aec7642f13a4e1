"""The doors of the office: web pages for people and the API for systems, over what `storage` holds.

FastAPI is imported here alone. What digitises is handed in as a `service.office.Launcher`: `flows` is never imported.
"""
