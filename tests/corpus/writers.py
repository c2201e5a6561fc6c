"""Bytes of every format, written by the book or against it. Nothing depends on the clock."""

import csv
import datetime
import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.parquet
import xlsxwriter

Row = Sequence[Any]
LONG_AGO = datetime.datetime(2024, 1, 1)
EPOCH = datetime.date(1899, 12, 30)


# --- delimited text -------------------------------------------------------------------------------


def lines(rows: Sequence[Row], delimiter: str = ",", **dialect: Any) -> list[str]:
    """Write rows as the lines of a delimited file (a cell may hold line ends of its own)."""
    written = []
    for row in rows:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=delimiter, lineterminator="\r\n", **dialect).writerow(row)
        written.append(stream.getvalue().removesuffix("\r\n"))  # without an end, line ends get no quotes
    return written


def joined(rows: Sequence[str], end: str = "\n", encoding: str = "utf-8", last: bool = True) -> bytes:
    """Put lines together."""
    return (end.join(rows) + (end if last else "")).encode(encoding)


def delimited(rows: Sequence[Row], delimiter: str = ",", encoding: str = "utf-8", **dialect: Any) -> bytes:
    """Write rows as a delimited file."""
    return joined(lines(rows, delimiter, **dialect), encoding=encoding)


# --- archives -------------------------------------------------------------------------------------


def gzipped(data: bytes) -> bytes:
    """Pack with gzip."""
    return gzip.compress(data, mtime=0)


def zipped(entries: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack files into a ZIP archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content, compression)
    return stream.getvalue()


def repeated_deflate(block: bytes, times: int) -> bytes:
    """Pack a block as if it stood there many times: as small as a bomb is, and made in no time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return once * times + b"\x03\x00"


def gzip_of_repeats(block: bytes, times: int) -> bytes:
    """Write a gzip file that unpacks to a block many times over (its checksum is wrong)."""
    head = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02\xff"
    size = len(block) * times & 0xFFFFFFFF
    return head + repeated_deflate(block, times) + struct.pack("<II", 0, size)


def zip_of_repeats(name: str, block: bytes, times: int, others: Mapping[str, str] | None = None) -> bytes:
    """Write a ZIP archive with one entry that unpacks to a block many times over, and ordinary others."""
    packed = repeated_deflate(block, times)
    plain = zipped(others or {})
    sizes = struct.pack("<III", 0, len(packed), len(block) * times & 0xFFFFFFFF)
    common = struct.pack("<HHHH", 0, 8, 0, 0x5821) + sizes + struct.pack("<HH", len(name), 0)
    entry = b"PK\x03\x04" + struct.pack("<H", 20) + common + name.encode() + packed
    count, size, start = struct.unpack_from("<HII", plain, len(plain) - 12)
    directory = plain[start : start + size]
    directory += (
        b"PK\x01\x02"
        + struct.pack("<HH", 20, 20)
        + common
        + struct.pack("<HHHII", 0, 0, 0, 0, start)
        + name.encode()
    )
    end = struct.pack("<HHHHIIH", 0, 0, count + 1, count + 1, len(directory), start + len(entry), 0)
    return plain[:start] + entry + directory + b"PK\x05\x06" + end


def with_password(archive: bytes) -> bytes:
    """Mark every entry of an archive as encrypted."""
    changed = bytearray(archive)
    for magic, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(magic)
        while at >= 0:
            changed[at + place] |= 1
            at = changed.find(magic, at + 4)
    return bytes(changed)


# --- workbooks ------------------------------------------------------------------------------------


def workbook(sheets: Mapping[str, Sequence[Row]], hidden: Sequence[str] = (), **options: Any) -> bytes:
    """Write a workbook: numbers, texts, booleans and dates as what they are; None is an empty cell."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd", **options}) as book:
        book.set_properties({"created": LONG_AGO})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for place, row in enumerate(rows):
                sheet.write_row(place, 0, row)
        shown = [sheet for sheet in book.worksheets() if sheet.get_name() not in hidden]
        for sheet in shown[:1]:
            sheet.activate()
            sheet.set_first_sheet()
        for sheet in book.worksheets():
            if sheet.get_name() in hidden:
                sheet.hide()
    return stream.getvalue()


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def package(sheet: str, strings: str = "", macros: bool = False) -> dict[str, str]:
    """Give the parts of a workbook by hand, for sheets that no program writes."""
    main = "application/vnd.ms-excel.sheet.macroEnabled.main" if macros else f"{SHEET_TYPE}.sheet.main"
    types = f'<Override PartName="/xl/workbook.xml" ContentType="{main}+xml"/>'
    types += f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET_TYPE}.worksheet+xml"/>'
    links = f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    parts = {}
    if strings:
        types += f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHEET_TYPE}.sharedStrings+xml"/>'
        links += f'<Relationship Id="rId2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        parts["xl/sharedStrings.xml"] = strings
    xml_types = (
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    )
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        f'{xml_types}<Default Extension="xml" ContentType="application/xml"/>{types}</Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        '<sheet name="Customers" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{links}'
        "</Relationships>",
        "xl/worksheets/sheet1.xml": sheet,
        **parts,
    }


def sheet_xml(rows: Sequence[str], dimension: str = "", before: str = "") -> str:
    """Put rows of XML into a sheet."""
    size = f'<dimension ref="{dimension}"/>' if dimension else ""
    return f"{XML}{before}<worksheet {MAIN}>{size}<sheetData>" + "".join(rows) + "</sheetData></worksheet>"


def inline_row(number: int, cells: Row) -> str:
    """Write a row with its texts in place."""
    written = (_inline_cell(f"{chr(65 + place)}{number}", cell) for place, cell in enumerate(cells))
    return f'<row r="{number}">{"".join(written)}</row>'


