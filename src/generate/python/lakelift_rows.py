"""Rows of a small text object, as Hive and `lakelift zones build` read them: delimited text, CSV of OpenCSVSerde, lines of JSON.

What cannot be read is told line by line, so that it can be kept elsewhere. No error holds a value. Python 3.9 or newer, standard library only.
"""

import datetime
import decimal
import json
import re

from lakelift_rules import Refused


class Unsupported(Refused):
    """A table that is not read here: the Glue job does."""


class Row:
    """One line: its number from 1, its text, and its fields by column; `fault` says why there are none.

    `is_of_other_count`: it has more fields, or fewer, than the table has columns.
    """

    def __init__(self, number, text, fields=None, fault=None, is_of_other_count=False):
        self.number = number
        self.text = text
        self.fields = fields
        self.fault = fault
        self.is_of_other_count = is_of_other_count


def columns_of(table):
    """Names and types of a table as Glue's GetTable gives it, without its partition keys."""
    return [(column["Name"], column["Type"].lower()) for column in table["StorageDescriptor"]["Columns"]]


def rows_of(content, table):
    """Every line of an object of such a table; `content` is its bytes."""
    serde = table["StorageDescriptor"]["SerdeInfo"]
    parameters = {**table.get("Parameters", {}), **serde.get("Parameters", {})}
    name = serde.get("SerializationLibrary", "").rsplit(".", 1)[-1]
    if name not in _READERS:
        raise Unsupported(f"stored with {name or 'no SerDe'}")
    if serde["SerializationLibrary"].startswith("org.openx."):
        _refuse_other_keys(parameters)
    if int(parameters.get("skip.footer.line.count", "0")) > 0:
        raise Unsupported("text with footer lines")
    columns = columns_of(table)
    read = _READERS[name](columns, parameters)
    for number, line in _lines(content, int(parameters.get("skip.header.line.count", "0"))):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            yield Row(number, line.decode("latin-1"), fault="not-utf-8")
            continue
        fields = read(text)
        if isinstance(fields, str):
            yield Row(number, text, fault=fields)
        elif fields is not None:
            yield Row(number, text, _as_declared(fields, columns), is_of_other_count=len(fields) != len(columns))


def _lines(content, skipped):
    lines = content.split(b"\n")
    last = lines.pop()
    whole = [line[:-1] if line.endswith(b"\r") else line for line in lines] + ([last] if last else [])
    return list(enumerate(whole, 1))[skipped:]


def _as_declared(fields, columns):
    """As Hive has it: fields beyond those of the table are dropped, and NULL stands for those that a line lacks."""
    return fields[: len(columns)] + [None] * (len(columns) - len(fields))


def _delimited(_, parameters):
    """LazySimpleSerDe."""
    delimiter = parameters.get("field.delim", parameters.get("serialization.format", "\x01"))
    # `1` stands for the character of that number.
    delimiter = chr(int(delimiter)) if re.fullmatch("[0-9]{1,3}", delimiter) else delimiter[:1]
    escape = parameters.get("escape.delim")
    null = parameters.get("serialization.null.format", "\\N")
    if parameters.get("serialization.last.column.takes.rest") == "true":
        raise Unsupported("text whose last column takes the rest of the line")

    def shown(field):
        if escape and field != "\\N":
            field = field.replace(escape, "").replace("\ue001", delimiter).replace("\ue000", escape)
        return None if field == null else field

    def split(text):
        if escape:
            text = text.replace(escape + escape, "\ue000").replace(escape + delimiter, "\ue001")
        return [shown(field) for field in text.split(delimiter)]

    return split


def _csv(_, parameters):
    """OpenCSVSerde."""
    layout = (parameters.get("separatorChar", ","), parameters.get("quoteChar", '"'), parameters.get("escapeChar", "\\"))
    return lambda text: _csv_fields(text.removesuffix("\r"), *layout)


def _csv_fields(line, separator, quote, escape):
    """opencsv 2.3, CSVParser.parseLine: a doubled quote inside quotes is one, an escape before anything else is dropped, and so is a field that is never closed.

    An empty line has no field.
    """
    fields, field, quoted, inside, at = [], "", False, False, 0
    while at < len(line):
        char, following = line[at], line[at + 1 : at + 2]
        doubled = following != "" and (
            (following == quote and char in (quote, escape)) or (following == escape and char == escape)
        )
        if (quoted or inside) and doubled:
            at += 1
            field += following
            if char == quote:
                inside = not inside
        elif char == escape:
            pass
        elif char == quote:
            if at > 2 and line[at - 1] != separator and following not in ("", separator):
                field = "" if field and field.isspace() else field + char
            quoted, inside = not quoted, not inside
        elif char == separator and not quoted:
            fields.append(field)
            field, inside = "", False
        else:
            field += char
            inside = True
        at += 1
    return fields if quoted or line == "" else [*fields, field]


class _Number(str):
    """A number of JSON, as it was written."""


class _Members(list):
    """Keys of an object with what each has, in their order, one that comes twice too."""


