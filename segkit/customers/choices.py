"""Choices: what the user decided about a file, over what was found in it. Small, plain JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

KEPT_ROWS = ("totals", "repeated-header", "short")  # rows that are set aside unless they are to be kept


@dataclass(frozen=True)
class FileChoices:
    """Decisions that need the file again.

    Attributes
    ----------
    sheet : str
        A sheet of a workbook or a table in an archive; empty takes the first visible one with rows.
    encoding : str
        A Python codec; empty finds it.
    delimiter : str
        One character, or "space" for runs of blanks; empty finds it.
    header : int, optional
        Row of the column names, counted from 1 (blank rows count); 0 for none; None finds it.
    keep : tuple of str
        Rows that would be set aside and are kept instead: some of `KEPT_ROWS`.
    """

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    header: int | None = None
    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choices(FileChoices):
    """Decisions on a file and on its columns.

    Attributes
    ----------
    kinds, roles : mapping of column to kind or role
        The others are found.
    missing : mapping of column to tuple of str
        All texts that mean "no answer" in the column; the others are found.
    scales : mapping of column to (int, int)
        The answer scale of CSAT, where it is not the smallest that fits; "*" stands for any column.
    reversed : mapping of column to bool
        Whether the lowest answer is the best.
    shifted : mapping of column to bool
        Whether NPS answers are coded 1 to 11 instead of 0 to 10.
    duplicates : str
        Rows with the same customer id: "keep" all, the "first", the "last" (by date, where there is one),
        or "combine" them (numbers averaged, of everything else the last filled cell).
    retention_days : int, optional
        Window of retention from dates; None takes the usual one.
    as_of : str
        The day up to which dates are looked at, as YYYY-MM-DD; empty takes the latest in the file.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    scales: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    reversed: Mapping[str, bool] = field(default_factory=dict)
    shifted: Mapping[str, bool] = field(default_factory=dict)
    duplicates: str = "keep"
    retention_days: int | None = None
    as_of: str = ""

    @property
    def of_file(self) -> FileChoices:
        """The part that needs the file again."""
        return FileChoices(**{one.name: getattr(self, one.name) for one in fields(FileChoices)})

    def changed(self, change: Mapping[str, Any]) -> "Choices":
        """Apply the change of an `Option`: mappings are merged, kept rows added, all else is replaced.

        Examples
        --------
        >>> Choices(kinds={"age": "number"}).changed({"kinds": {"zip": "text"}, "header": 2}).kinds
        {'age': 'number', 'zip': 'text'}
        """
        return replace(self, **{name: self._with(name, value) for name, value in change.items()})

    def _with(self, name: str, value: Any) -> Any:
        before = getattr(self, name)
        if isinstance(value, Mapping):
            return {**before, **value}
        return tuple(dict.fromkeys([*before, *value])) if name == "keep" else value

    def to_json(self) -> str:
        """Write the choices that differ from what would be found, with sorted keys."""
        usual = asdict(Choices())
        made = {name: value for name, value in asdict(self).items() if value != usual[name]}
        return json.dumps(made, sort_keys=True, ensure_ascii=False)
