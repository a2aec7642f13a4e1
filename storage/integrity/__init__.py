"""What checking, repairing and copying a store share: kinds of objects, one object's check, the ledger, the pace."""
