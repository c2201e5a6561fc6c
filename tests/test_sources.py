"""Sources: what a TOML file may say, and what is said when it says something else."""

import re

import pytest

from segkit.engine import Source, UnusableSource
from segkit.sources import ENGINES, VARIABLE, find_source, sources
from tests.real_data import PROJECT

SHOP = """
[sources.shop]
label = "Customers of the shop"
engine = "postgres"
table = "public.customers"
timeout = 300
most_rows = 5_000_000
may_write = true
connect = { host = "db.example.com", password = { env = "SHOP_PASSWORD" } }

[sources.files]
files = "/data/*.parquet"
"""


def said(folder, text: str) -> tuple[Source, ...]:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return sources(path)


def test_no_file_is_no_sources(monkeypatch):
    monkeypatch.delenv(VARIABLE, raising=False)
    assert sources() == ()


def test_a_file_names_sources(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", "pass-w0rd")
    shop, files = said(tmp_path, SHOP)
    connect = {"host": "db.example.com", "password": "pass-w0rd"}
    assert shop == Source(
        "shop", "Customers of the shop", "postgres", table="public.customers", connect=connect,
        timeout=300, most_rows=5_000_000, may_write=True,
    )  # fmt: skip
    assert files == Source("files", "files", "duckdb", "/data/*.parquet")
    assert (files.timeout, files.may_write) == (600, False)
    monkeypatch.setenv(VARIABLE, str(tmp_path / "sources.toml"))
    assert sources() == (shop, files)
    assert find_source("shop") == shop
    with pytest.raises(UnusableSource, match="shop and files"):
        find_source("nope")


def test_nothing_secret_is_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", "pass-w0rd")
    for source in said(tmp_path, SHOP):
        for text in (repr(source), str(source)):
            assert "pass-w0rd" not in text
            assert "db.example.com" not in text


def test_a_variable_that_is_not_set_is_said(tmp_path, monkeypatch):
    monkeypatch.delenv("SHOP_PASSWORD", raising=False)
    with pytest.raises(UnusableSource, match="“shop”: the variable SHOP_PASSWORD of the env"):
        said(tmp_path, SHOP)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[sources.a", "is no TOML"),
        ("sources = 3", r"needs a table such as \[sources.crm\]"),
        ("[sources]\na = 3", r"needs a table such as \[sources.crm\]"),
        ('[sources.a]\nfiles = "x"\npassword = "y"', "“a”: password is no setting"),
        ("[sources.a]\nfiles = 3", "“a”: files is not written as in docs/scale.md"),
        ('[sources.a]\nfiles = "x"\ntimeout = "long"', "“a”: timeout is not written"),
        ('[sources.a]\nfiles = "x"\nmost_rows = -1', "“a”: most_rows is not written"),
        ('[sources.a]\nfiles = "x"\nmay_write = 1', "“a”: may_write is not written"),
        ('[sources.a]\nfiles = "x"\nconnect = "dsn"', "“a”: connect is not written"),
        (
            '[sources.a]\nengine = "oracle"\ntable = "x"',
            "“oracle” is no engine. Engines are: duckdb",
        ),
        ('[sources.a]\nengine = "postgres"\nfiles = "x"', "“a” has to name a table or a query"),
        ('[sources.a]\ntable = "x"', "“a” has to name files"),
        ("[sources.a]\n", "“a” has to name files"),
        ('[sources.a]\nengine = "trino"\ntable = "x"\nquery = "SELECT 1"', "has to name a table or a query"),
    ],
)
def test_mistakes_say_where_they_are(text, message, tmp_path):
    with pytest.raises(UnusableSource, match=message):
        said(tmp_path, text)


def test_a_file_that_is_not_there_or_no_text_is_said(tmp_path):
    with pytest.raises(UnusableSource, match=r"cannot be read \(No such file"):
        sources(tmp_path / "nope.toml")
    (tmp_path / "a.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnusableSource, match="is no TOML"):
        sources(tmp_path / "a.toml")


def test_the_example_is_as_it_should_be(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOP_PASSWORD", "x")
    monkeypatch.setenv("SNOWFLAKE_KEY", "x")
    example = (PROJECT / "data" / "sources.example.toml").read_text(encoding="utf-8")
    assert [one.key for one in said(tmp_path, example)] == ["crm"]
    found = said(tmp_path, "\n".join(line for line in without_signs(example) if line))
    assert [one.engine for one in found] == ["duckdb", "postgres", "pyspark", "snowflake"]
    assert {one.engine for one in found} < set(ENGINES)


def without_signs(example: str) -> list[str]:
    """The lines of the example that are settings, those that are commented out included."""
    plain = [line.removeprefix("# ") for line in example.splitlines()]
    return [line for line in plain if re.match(r"\[sources\.|[a-z_]+ += ", line)]
