"""Bytes to UTF-8 text, saying how: by byte order mark, by what fits, or by the likeliest code page.

Nothing is replaced by a question mark: a byte that fits no guess is read as Latin-1, which has a character
for each. What was guessed is noted with the other encodings as options.
"""

import codecs
import re
from dataclasses import dataclass
from itertools import accumulate

from segkit.customers.notes import Note, Option
from segkit.errors import UnreadableFile
from segkit.labels import number, plural

BLOCK = 1 << 20
SNIFFED_BYTES = 1 << 16  # of lines with characters beyond ASCII; enough for their frequencies

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
LABELS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252 (Western European)",
    "latin-1": "Latin-1 (Western European)",
    "mac_roman": "Mac Roman (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "cp1254": "Windows-1254 (Turkish)",
    "big5": "Big5 (Traditional Chinese)",
    "gb18030": "GB18030 (Simplified Chinese)",
    "shift_jis": "Shift-JIS (Japanese)",
    "euc_jp": "EUC-JP (Japanese)",
    "euc_kr": "EUC-KR (Korean)",
}
ASIAN = ("big5", "gb18030", "shift_jis", "euc_jp", "euc_kr")
OTHER_SCRIPTS = ("cp1251", "cp1253", *ASIAN)
EUROPEAN = ("cp1252", "cp1250", "cp1254", "cp1251", "cp1253", "mac_roman")
FEWEST_OF_SCRIPT = 4  # characters; two odd bytes are more likely damage than a word of Chinese
MOSTLY_SCRIPT = 0.6  # of the characters beyond ASCII
MOSTLY_LONE = 0.5  # of the bytes beyond ASCII: accents stand alone in a word, other scripts in runs
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_LONE_BYTE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_WORD_OF_SCRIPT = re.compile(r"[^\W\d_\x00-ʯ]{3}")  # “ß€” would be two letters of Cyrillic
_SYMBOL_IN_WORD = re.compile(r"[^\W\d_][¡-¿×÷]|[¡-¿×÷][^\W\d_]")


@dataclass(frozen=True)
class Text:
    """A file as UTF-8 text: its bytes, what they were before, and the notes on that."""

    data: memoryview
    label: str
    notes: tuple[Note, ...] = ()


def decoded(data: memoryview, encoding: str = "") -> Text:
    """Decode a file.

    Parameters
    ----------
    data : memoryview
        The whole file.
    encoding : str
        A Python codec set by the user; found when empty.

    Raises
    ------
    UnreadableFile
        The encoding does not fit, is not known, or the file is not text.
    """
    if encoding:
        return Text(_by(data, encoding), _label(encoding))
    for mark, codec, label in MARKS:
        if bytes(data[: len(mark)]) == mark:
            if codec != "utf-8-sig":
                return Text(_by(data, codec), label)
            rest = data[len(mark) :]
            return Text(rest, label) if _is_utf8(rest) else _legacy(bytes(rest))
    head = bytes(data[:4096])
    if (wide := _wide(head)) is not None:
        note = Note("The file has no byte order mark; it was read as UTF-16.", True, "encoding")
        return Text(_by(data, wide), LABELS[wide], (note,))
    if _is_utf8(data):
        return Text(data, "UTF-8")
    return _legacy(bytes(data))


def _label(codec: str) -> str:
    return LABELS.get(codec, codec)


def _by(data: memoryview, codec: str) -> memoryview:
    try:
        return memoryview(bytes(data).decode(codec).encode())
    except LookupError as problem:
        raise UnreadableFile(f"“{codec}” is no encoding. Choose one such as utf-8 or cp1252.") from problem
    except UnicodeError as problem:
        place = getattr(problem, "start", 0)
        shown = "UTF-16" if codec.startswith("utf-16") else _label(codec)
        raise UnreadableFile(
            f"The file starts like {shown} text but byte {number(place + 1)} does not fit. "
            "Save it again as CSV (UTF-8)."
        ) from problem


