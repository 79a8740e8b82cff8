"""What learns from the training set."""
