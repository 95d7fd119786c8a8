"""The demo agency: a working agency on a Tuesday, with artwork drawn by this package. Only embedded mode loads it."""
