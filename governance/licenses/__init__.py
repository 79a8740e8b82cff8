"""Licenses: expressions, obligations, policy, notices."""
