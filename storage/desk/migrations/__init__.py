"""The steps from one version of the catalogue's tables to the next, run by `storage.catalogue.migrate`."""
