"""ZIP archives whose files are made and deflated part by part, by a few threads at once.

`zipfile` makes one file after the other in the thread that writes. Here every part of a file is a piece of
work of its own: a thread makes it and deflates it into blocks that end on a whole byte, and such blocks in a
row are one deflate stream (RFC 1951; pigz does the same). Parts are written in their order as they come, so
only a few of them are in memory at once, and the same files give the same bytes.

The format is that of PKWARE's APPNOTE 6.3: local headers (4.3.7) with sizes in a descriptor behind the data
(4.3.9), since they are not known before; a central directory (4.3.12) and its end (4.3.16). No ZIP64: a file
or an archive of 4 GB and more is refused.
"""

import itertools
import os
import struct
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, TypeVar

from segkit.errors import SegkitError

Part = Callable[[], "bytes | memoryview"]
"""Makes a part of a file."""
Result = TypeVar("Result")

THREADS = min(os.cpu_count() or 1, 4)  # more would leave nothing to everybody else's pages
WAITING = 1  # parts that are made ahead of the threads
FAST = 1  # of deflate: a fifth of the time of the usual level, for files a third larger
BARE = -15  # deflate without a header of its own, over 32 kB
END = b"\x03\x00"  # the last block of a deflate stream, empty
TOO_LARGE = 1 << 32

VERSION = 20  # deflate; what a reader must know
UNIX = 3 << 8  # whose permissions are below
READABLE = 0o100644 << 16
FLAGS = 1 << 3 | 1 << 11  # sizes stand behind the data; names are UTF-8
DEFLATED = 8
DATE = 1 << 5 | 1  # 1 January 1980, the first day of ZIP: no clock, so the same files are the same bytes


class TooLarge(SegkitError):
    """A file or an archive is larger than a ZIP file can be."""


def in_order(works: Iterable[Callable[[], Result]]) -> Iterator[Result]:
    """Do pieces of work by a few threads, and give their results in their order.

    No more than a few are begun before their turn, so that results do not pile up.

    Examples
    --------
    >>> list(in_order([lambda: 1, lambda: 2]))
    [1, 2]
    """
    begun: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(THREADS, "export") as pool:
        for work in works:
            begun.append(pool.submit(work))
            if len(begun) > THREADS + WAITING:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()


def write_archive(sink: BinaryIO, files: Sequence[tuple[str, Iterable[Part]]]) -> None:
    """Write files into a ZIP archive.

    Parameters
    ----------
    sink : binary stream
        Need not be able to go back.
    files : sequence of (str, iterable of function)
        The name of each, unlike all others, and what makes its parts; there is at least one.

    Raises
    ------
    TooLarge
        A file or the archive would have 4 GB or more.
    """
    works = (partial(_deflated, place, part) for place, (_, parts) in enumerate(files) for part in parts)
    entries, begins = [], 0
    for place, parts in itertools.groupby(in_order(works), key=lambda made: made[0]):
        entry = _write_file(sink, files[place][0].encode(), begins, parts)
        entries.append(entry)
        begins = _checked(entry.ends)
    directory = b"".join(entry.in_directory for entry in entries)
    size = len(directory)
    sink.write(directory)
    sink.write(struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, len(entries), len(entries), size, begins, 0))


Made = tuple[int, "bytes | memoryview", bytes]  # the place of the file, a part of it, and that deflated


def _deflated(place: int, part: Part) -> Made:
    content = part()
    stream = zlib.compressobj(FAST, zlib.DEFLATED, BARE)
    return place, content, stream.compress(content) + stream.flush(zlib.Z_SYNC_FLUSH)


@dataclass(frozen=True)
class _Entry:
    """What the directory says of a file: checksum, sizes, and where it begins."""

    name: bytes
    begins: int
    checksum: int
    packed: int
    size: int

    @property
    def local(self) -> bytes:
        head = (b"PK\x03\x04", VERSION, FLAGS, DEFLATED, 0, DATE, 0, 0, 0, len(self.name), 0)
        return struct.pack("<4s5H3I2H", *head) + self.name

    @property
    def descriptor(self) -> bytes:
        return struct.pack("<4s3I", b"PK\x07\x08", self.checksum, self.packed, self.size)

    @property
    def in_directory(self) -> bytes:
        known = (self.checksum, self.packed, self.size, len(self.name), 0, 0, 0, 0, READABLE, self.begins)
        head = (b"PK\x01\x02", UNIX | VERSION, VERSION, FLAGS, DEFLATED, 0, DATE)
        return struct.pack("<4s6H3I5H2I", *head, *known) + self.name

    @property
    def ends(self) -> int:
        return self.begins + len(self.local) + self.packed + len(self.descriptor)


def _write_file(sink: BinaryIO, name: bytes, begins: int, parts: Iterable[Made]) -> _Entry:
    sink.write(_Entry(name, begins, 0, 0, 0).local)
    checksum = packed = size = 0
    for _, content, deflated in parts:
        checksum = zlib.crc32(content, checksum)
        size = _checked(size + len(content))
        packed += len(deflated)
        sink.write(deflated)
    sink.write(END)
    entry = _Entry(name, begins, checksum, packed + len(END), size)
    sink.write(entry.descriptor)
    return entry


def _checked(size: int) -> int:
    if size >= TOO_LARGE:
        raise TooLarge("A ZIP file holds less than 4 GB. Download the lists one by one.")
    return size
