"""Where the comments and strings of a source text are, by a table of rules for each language."""
