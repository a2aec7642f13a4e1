"""The rights of the person: to see what is held on them, to have it put right, to have it erased."""
