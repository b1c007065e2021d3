"""Our speed beside a reference's, both measured in the same run: `make bench`."""
