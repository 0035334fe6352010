"""DSN files (déclaration sociale nominative, phase 3) as rows of one block, as `lakelift zones build` reads them (dsn-parser.ts, dsn-table.ts).

No line is lost: what is in no row, or not of its type, comes as a fault; a line over 4096 characters in pieces of as many, with their offsets. Python 3.9 or newer,
standard library only.
"""

import datetime
import decimal
import gzip
import json
import re
import zlib

# ISO-8859-1, and Windows-1252 where a file uses its signs; five bytes stay control characters in both.
_WINDOWS_1252 = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_CONTROL = re.compile(r"[\0-\x08\x0a-\x1f\x7f-\x9f]")
_RUBRIC = re.compile(r"(S[0-9]{2}\.G[0-9]{2}\.[0-9]{2})\.([0-9]{3}),'(.*)'", re.DOTALL)
_CODE = re.compile(r"S[0-9]{2}\.G[0-9]{2}\.[0-9]{2}\.[0-9]{3}")
_LONGEST_LINE = 4096
# With the blanks at its end (dsn-lines.ts holds no more of a line).
_MOST_HELD = 65536
_TRAILING = "".join(map(chr, range(33)))
_DECIMAL = re.compile(r"(-?)0*([0-9]{1,17}(?:\.[0-9]{1,3})?)")
_INTEGER = re.compile(r"(-?)0*([0-9]{1,18})")
# By their first bytes, since names do not always say.
_PACKERS = {
    b"PK\x03\x04": "zip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_DECLARATION = "S20.G00.05"
_TRAILER = "S90.G00.90"


class Packed(ValueError):
    """A file that cannot be unpacked here. The text does not name it: names may tell of people."""


def columns_of(block, norm):
    """Names and types of the table of a block: where a row comes from, its rubrics, and those that the norm does not list. `norm` is that of lakelift_dsn_norm."""
    place = [
        ("dsn_file", "string"),
        ("dsn_line", "integer"),
        ("dsn_parent_line", "integer"),
        ("dsn_declaration_line", "integer"),
    ]
    rubrics = [(f"r{number}", kind) for number, kind in norm[block]["rubrics"].items()]
    return [*place, *rubrics, ("dsn_other", "string")]


def rows_of(content, file, block, norm):
    """Each row of a block as a list in the order of its columns, with None; and each fault as None, with the fault. `content` is the file's bytes, which gzip may have packed.

    Raises Packed for what is packed otherwise, or broken.
    """
    for _, row, fault in pieces_of(content, file, (block,), norm):
        yield row, fault


def pieces_of(content, file, blocks, norm):
    """The same of several blocks, read once: each row with its block and None; each fault as None, None and the fault."""
    for record, fault in _Parser(norm).parse(_unpacked(content)):
        if fault is not None:
            yield None, None, {"file": file, **fault}
        elif record.block in blocks:
            row, faults = _row(record, file, norm[record.block]["rubrics"])
            yield record.block, row, None
            for one in faults:
                yield None, None, {"file": file, **one}


def is_shown(name):
    """Whether a file of that name below its folder is read: builds leave out the same (hidden-name.ts)."""
    return not any(part[:1] in ("", "_", ".") or part.endswith(("._COPYING_", ".lzo.index")) for part in name.split("/"))


def is_gzip(content):
    return content.startswith(b"\x1f\x8b")


def _unpacked(content):
    if is_gzip(content):
        try:
            return gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as error:
            raise Packed("is not whole as gzip") from error
    packer = next((packer for begin, packer in _PACKERS.items() if content.startswith(begin)), None)
    if packer is not None:
        raise Packed(f"is packed with {packer}: unpack it, or pack it with gzip")
    return content


class _Record:
    def __init__(self, block, line, parent_line, declaration_line):
        self.block = block
        self.line = line
        self.parent_line = parent_line
        self.declaration_line = declaration_line
        self.rubrics = []

    def value(self, wanted):
        return next((value for number, value, _ in self.rubrics if number == wanted), None)


class _Parser:
    """The file spells out no tree: a record belongs to the last one of the block that the norm puts above its own."""

    def __init__(self, norm):
        self._norm = norm
        self._open = {}
        self._current = None
        self._rubrics = 0
        self._line_faults = 0
        self._declarations = 0
        self._counted = (None, None)

    def parse(self, content):
        """Pairs of a record and None, or None and a fault."""
        for number, line, whole in _lines(content):
            kind, match = _look(line, whole)
            if kind is not None:
                self._line_faults += 1
                for fault in _faults(kind, line, whole):
                    yield None, {"line": number, **fault}
            elif match is not None:
                yield from self._take(number, match.group(1), match.group(2), match.group(3))
        yield from self._close()
        yield from self._completeness()

    def _take(self, line, block, number, value):
        self._rubrics += 1
        current = self._current
        if current is None or current.block != block or number <= current.rubrics[-1][0]:
            yield from self._close()
            yield from self._begin(line, block, number, value)
        self._current.rubrics.append((number, value, line))

    def _begin(self, line, block, number, value):
        known = block in self._norm
        above = self._norm[block]["parent"] if known else _DECLARATION
        parent = None if above is None else self._open.get(above)
        for inner in [name for name in self._open if self._is_below(name, block)]:
            del self._open[inner]
        if block == _DECLARATION:
            declaration_line = line
        else:
            declaration = self._open.get(_DECLARATION)
            declaration_line = declaration and declaration.line
        self._current = _Record(block, line, parent and parent.line, declaration_line)
        self._open[block] = self._current
        if block == _DECLARATION:
            self._declarations += 1
        if known and above is not None and parent is None:
            code = f"{block}.{number}"
            yield None, {"line": line, "kind": "orphan", "code": code, "text": f"{code},'{value}'"}

    def _is_below(self, block, ancestor):
        while block in self._norm:
            block = self._norm[block]["parent"]
            if block == ancestor:
                return True
        return False

    def _close(self):
        record = self._current
        if record is None:
            return
        self._current = None
        if record.block == _TRAILER:
            self._counted = (_count(record.value("001")), _count(record.value("002")))
        yield record, None

    def _completeness(self):
        if self._counted != (self._rubrics + self._line_faults, self._declarations):
            yield None, {
                "kind": "incomplete",
                "rubricCount": self._rubrics,
                "countedRubrics": self._counted[0],
                "declarationCount": self._declarations,
                "countedDeclarations": self._counted[1],
            }


def _lines(content):
    """Lines with their numbers from 1, without blanks at their ends and with them; blank lines count, and are nothing else."""
    text = content.decode("latin-1").translate(_WINDOWS_1252)
    for number, whole in enumerate(text.split("\n"), 1):
        line = whole.rstrip(_TRAILING)
        if line or len(whole) > _MOST_HELD:
            yield number, line, whole


def _look(line, whole):
    if len(line) > _LONGEST_LINE or len(whole) > _MOST_HELD:
        return "too-long", None
    if _CONTROL.search(line):
        return "not-text", None
    match = _RUBRIC.fullmatch(line)
    return ("not-a-rubric", None) if match is None else (None, match)


def _faults(kind, line, whole):
    """Of a line: one, or those of its pieces."""
    code = _CODE.match(line)
    first = {"kind": kind, "code": code and code.group(), "text": line}
    if kind != "too-long":
        yield first
        return
    for offset in range(0, len(whole), _LONGEST_LINE):
        text = whole[offset : offset + _LONGEST_LINE]
        yield {**first, "code": first["code"] if offset == 0 else None, "offset": offset, "text": text}


def _count(text):
    return int(text) if text is not None and re.fullmatch(r"[0-9]{1,15}", text) else None


def _row(record, file, kinds):
    values = dict.fromkeys(kinds)
    others = {}
    faults = []
    for number, value, line in record.rubrics:
        code = f"{record.block}.{number}"
        if number not in kinds:
            others[code] = value
            continue
        try:
            values[number] = _typed(value, kinds[number])
        except ValueError:
            faults.append({"line": line, "kind": "not-of-its-type", "code": code, "text": value})
    other = json.dumps(others, ensure_ascii=False, separators=(",", ":")) if others else None
    return [file, record.line, record.parent_line, record.declaration_line, *values.values(), other], faults


def _typed(value, kind):
    """Raises ValueError for what is not of the type; None for what is empty."""
    if kind == "string":
        return value
    if value == "":
        return None
    if kind == "date":
        if re.fullmatch(r"[0-9]{8}", value) is None:
            raise ValueError
        return datetime.date(int(value[4:]), int(value[2:4]), int(value[:2]))
    match = (_DECIMAL if kind == "decimal" else _INTEGER).fullmatch(value)
    if match is None:
        raise ValueError
    text = match.group(1) + match.group(2)
    return decimal.Decimal(text) if kind == "decimal" else int(text)
