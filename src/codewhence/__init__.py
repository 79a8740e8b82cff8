"""Answer for the code that a model learned from: attribution, opt-out, personal data, training."""

__version__ = "0.1.0"
