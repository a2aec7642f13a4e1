"""The paper types that ship with the product: one YAML file each, or one for a family."""
