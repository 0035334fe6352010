"""Small text objects of a table of raw, as rows: which columns they have, and how they are written, is asked of Glue.

Python 3.9 or newer, standard library only.
"""

import re

from lakelift_rows import columns_of, rows_of, typed
from lakelift_rules import Refused

_DEFAULT_PARTITION = "__HIVE_DEFAULT_PARTITION__"


class TableFiles:
    """Of the table of `declared["from"]`; `client` gives a boto3 client by its name."""

    def __init__(self, declared, client):
        origin = declared["from"]
        self._known = origin["known"]
        self._table = client("glue").get_table(DatabaseName=origin["database"], Name=origin["table"])["Table"]
        self._partition_keys = [(one["Name"], one["Type"].lower()) for one in self._table.get("PartitionKeys", [])]
        self._types = dict(columns_of(self._table) + self._partition_keys)
        source = declared["source"]
        self._treated = sorted(one["source"] for one in source["columns"] if one["treat"] != "keep" or "type" in one)
        self._needed = {column["source"] for column in source["columns"]} | {one["column"] for one in source["where"]}

    def type_of(self, _, column):
        return self._types[column]

    def place_of(self, bucket, key):
        """Values of the partition keys, by the folders that the object lies in. Raises Refused for what is no file of the table, and for a table with other columns."""
        self._refuse_unknown_columns()
        location = f"{self._table['StorageDescriptor']['Location'].rstrip('/')}/"
        place = f"s3://{bucket}/{key}"
        if not place.startswith(location):
            raise Refused("lies outside of its table")
        *folders, name = place[len(location) :].split("/")
        if re.match("[_.]", name) or len(folders) != len(self._partition_keys):
            raise Refused("is no file of its table")
        values = {}
        for folder, (key_name, type_) in zip(folders, self._partition_keys):
            found, _, value = folder.partition("=")
            if found.lower() != key_name.lower():
                raise Refused("is no file of its table")
            value = re.sub("%([0-9a-fA-F]{2})", lambda match: chr(int(match.group(1), 16)), value)
            values[key_name] = None if value == _DEFAULT_PARTITION else _value_or_none(value, type_)
        return values

    def is_gzip(self, key, _):
        return key.endswith(".gz")

    def rows(self, content, folder):
        """Rows by the name of their source, of which there is one, what could not be read, and figures."""
        rows, faults, other_count = [], [], 0
        columns = [(at, name, type_) for at, (name, type_) in enumerate(columns_of(self._table)) if name in self._needed]
        for row in rows_of(content, self._table):
            if row.fault is not None:
                faults.append({"line": row.number, "reason": row.fault, "text": row.text})
                continue
            other_count += row.is_of_other_count
            values = dict(folder)
            for at, name, type_ in columns:
                try:
                    values[name] = typed(row.fields[at], type_)
                except ValueError:
                    values[name] = None
                    faults.append({"line": row.number, "reason": "not-of-its-type", "column": name, "text": row.text})
            rows.append(values)
        return lambda _: rows, faults, {"linesOfOtherFieldCount": other_count}

    def _refuse_unknown_columns(self):
        unknown = [name for name in self._types if name not in self._known]
        if unknown:
            raise Refused(f"nobody has classed {', '.join(unknown)}")
        # A treatment is of one value (refuse-nested.ts).
        nested = [name for name in self._treated if re.match("(array|map|struct|uniontype)<", self._types.get(name, ""))]
        if nested:
            raise Refused(f"treats lists, maps or structs, which are kept or dropped: {', '.join(nested)}")
        missing = [name for name in sorted(self._needed) if name not in self._types]
        if missing:
            raise Refused(f"the table has no column {', '.join(missing)}")


def _value_or_none(text, type_):
    try:
        return typed(text, type_)
    except ValueError:
        return None
