"""The desk: what people and systems do at the doors of the office, kept in tables of its own.

Accounts, sessions, uploads, leases, drafts, events. Other than the catalogue it is no projection of the store and
cannot be made anew: it is backed up like the store. What is decided on papers never rests here alone: a decision is a
revision of a record in the store.

`storage.desk.database` opens it; each of the other modules is one area with the queries on its tables.
"""
