"""What stands in the training set, and where a text occurs in it."""
