"""A Report as output: text, JSON, SARIF, Markdown."""
