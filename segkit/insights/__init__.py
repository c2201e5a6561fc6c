"""Numbers to words: profiles, names, headlines."""
