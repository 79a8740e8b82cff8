"""Training sets in: one reader a file, one registry, one record mapping."""
