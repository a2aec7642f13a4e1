"""From a pile of pages to runs of one paper each."""
