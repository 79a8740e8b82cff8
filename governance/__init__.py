"""What may be done with the training set and with generated code, and the proof that it was."""
