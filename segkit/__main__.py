"""The command line: describe, advise, segment, measure and score, on the same code as the pages.

Exit status 0 when it worked, 2 when what was given cannot be used (one plain message on standard error).
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from segkit.customers.choices import KEPT_ROWS, Choices
from segkit.customers.duplicates import WAYS
from segkit.customers.files.text_table import TextTable, free_name
from segkit.customers.joins.ids import WAYS as ID_WAYS
from segkit.customers.joins.table_kinds import find_kind, recognised
from segkit.customers.joins.together import LOGS, Fitting, OpenedFile, put_together
from segkit.customers.meanings.roles import ROLES
from segkit.customers.notes import Note
from segkit.customers.reading import interpreted, opened
from segkit.customers.sampling import sampled
from segkit.customers.table import Customers
from segkit.engine import Engine, is_large, of_files
from segkit.errors import SegkitError, UnusableColumn, UnusableSegmentation
from segkit.exports.lists import assignment_csv
from segkit.exports.pushed import assignment_parts, grouped_parts
from segkit.exports.reports import kpis_csv, quality, quality_json
from segkit.insights.headlines import results_headline
from segkit.labels import listing, plural
from segkit.measures.kpis import BASE, KpiTable, by_column, measure
from segkit.measures.pushed import measure_all, measure_by
from segkit.measures.value import USUAL, Assumptions
from segkit.segments.plan import MOST_SEGMENTS, SCALINGS, Plan
from segkit.segments.segmentation import NO_SEGMENT, NO_SEGMENT_NAME, Assignment, Segmentation
from segkit.sources import find_source

UNUSABLE = 2
TOLD_NOTES = ("match", "id-writing", "as-of", "sampled")  # told on the terminal besides open questions
SOURCE = "source:"  # in front of the name of a source
LARGEST_SEED = 2**32 - 1  # what scikit-learn takes


class UnusableCall(SegkitError):
    """The command or one of its options is not as it should be."""


class _Parser(argparse.ArgumentParser):
    """Says in one line what is wrong with a call."""

    def error(self, message: str) -> NoReturn:
        raise UnusableCall(f"{message[0].upper()}{message[1:]}. See: python -m segkit --help")


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    given = sys.argv[1:] if arguments is None else arguments
    try:
        chosen = _parser().parse_args(given)
        chosen.run(chosen)
    except SegkitError as problem:
        return _refused(str(problem), "--json" in given)
    except BrokenPipeError:  # whoever reads has read enough
        sys.stdout = None
    return 0


def _refused(message: str, as_json: bool) -> int:
    line = " ".join(message.split())
    sys.stderr.write((json.dumps({"error": line}, ensure_ascii=False) if as_json else line) + "\n")
    return UNUSABLE


def _parser() -> _Parser:
    parser = _Parser(prog="python -m segkit", description="Customer segments and what they are worth.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=_Parser)
    describe = _command(commands, "describe", "what each column is and means, as JSON", _describe, out=False)
    segment = _command(commands, "segment", "find segments, measure them, save them", _segment)
    segment.add_argument("--segments", default="auto", metavar="N|auto")
    segment.add_argument("--refine", metavar="FILE", help="a JSON list of changes to make by hand")
    advise = _command(commands, "advise", "how many segments, with the evidence, as JSON", _advise, out=False)
    advise.add_argument("--range", default="2:10", metavar="FROM:TO", help="numbers of segments to look at")
    for command in (segment, advise):
        _add_plan_options(command)
    by = _command(commands, "measure", "KPIs by a column that is already there", _measure)
    by.add_argument("--by", required=True, metavar="COLUMN")
    score = _command(
        commands, "score", "assign customers to a saved segmentation", _score, first="SEGMENTATION"
    )
    for command in (segment, by, score):
        _add_kpi_options(command)
    for command in (describe, advise, segment, by, score):
        _add_reading_options(command)
        command.add_argument("--json", action="store_true", help="messages as JSON")
    return parser


def _add_kpi_options(command: argparse.ArgumentParser) -> None:
    """Which KPIs are measured besides the usual ones, and what the value of a customer rests on."""
    command.add_argument(
        "--kpi",
        action="append",
        default=[],
        metavar="COLUMN",
        help="make a KPI of a column with numbers or yes/no",
    )
    for name, help in (
        ("periods", "periods looked ahead for the value of a customer"),
        ("discount", "discount a period, such as 0.1"),
        ("margin", "part of revenue that is left where no cost is known, such as 0.4"),
    ):
        usual = getattr(USUAL, name)
        command.add_argument(f"--value-{name}", type=type(usual), default=usual, metavar="N", help=help)


def _add_plan_options(command: argparse.ArgumentParser) -> None:
    """What forms the segments, and how."""
    command.add_argument("--dimensions", metavar="A,B,C", help="columns that form the segments")
    command.add_argument("--goal", default=None, metavar="KEY", help="what the segments are for")
    command.add_argument(
        "--method", default=None, metavar="KEY", help="how they are made; k-means by default"
    )
    command.add_argument("--scaling", default="auto", choices=SCALINGS)
    command.add_argument(
        "--weight", action="append", default=[], metavar="COLUMN=N", help="how much a dimension counts"
    )
    command.add_argument(
        "--family-weight", action="append", default=[], metavar="FAMILY=N", help="the same for a family"
    )
    command.add_argument(
        "--option", action="append", default=[], metavar="NAME=JSON", help="what the method needs besides"
    )
    command.add_argument("--seed", default="0", metavar="N")


def _add_reading_options(command: argparse.ArgumentParser) -> None:
    """Everything that can be decided about the files, under the same names for every command."""
    command.add_argument("--role", action="append", default=[], metavar="COLUMN=ROLE")
    command.add_argument("--kind", action="append", default=[], metavar="COLUMN=KIND")
    command.add_argument(
        "--missing", action="append", default=[], metavar="COLUMN=TEXT", help="a text that means no answer"
    )
    command.add_argument("--sheet", metavar="NAME", default="", help="sheet of a workbook, table of a ZIP")
    command.add_argument("--encoding", metavar="CODEC", default="", help="such as cp1252 or big5")
    command.add_argument("--delimiter", metavar="SIGN", default="", help="one character, or space")
    command.add_argument("--header", metavar="ROW", help="row of the column names, from 1; 0 for none")
    command.add_argument(
        "--keep", action="append", default=[], choices=KEPT_ROWS, help="rows that are not set aside"
    )
    command.add_argument("--duplicates", choices=WAYS, default="keep", help="rows with the same id")
    command.add_argument("--as-of", metavar="DAY", default="", help="last day that counts, as 2026-11-30")
    command.add_argument("--retention-days", metavar="N", help="window of retention from dates")
    command.add_argument(
        "--same-ids",
        action="append",
        default=[],
        choices=[way.key for way in ID_WAYS],
        help="a difference in the writing of ids that does not count",
    )
    for kind in LOGS:
        command.add_argument(f"--{kind}", action="append", default=[], metavar="FILE", help=f"{kind} to add")


def _command(
    commands: Any,
    name: str,
    text: str,
    run: Callable[[argparse.Namespace], None],
    first: str = "",
    out: bool = True,
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=text, description=text)
    if first:
        command.add_argument("segmentation", metavar=f"{first}.json")
    command.add_argument(
        "file", metavar="FILE", nargs="?", help="customers, or source:NAME; may be left out with --orders"
    )
    command.add_argument("--out", metavar="DIR", required=out, type=Path)
    command.set_defaults(run=run)
    return command


def _customers(chosen: argparse.Namespace, usual_kinds: Mapping[str, str] | None = None) -> Customers:
    """Read the files that were named and put them together."""
    logs = [(kind, name) for kind in LOGS for name in getattr(chosen, kind)]
    named = ([("", chosen.file)] if chosen.file else []) + logs
    if not named:
        raise UnusableCall("No file was named. Name the customers, or give --orders.")
    choices = _choices(chosen)
    files: list[OpenedFile] = []
    fixed: dict[str, dict[str, object]] = {}
    for kind, name in named:
        first = choices.of_file if name == chosen.file else None
        text, content = opened(name, choices=first)
        label = free_name(Path(name).name, {one[0] for one in files})
        files.append((label, text, content))
        fixed[label] = {"kind": kind or "customers"}
    known = {name for _, text, _ in files for name in text.table.column_names}
    usual = {name: kind for name, kind in (usual_kinds or {}).items() if name in known}
    made = replace(choices, kinds=usual | dict(choices.kinds))
    customers = put_together(files, made, Fitting(fixed, tuple(chosen.same_ids) or None)).customers
    return customers if logs else replace(customers, notes=(*_log_notes(*files[0]), *customers.notes))


def _at_source(chosen: argparse.Namespace) -> Engine | None:
    """Open what is named where it lives: a source, a folder, a pattern, or a very large file."""
    name = chosen.file or ""
    if name.startswith(SOURCE):
        source = find_source(name.removeprefix(SOURCE))
    elif is_large(name):
        source = of_files(name)
    else:
        return None
    if any(getattr(chosen, kind) for kind in LOGS):
        raise UnusableCall(
            f"“{name}” stays where it is, so no file can be added to it. Name its logs where sources are set "
            "up (docs/scale.md), or sum them up there."
        )
    return Engine(source)


def _sample(chosen: argparse.Namespace, engine: Engine, usual: Mapping[str, str] | None = None) -> Customers:
    """Some of the customers of a source, who say what its columns are."""
    choices = _choices(chosen)
    text, content = sampled(engine)
    known = {name: kind for name, kind in (usual or {}).items() if name in text.table.column_names}
    return interpreted(text, content, replace(choices, kinds=known | dict(choices.kinds)))


def _log_notes(name: str, text: TextTable, content: str) -> list[Note]:
    """Say that a file given as customers looks like a log of them."""
    part = recognised(name, text, content)
    if part.kind not in LOGS or not part.key:
        return []
    kind = find_kind(part.kind)
    said = (
        f"“{name}” looks like {kind.label.lower()}: a row is {kind.one}, not a customer. "
        f"Give it as --{part.kind} to sum it up by customer."
    )
    return [Note(said, True, "log", ask=True)]


def _choices(chosen: argparse.Namespace) -> Choices:
    missing: dict[str, tuple[str, ...]] = {}
    for column, text in (_pair(one, "COLUMN=TEXT") for one in chosen.missing):
        missing[column] = (*missing.get(column, ()), text)
    return Choices(
        sheet=chosen.sheet,
        encoding=chosen.encoding,
        delimiter=chosen.delimiter,
        header=None if chosen.header is None else _whole(chosen.header, "header"),
        keep=tuple(chosen.keep),
        kinds=dict(_pair(one, "COLUMN=KIND") for one in chosen.kind),
        roles=_roles(chosen.role),
        missing=missing,
        duplicates=chosen.duplicates,
        retention_days=None
        if chosen.retention_days is None
        else _whole(chosen.retention_days, "retention-days"),
        as_of=chosen.as_of,
    )


def _pair(given: str, form: str) -> tuple[str, str]:
    column, sign, value = given.rpartition("=")
    if not sign:
        raise UnusableCall(f"“{given}” is not {form}.")
    return column, value


def _roles(given: list[str]) -> dict[str, str]:
    roles: dict[str, str] = {}
    for one in given:
        column, sign, role = one.rpartition("=")
        if not sign:
            known = listing([role.key for role in ROLES], 40)
            raise UnusableColumn(f"“{one}” is not COLUMN=ROLE. Roles are: {known}.")
        if roles.setdefault(column, role) != role:
            raise UnusableColumn(f"“{column}” cannot be both {roles[column]} and {role}. Give it one role.")
    return roles


def _describe(chosen: argparse.Namespace) -> None:
    engine = _at_source(chosen)
    customers = _sample(chosen, engine) if engine else _customers(chosen)
    if chosen.out:
        _write(chosen.out, {"quality.json": quality_json(customers)})
    print(json.dumps(quality(customers), ensure_ascii=False, indent=1))


def _segment(chosen: argparse.Namespace) -> None:
    from segkit.insights.about import about, commented
    from segkit.insights.names import segment
    from segkit.segments.rules import rules, rules_text
    from segkit.segments.sql import assignment_sql

    engine = _at_source(chosen)
    customers = _sample(chosen, engine) if engine else _customers(chosen)
    count = "auto" if chosen.segments == "auto" else _whole(chosen.segments, "segments")
    plan = replace(_plan(chosen, customers), n_segments=count)  # type: ignore[arg-type]
    segmentation = segment(customers, plan, _refinements(chosen.refine))
    assignment = segmentation.assign(customers)
    found = rules_text(rules(customers, assignment, plan.seed, segmentation))
    more = {
        "segmentation.json": segmentation.to_json().encode(),
        "rules.txt": "\n".join([*about(segmentation), "", found]).encode(),
        "assignment.sql": commented(segmentation, assignment_sql(segmentation, customers=customers)).encode(),
    }
    made = tuple(str(one["said"]) for one in segmentation.refinements)
    notes = (*segmentation.notes, *made)
    if engine:
        _finish_at_source(chosen, engine, customers, segmentation, more, notes)
    else:
        _finish(chosen, customers, assignment, more, notes)


def _advise(chosen: argparse.Namespace) -> None:
    from segkit.segments.fitting import advise

    engine = _at_source(chosen)
    customers = _sample(chosen, engine) if engine else _customers(chosen)
    first, sign, last = chosen.range.partition(":")
    low, high = _whole(first, "range"), _whole(last if sign else first, "range")
    if not 2 <= low <= high <= MOST_SEGMENTS:
        raise UnusableCall(f"“{chosen.range}” is no range. Give one such as 2:10, up to {MOST_SEGMENTS}.")
    answer = advise(customers, _plan(chosen, customers), range(low, high + 1)).to_dict()
    text = json.dumps(answer, ensure_ascii=False, indent=1)
    if chosen.out:
        _write(chosen.out, {"advice.json": text.encode()})
    print(text)


def _plan(chosen: argparse.Namespace, customers: Customers) -> Plan:
    """The plan that the options of a call ask for; a goal proposes what is not said."""
    from segkit.segments.goals import proposal

    plan = proposal(customers, chosen.goal).plan if chosen.goal else Plan()
    said: dict[str, Any] = {"scaling": chosen.scaling, "seed": _seed(chosen.seed)}
    if chosen.dimensions is not None:
        said["dimensions"] = tuple(_dimension_names(chosen.dimensions, customers))
        said["method"] = Plan().method  # a goal that proposes rules would not use them
    if chosen.method is not None:
        said |= {"method": chosen.method, "options": {}}
    said["weights"] = _numbers(chosen.weight, "weight")
    said["family_weights"] = _numbers(chosen.family_weight, "family-weight")
    return replace(plan, **said).with_options(**dict(_option(one) for one in chosen.option))


def _numbers(given: list[str], what: str) -> dict[str, float]:
    try:
        return {name: float(value) for name, value in (_pair(one, "NAME=NUMBER") for one in given)}
    except ValueError:
        raise UnusableCall(f"--{what} needs a number, as in --{what} age=2.") from None


def _option(given: str) -> tuple[str, Any]:
    """Split NAME=JSON; what is no JSON is taken as a text."""
    name, sign, value = given.partition("=")
    if not sign:
        raise UnusableCall(f"“{given}” is not NAME=JSON.")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _refinements(name: str | None) -> list[dict[str, Any]]:
    if name is None:
        return []
    try:
        found = json.loads(_saved(name, "The list of changes"))
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise UnusableCall(f"“{name}” is not a JSON list of changes. See docs/segments.md.")
    return found


def _dimension_names(given: str, customers: Customers) -> list[str]:
    """Split a list at its commas, unless the table has a column with that very name."""
    if customers.column(given):
        return [given]
    names = [name.strip() for name in given.split(",") if name.strip()]
    if not names:
        raise UnusableCall("--dimensions names no column. Name some, or leave it out to use the usual ones.")
    return names


def _whole(text: str, what: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise UnusableCall(f"“{text}” is no number for --{what}. Give a whole number such as 4.") from None


def _seed(text: str) -> int:
    seed = _whole(text, "seed")
    if not 0 <= seed <= LARGEST_SEED:
        raise UnusableCall(f"{seed} cannot be a seed. Give a whole number from 0 to {LARGEST_SEED}.")
    return seed


def _measure(chosen: argparse.Namespace) -> None:
    engine = _at_source(chosen)
    if engine is None:
        customers = _customers(chosen)
        return _finish(chosen, customers, by_column(customers, chosen.by))
    customers = _sample(chosen, engine)
    table = measure_by(engine, customers, chosen.by, own=chosen.kpi, assumptions=_assumptions(chosen))
    _write(chosen.out, {"kpis.csv": kpis_csv(table), "quality.json": quality_json(customers)})
    _write_parts(chosen.out, grouped_parts(engine, customers, chosen.by))
    return _tell(chosen, table, _asked(customers))


def _score(chosen: argparse.Namespace) -> None:
    segmentation = Segmentation.from_json(_saved(chosen.segmentation))
    engine = _at_source(chosen)
    if engine is None:
        customers = _customers(chosen, segmentation.kinds)
        return _finish(chosen, customers, segmentation.assign(customers))
    customers = _sample(chosen, engine, segmentation.kinds)
    return _finish_at_source(chosen, engine, customers, segmentation)


def _saved(name: str, what: str = "The saved segmentation") -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as problem:
        raise UnusableSegmentation(
            f"{what} “{name}” cannot be read ({problem.strerror}). Check name and folder."
        ) from problem


def _finish(
    chosen: argparse.Namespace,
    customers: Customers,
    assignment: Assignment,
    more: Mapping[str, bytes] | None = None,
    notes: tuple[str, ...] = (),
) -> None:
    table = measure(customers, assignment, own=chosen.kpi, assumptions=_assumptions(chosen))
    files = {
        "assignment.csv": assignment_csv(customers, assignment),
        "kpis.csv": kpis_csv(table),
        "quality.json": quality_json(customers),
    } | dict(more or {})
    _write(chosen.out, files)
    _tell(chosen, table, (*notes, *_asked(customers)))


def _finish_at_source(
    chosen: argparse.Namespace,
    engine: Engine,
    customers: Customers,
    segmentation: Segmentation,
    more: Mapping[str, bytes] | None = None,
    notes: tuple[str, ...] = (),
) -> None:
    """The same where the table lives: KPIs of all customers, and their list part by part."""
    table = measure_all(engine, customers, segmentation, own=chosen.kpi, assumptions=_assumptions(chosen))
    files = {"kpis.csv": kpis_csv(table), "quality.json": quality_json(customers)} | dict(more or {})
    _write(chosen.out, files)
    _write_parts(chosen.out, assignment_parts(engine, customers, segmentation))
    _tell(chosen, table, (*notes, *_asked(customers)))


def _assumptions(chosen: argparse.Namespace) -> Assumptions:
    return Assumptions(chosen.value_periods, chosen.value_discount, chosen.value_margin)


def _asked(customers: Customers) -> tuple[str, ...]:
    """What reading wants to have said on the terminal."""
    return tuple(note.text for note in customers.notes if note.ask or note.key in TOLD_NOTES)


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
    except OSError as problem:
        raise _unwritable(folder, problem) from problem


def _write_parts(folder: Path, parts: Iterable[bytes]) -> None:
    """Write the list of all customers, part by part as it comes."""
    try:
        with (folder / "assignment.csv").open("wb") as file:
            for part in parts:
                file.write(part)
    except OSError as problem:
        raise _unwritable(folder, problem) from problem


def _unwritable(folder: Path, problem: OSError) -> UnusableCall:
    return UnusableCall(
        f"Nothing can be written to “{folder}” ({problem.strerror}). Give --out another folder."
    )


def _tell(chosen: argparse.Namespace, table: KpiTable, notes: tuple[str, ...]) -> None:
    rows = [row for row in table.of("size") if row.segment != BASE]
    unplaced = [row for row in rows if (row.segment, row.segment_name) == (NO_SEGMENT, NO_SEGMENT_NAME)]
    sizes = [row for row in rows if row not in unplaced]
    headline = results_headline(table)
    if chosen.json:
        segments = [
            {"segment": row.segment, "name": row.segment_name, "customers": int(row.value)} for row in sizes
        ]
        fits_none = int(sum(row.value for row in unplaced))
        answer = {"headline": headline, "segments": segments, "fits_none": fits_none, "notes": list(notes)}
        print(json.dumps(answer, ensure_ascii=False))
        return
    lines = [headline, *notes]
    lines += [f"{row.segment}  {row.segment_name}: {plural(int(row.value), 'customer')}" for row in sizes]
    print("\n".join([*filter(None, lines), f"Files are in {chosen.out}"]))


if __name__ == "__main__":
    sys.exit(main())
