"""The steward's desk: what waits, one task with everything around it, settling it, and everything that can go wrong.

A decision is a revision of a record in the store (`storage.decisions`); here is who may make it, on what, in which
order. The desk (`storage.desk`) keeps who holds a task, what was entered and not settled, and what was keyed twice.
"""
