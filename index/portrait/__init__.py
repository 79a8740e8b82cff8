"""Membership: which passages of a text the training set holds, and a publishable filter that answers it alone."""
