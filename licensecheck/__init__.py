"""licensecheck: under which terms a Hugging Face model really stands, read before a weight is downloaded."""

__version__ = "0.1.0"