def _wide(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every other byte of Western text is zero."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if half < 4 or head[:4].count(0) > 2:
        return None
    if odd > 0.4 * half and even < 0.05 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.4 * half and odd < 0.05 * half else None


def _is_utf8(data: memoryview) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    pending = False
    try:
        for start in range(0, len(data), BLOCK):
            block = bytes(data[start : start + BLOCK])
            if pending or not block.isascii():
                decoder.decode(block)
                pending = bool(decoder.getstate()[0])
        return not pending
    except UnicodeDecodeError:
        return False


def _legacy(data: bytes) -> Text:
    """Decode what is no UTF-8: a mixture of it with Windows-1252, or a code page."""
    lines = re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data)
    foreign = [line for line in lines if not line.isascii()]
    fits = [_fits(line, "utf-8") for line in foreign]
    if any(fits):
        return _mixed(lines, len(foreign) - sum(fits))
    codec = _likeliest(_whole_lines(foreign))
    others = b"".join(foreign)
    if codec in ASIAN:
        return Text(_leniently(data, codec), _label(codec), (_asian_note(codec, others),))
    text, codec = _western(data, codec)
    return Text(text, _label(codec), (_fallback_note(codec, others),))


def _whole_lines(lines: list[bytes]) -> bytes:
    """Join lines up to the size of a sample, never cutting a character."""
    ends = accumulate(map(len, lines))
    return b"".join(line for line, end in zip(lines, ends, strict=True) if end <= SNIFFED_BYTES) or lines[0]


def _mixed(lines: list[bytes], others: int) -> Text:
    whole = [line if line.isascii() or _fits(line, "utf-8") else _cp1252(line).encode() for line in lines]
    text = (
        f"The file mixes encodings: {plural(others, 'line is', 'lines are')} not UTF-8 and "
        f"{'was' if others == 1 else 'were'} read as Windows-1252. Check accents and special characters."
    )
    return Text(memoryview(b"".join(whole)), "UTF-8 mixed with Windows-1252", (Note(text, True, "encoding"),))


def _cp1252(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:  # five bytes are not defined there
        return data.decode("latin-1")


def _western(data: bytes, codec: str) -> tuple[memoryview, str]:
    try:
        return memoryview(data.decode(codec).encode()), codec
    except UnicodeDecodeError:
        return memoryview(data.decode("latin-1").encode()), "latin-1"


def _leniently(data: bytes, codec: str) -> memoryview:
    """Decode an Asian encoding; bytes that do not fit become the replacement character."""
    return memoryview(data.decode(codec, errors="replace").encode())


def _likeliest(sample: bytes) -> str:
    """Guess the code page from character frequencies; among Latin ones the Western unless words break."""
    import charset_normalizer

    if len(_LONE_BYTE.findall(sample)) > MOSTLY_LONE * len(_HIGH_BYTE.findall(sample)):
        return min(("cp1252", "cp1250"), key=lambda codec: _broken_words(sample, codec))
    matches = charset_normalizer.from_bytes(sample, cp_isolation=[*EUROPEAN, *ASIAN], enable_fallback=False)
    best = matches.best()
    if best is not None and best.encoding in OTHER_SCRIPTS and _reads_well(sample, best.encoding):
        return str(best.encoding)
    return min(("cp1252", "cp1250"), key=lambda codec: _broken_words(sample, codec))


def _reads_well(sample: bytes, codec: str) -> bool:
    """Whether a script other than Latin makes up most of what lies beyond ASCII."""
    beyond = [character for character in sample.decode(codec, errors="replace") if character > "\x7f"]
    script = sum(character > "ʯ" and character.isalpha() for character in beyond)
    if codec not in ASIAN and not _WORD_OF_SCRIPT.search(sample.decode(codec, errors="replace")):
        return False
    return script >= FEWEST_OF_SCRIPT and script > MOSTLY_SCRIPT * len(beyond)


def _broken_words(sample: bytes, codec: str) -> int:
    return len(_SYMBOL_IN_WORD.findall(sample.decode(codec, errors="replace")))


def _options(listed: tuple[str, ...], but: str, data: bytes) -> tuple[Option, ...]:
    """Offer the encodings in which every byte of the file means something."""
    return tuple(Option(_label(one), {"encoding": one}) for one in listed if one != but and _fits(data, one))


def _fits(data: bytes, codec: str) -> bool:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return False
    return True


def _asian_note(codec: str, data: bytes) -> Note:
    text = (
        f"The text is in an East Asian encoding, most likely {_label(codec)}. Look at some names: "
        "if they make no sense, choose the right encoding."
    )
    options = _options((*ASIAN, "cp1252"), codec, data)
    return Note(text, True, "encoding", ask=True, options=options)


def _fallback_note(codec: str, data: bytes) -> Note:
    text = (
        f"The file is not UTF-8; it was read as {_label(codec)}. If accents and special characters look "
        "wrong, choose another encoding."
    )
    return Note(text, True, "encoding", options=_options(EUROPEAN, codec, data))
