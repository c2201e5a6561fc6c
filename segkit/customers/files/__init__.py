"""A file to a table of text, cell by cell as it stands; runs in a child process (see `sandbox`)."""