def _inline_cell(place: str, cell: object) -> str:
    if isinstance(cell, int | float):
        return f'<c r="{place}"><v>{cell!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(str(cell))}</t></is></c>'


def open_document(rows: Sequence[Row], after: str = "") -> bytes:
    """Write an OpenDocument spreadsheet; `after` is XML of further rows."""
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    body = "".join(f"<table:table-row>{''.join(map(_document_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names} office:version="1.2">'
        f'<office:body><office:spreadsheet><table:table table:name="Customers">{body}{after}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        '<manifest:file-entry manifest:full-path="/" '
        f'manifest:media-type="{ODS}"/><manifest:file-entry manifest:full-path="content.xml" '
        'manifest:media-type="text/xml"/></manifest:manifest>'
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in (("mimetype", ODS), ("content.xml", content), ("META-INF/manifest.xml", manifest)):
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), text)
    return stream.getvalue()


ODS = "application/vnd.oasis.opendocument.spreadsheet"


def _document_cell(cell: object) -> str:
    if cell is None:
        return "<table:table-cell/>"
    shown = f"<text:p>{escape(str(cell))}</text:p></table:table-cell>"
    if isinstance(cell, bool):
        kind, value = "boolean", f'office:boolean-value="{str(cell).lower()}"'
    elif isinstance(cell, int | float):
        kind, value = "float", f'office:value="{cell!r}"'
    elif isinstance(cell, datetime.date):
        kind, value = "date", f'office:date-value="{cell.isoformat()}"'
    else:
        return f'<table:table-cell office:value-type="string">{shown}'
    return f'<table:table-cell office:value-type="{kind}" {value}>{shown}'


# --- the old Excel format -------------------------------------------------------------------------


def old_workbook(rows: Sequence[Row], password: bool = False) -> bytes:
    """Write an .xls file (BIFF 8) with one sheet."""
    body = b"".join(
        _old_cell(down, across, cell)
        for down, row in enumerate(rows)
        for across, cell in enumerate(row)
        if cell is not None
    )
    width = max(map(len, rows))
    size = struct.pack("<IIHHH", 0, len(rows), 0, width, 0)
    sheet = _begin(0x10) + _record(0x0200, size) + body + _record(0x0A)
    name = struct.pack("<BB", 9, 0) + b"Customers"
    lock = _record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if password else b""
    formats = b"".join(_record(0xE0, struct.pack("<HH", 0, shown) + bytes(16)) for shown in (0, 14))
    head = _begin(0x05) + lock + _record(0x42, struct.pack("<H", 1200)) + formats
    place = len(head) + len(_record(0x85, bytes(6) + name)) + len(_record(0x0A))
    book = head + _record(0x85, struct.pack("<IBB", place, 0, 0) + name) + _record(0x0A) + sheet
    return compound_file({"Workbook": book})


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 0))


def _old_cell(down: int, across: int, cell: object) -> bytes:
    if isinstance(cell, bool):
        return _record(0x0205, struct.pack("<HHHBB", down, across, 0, cell, 0))
    if isinstance(cell, int | float):
        return _record(0x0203, struct.pack("<HHHd", down, across, 0, cell))
    if isinstance(cell, datetime.date):
        return _record(0x0203, struct.pack("<HHHd", down, across, 1, (cell - EPOCH).days))
    text = str(cell).encode("utf-16-le")
    return _record(0x0204, struct.pack("<HHHHB", down, across, 0, len(text) // 2, 1) + text)


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """Put streams into the container of old Office files (and of encrypted new ones)."""
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    padded = [data.ljust(4096, b"\x00") for data in streams.values()]
    padded = [data + bytes(-len(data) % 512) for data in padded]
    table, starts = [0xFFFFFFFD, end], []
    for data in padded:
        starts.append(len(table))
        count = len(data) // 512
        table += [*range(len(table) + 1, len(table) + count), end]
    entries = [_directory_entry("Root Entry", 5, 1, end, 0, free)]
    for place, (name, data) in enumerate(zip(streams, padded, strict=True)):
        after = place + 2 if place + 1 < len(padded) else free
        entries.append(_directory_entry(name, 2, free, starts[place], len(data), after))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0, 0, free)
    head += b"\xff" * (512 - len(head))
    sector = b"".join(struct.pack("<I", one) for one in table).ljust(512, b"\xff")
    return head + sector + b"".join(entries).ljust(512, b"\x00") + b"".join(padded)


def _directory_entry(name: str, kind: int, child: int, start: int, size: int, after: int) -> bytes:
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\x00") + struct.pack("<HBB", len(text) + 2, kind, 1)
    entry += struct.pack("<III", 0xFFFFFFFF, after, child) + bytes(36)
    return entry + struct.pack("<IQ", start, size)


# --- Parquet --------------------------------------------------------------------------------------


def parquet(table: pa.Table, **options: Any) -> bytes:
    """Write a Parquet file."""
    stream = io.BytesIO()
    pa.parquet.write_table(table, stream, **options)
    return stream.getvalue()


def claiming(data: bytes, rows: int, claimed: int) -> bytes:
    """Let the footer of a Parquet file claim another number of rows."""
    size = struct.unpack("<I", data[-8:-4])[0]
    footer = data[-8 - size : -8]
    old, new = b"\x16" + _varint(2 * rows) + b"\x19", b"\x16" + _varint(2 * claimed) + b"\x19"
    footer = footer.replace(old, new, 1)
    return data[: -8 - size] + footer + struct.pack("<I", len(footer)) + b"PAR1"


def _varint(value: int) -> bytes:
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*written, value])
