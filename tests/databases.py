"""A table of customers with everything that can go wrong in one, and servers that hold it for a test."""

import functools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from segkit.engine import Source
from tests.real_data import PROJECT

STRANGE = "od\"d'; DROP TABLE customers; --"
CITIES = ["Rome", "Köln", "日本", "Li'ma", 'the "Hague"', " Oslo ", "a;b,c", "=1+1", "rare one", None]
MEMBERS = ["Yes", "yes ", "NO", "No", "", None]
WRITTEN = [0.35, 0.05, 0.05, 0.35, 0.1, 0.1]  # their shares: the most frequent writing is the label
TYPES = {
    pa.string(): "text",
    pa.float64(): "double precision",
    pa.int64(): "bigint",
    pa.bool_(): "boolean",
    pa.date32(): "date",
}


def many_kinds(rows: int = 600, seed: int = 0, stayed: str = "churned") -> pa.Table:
    """Make a table of all kinds of columns and roles, with gaps, infinities and levels that are rare.

    Parameters
    ----------
    rows, seed : int
    stayed : str
        "churned" or "retained" as a column, or "dates" for neither.
    """
    rng = np.random.default_rng(seed)

    def gaps(values: Any, share: float = 0.1) -> list[Any]:
        lost = rng.random(rows) < share
        return [None if gone else value for gone, value in zip(lost, values.tolist(), strict=True)]

    def days(back: int, share: float) -> list[Any]:
        return gaps(np.datetime64("2026-03-31", "D") - rng.integers(0, back, rows), share)

    age = rng.integers(18, 80, rows).astype(float)
    age[rng.random(rows) < 0.05] = np.nan
    age[rng.random(rows) < 0.02] = np.inf
    age[rng.random(rows) < 0.02] = -np.inf
    spend = rng.lognormal(3, 1.2, rows).round(2)
    spend[rng.random(rows) < 0.02] *= -1
    spend[rng.random(rows) < 0.005] = 1e9
    orders = rng.geometric(0.4, rows) - 1
    common = rng.choice(len(CITIES) - 1, rows, p=[0.3, 0.2, 0.1, 0.1, 0.1, 0.1, 0.05, 0.045, 0.005])
    columns: dict[str, pa.Array] = {
        "customer_id": pa.array([f"c{place:05d}" for place in range(rows)]),
        "age": pa.array(age),
        "spend": pa.array(gaps(spend, 0.05)),
        "steady": pa.array(gaps((1e6 + rng.random(rows)).round(3))),
        STRANGE: pa.array(gaps(rng.poisson(6, rows))),
        "city": pa.array(gaps(np.array(CITIES, dtype=object)[common])),
        "member": pa.array(
            rng.choice(np.array(MEMBERS, dtype=object), rows, p=WRITTEN).tolist(), pa.string()
        ),
        "newsletter": pa.array(gaps(rng.random(rows) < 0.6)),
        "segment": pa.array(rng.choice(["old", "new"], rows).tolist()),
        "plan_tier": pa.array(gaps(rng.choice(["pro", "free", "basic"], rows), 0.03)),
        "signup_date": pa.array(days(900, 0.02), pa.date32()),
        "last_activity_date": pa.array(days(400, 0.05), pa.date32()),
        "csat": pa.array(gaps(rng.integers(1, 6, rows), 0.4)),
        "nps": pa.array(gaps(rng.integers(0, 11, rows), 0.3)),
        "converted": pa.array(gaps(rng.choice(["ja", "nein"], rows))),
        "revenue": pa.array(gaps((orders * rng.lognormal(3, 0.8, rows)).round(2), 0.03)),
        "orders": pa.array(orders),
        "cost": pa.array(gaps(rng.gamma(2, 20, rows).round(2), 0.02)),
        "tickets": pa.array(rng.poisson(0.7, rows)),
    }
    if stayed == "dates":
        columns["churn_date"] = pa.array(days(500, 0.8), pa.date32())
    else:
        columns[stayed] = pa.array(gaps(rng.choice(["Yes", "No"], rows)))
    return pa.table(columns)


# --- PostgreSQL -------------------------------------------------------------------------------------


@functools.cache
def postgres_programs() -> Path:
    """The folder of PostgreSQL's programs, or skip the test."""
    found = subprocess.run([PROJECT / ".ci" / "postgres"], capture_output=True, text=True, check=False)
    folder = found.stdout.strip()
    if found.returncode or not folder:
        pytest.skip("PostgreSQL absent: install its server (apt-get install postgresql)")
    return Path(folder)


@dataclass
class Server:
    """A PostgreSQL server in a temporary folder, on a port of this machine only."""

    folder: Path
    port: int

    def run(self, *command: str) -> None:
        program, *more = command
        full = [str(postgres_programs() / program), *more]
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            full = ["setpriv", f"--reuid={_user()}", f"--regid={_user()}", "--clear-groups", *full]
        subprocess.run(
            full, check=True, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, timeout=60
        )

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off"
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-o", options, "-w", "start", "-l", "log")

    def stop(self) -> None:
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    @property
    def connect(self) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": self.port,
            "user": "owner",
            "password": "s3cret-word",
            "database": "postgres",
        }

    def source(self, table: str = "crm.people", **more: Any) -> Source:
        return Source("shop", "Our shop", engine="postgres", table=table, **{"connect": self.connect} | more)

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Run a statement beside the engine."""
        import psycopg

        names = {**self.connect, "dbname": self.connect["database"]}
        names.pop("database")
        with psycopg.connect(**names, autocommit=True) as store:
            found = store.execute(query)  # type: ignore[call-overload]
            return found.fetchall() if found.description else []

    def load(self, name: str, table: pa.Table) -> None:
        """Put a table into the server."""
        import psycopg
        from psycopg import sql

        parts = sql.Identifier(*name.split("."))
        names = {**self.connect, "dbname": self.connect["database"]}
        names.pop("database")
        columns = sql.SQL(", ").join(
            sql.SQL("{} {}").format(sql.Identifier(one.name), sql.SQL(TYPES[one.type]))
            for one in table.schema
        )
        with psycopg.connect(**names, autocommit=True) as store:
            if "." in name:
                store.execute(
                    sql.SQL("CREATE SCHEMA IF NOT EXISTS {}").format(sql.Identifier(name.split(".")[0]))
                )
            store.execute(sql.SQL("CREATE TABLE {} ({})").format(parts, columns))
            with store.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(parts)) as copy:
                for row in zip(*(one.to_pylist() for one in table.columns), strict=True):
                    copy.write_row(row)


def _user() -> int:
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name).pw_uid
    return 65534


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def postgres() -> Iterator[Server]:
    """Start a server for a module of tests, and stop it at the end."""
    postgres_programs()
    pytest.importorskip("psycopg", reason="psycopg absent: pip install -r requirements-postgres.txt")
    folder = Path(tempfile.mkdtemp(prefix="segkit-pg-"))
    server = Server(folder, free_port())
    try:
        password = folder / "password"
        password.write_text(server.connect["password"])
        if os.geteuid() == 0:
            for one in (folder, password):
                os.chown(one, _user(), -1)
        server.run("initdb", "-D", str(folder / "data"), "-U", "owner", "-A", "scram-sha-256",
                   "--pwfile", str(password), "--no-sync", "-E", "UTF8", "--locale=C")  # fmt: skip
        server.start()
        yield server
    finally:
        with suppress(subprocess.SubprocessError):
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
