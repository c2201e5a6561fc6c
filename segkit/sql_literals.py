"""Names and texts as SQL writes them, so that nothing in them is taken for SQL."""


def text(value: str) -> str:
    """Write a text as a literal.

    Examples
    --------
    >>> text("O'Brien")
    "'O''Brien'"
    """
    return "'" + value.replace("'", "''") + "'"


def quoted(name: str) -> str:
    """Write the name of a column or table.

    Examples
    --------
    >>> print(quoted('the "best" one'))
    "the ""best"" one"
    """
    return '"' + name.replace('"', '""') + '"'
