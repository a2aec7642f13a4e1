"""Where everything lives: object names, stores, revisions, the catalogue and what keeps them honest."""
