"""Several files to one customer table: which file lists what, whether ids match, logs summed up."""
