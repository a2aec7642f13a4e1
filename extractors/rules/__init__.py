"""Rules between fields: what supports a value independently, and what contradicts it."""
