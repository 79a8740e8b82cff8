"""Fingerprints of code whose names, literals, comments and layout were touched (tier T3), their score and alignment."""