def _json_lines(columns, _):
    """JsonSerDe, as Hive and Trino have it: keys are those of columns in any case, or `_col0`, `_col1`…, and of two for one column the last counts."""
    places = {name.lower(): at for at, (name, _) in enumerate(columns)}

    def place_of(key):
        unnamed = re.fullmatch("_col([0-9]+)", key)
        place = places.get(key.lower(), int(unnamed.group(1)) if unnamed else None)
        return None if place is None or place >= len(columns) else place

    def read(text):
        if not text.strip():
            return None
        try:
            found = json.loads(
                text,
                object_pairs_hook=_Members,
                parse_int=_Number,
                parse_float=_Number,
                parse_constant=lambda _: _no_value(),
            )
        except (ValueError, RecursionError):
            return "not-json"
        if not isinstance(found, _Members):
            return "not-json"
        fields = [None] * len(columns)
        for key, value in found:
            at = place_of(key)
            if at is not None:
                fields[at] = _json_boolean(value) if columns[at][1] == "boolean" else value
        return fields

    return read


def _json_boolean(value):
    """Only `true` is true, and everything else that has a text is not."""
    return value.lower() == "true" if isinstance(value, str) else value


def _refuse_other_keys(parameters):
    """Settings of openx by which a key belongs to another column than the one of its name (json-lines.ts has the same)."""
    for name, value in parameters.items():
        setting = f"{name}={value}".lower()
        if setting.startswith("mapping.") or setting in ("case.insensitive=false", "dots.in.keys=true"):
            raise Unsupported(f"JSON whose keys are read by {name}")


_READERS = {"LazySimpleSerDe": _delimited, "OpenCSVSerde": _csv, "JsonSerDe": _json_lines}

_WHOLE = {"tinyint": 2**7, "smallint": 2**15, "int": 2**31, "bigint": 2**63}
_NUMBER = r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*"
_DATE = r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
_TIME = r"([0-9]{1,2}):([0-9]{1,2})(?::([0-9]{1,2})(?:\.([0-9]{0,9}))?)?"


def typed(field, type_):
    """The value of a field of a column. Raises ValueError, without the value, where it is none of the type, and Unsupported for other types."""
    kind, _, argument = type_.rstrip(")").partition("(")
    if kind not in _KINDS:
        raise Unsupported(f"a column of type {kind.split('<')[0]}")
    # An empty text is one; elsewhere there is nothing.
    if field is None or (field == "" and kind not in _TEXTS):
        return None
    try:
        return _KINDS[kind](field, argument or kind)
    except (ArithmeticError, ValueError):
        raise ValueError(f"no {kind}") from None


def _text(field, _):
    if isinstance(field, _Number):
        return str(field)
    if isinstance(field, bool):
        return "true" if field else "false"
    return field if isinstance(field, str) else _no_value()


def _varchar(field, length):
    text = _text(field, length)
    return text[: int(length)] if length.isdigit() else text


def _char(field, length):
    """Blanks at its end say nothing: Hive fills it up with them."""
    return _varchar(field, length).rstrip(" ")


def _whole(field, kind):
    if not isinstance(field, str) or not (isinstance(field, _Number) or re.fullmatch("[+-]?[0-9]+", field)):
        raise ValueError
    # Of a number of JSON only what stands before its point.
    number = int(field) if re.fullmatch("[+-]?[0-9]+", field) else int(float(field))
    if not -_WHOLE[kind] <= number < _WHOLE[kind]:
        raise ValueError
    return number


def _boolean(field, _):
    if isinstance(field, bool):
        return field
    return {"true": True, "false": False}[field.lower()] if str(field).lower() in ("true", "false") else _no_value()


def _double(field, _):
    number = float(field) if isinstance(field, str) and re.fullmatch(_NUMBER, field) else _no_value()
    # Neither has a place in JSON.
    return number if abs(number) != float("inf") else _no_value()


def _decimal(field, argument):
    precision, scale = map(int, argument.split(",")) if argument != "decimal" else (10, 0)
    if not isinstance(field, str) or not re.fullmatch(_NUMBER, field):
        raise ValueError
    context = decimal.Context(prec=precision, rounding=decimal.ROUND_HALF_UP)
    return decimal.Decimal(field.strip()).quantize(decimal.Decimal(1).scaleb(-scale), context=context)


def _date(field, _):
    found = isinstance(field, str) and re.fullmatch(rf"\s*{_DATE}(?:[ T].*)?", field, re.DOTALL)
    return datetime.date(*map(int, found.groups())) if found else _no_value()


def _timestamp(field, _):
    found = isinstance(field, str) and re.fullmatch(rf"{_DATE}(?:[ T]+{_TIME})?Z?", field)
    if not found:
        raise ValueError
    *whole, fraction = found.groups()
    return datetime.datetime(*(int(part or 0) for part in whole), int((fraction or "").ljust(6, "0")[:6]))


def _no_value():
    raise ValueError


_TEXTS = ("string", "varchar", "char")
_KINDS = {
    "string": _text,
    "varchar": _varchar,
    "char": _char,
    **dict.fromkeys(_WHOLE, _whole),
    "boolean": _boolean,
    "double": _double,
    "decimal": _decimal,
    "date": _date,
    "timestamp": _timestamp,
}
