"""DSN files of raw, each by itself, as rows of the blocks that a dataset is made of.

Python 3.9 or newer, standard library only.
"""

import decimal

from lakelift_dsn import Packed, columns_of, is_gzip, is_shown, pieces_of
from lakelift_dsn_norm import BLOCKS
from lakelift_rules import Refused

_TYPES = {"string": "string", "date": "date", "decimal": "decimal(20,3)", "integer": "bigint"}
_THOUSANDTH = decimal.Decimal("0.001")


class DsnFiles:
    """Those below the folder of `declared["from"]`."""

    def __init__(self, declared, _):
        self._bucket = declared["from"]["bucket"]
        self._folder = declared["from"]["folder"]
        sources = [declared["source"], *(join["source"] for join in declared["joins"])]
        self._types = {one["name"]: dict(columns_of(one["name"], BLOCKS)) for one in sources}
        # Blocks have up to eighty rubrics, and files many records: a row holds what is asked of it.
        self._needed = {}
        for block, types in self._types.items():
            asked = {column for one in sources if one["name"] == block for column in _asked(one)}
            self._needed[block] = [(at, column) for at, column in enumerate(types) if column in asked]

    def type_of(self, block, column):
        return _TYPES[self._types[block][column]]

    def place_of(self, bucket, key):
        """Name below the folder. Raises Refused for what a build leaves out."""
        if bucket != self._bucket or not key.startswith(self._folder):
            raise Refused("lies outside of its folder")
        name = key[len(self._folder) :]
        if not is_shown(name):
            raise Refused("is no DSN file")
        return name

    def is_gzip(self, _, content):
        return is_gzip(content)

    def rows(self, content, name):
        """Rows by their block, what is wrong in the file, and no figures of its own. Raises Refused for what is no DSN."""
        try:
            return self._rows(content, name)
        except Packed:
            raise Refused("is packed otherwise than with gzip") from None

    def _rows(self, content, name):
        rows, faults = {block: [] for block in self._needed}, []
        for block, row, fault in pieces_of(content, name, self._needed, BLOCKS):
            if fault is None:
                rows[block].append({column: _exact(row[at]) for at, column in self._needed[block]})
            else:
                faults.append({key: value for key, value in fault.items() if value is not None})
        if any(fault["kind"] == "incomplete" and fault["rubricCount"] == 0 for fault in faults):
            raise Refused("holds no rubric of a DSN")
        return rows.__getitem__, faults, {}


def _asked(source):
    return [one["source"] for one in source["columns"] + source["keys"]] + [one["column"] for one in source["where"]]


def _exact(value):
    """Amounts as a column of three decimals has them, which knows no minus nought."""
    return (value + 0).quantize(_THOUSANDTH) if isinstance(value, decimal.Decimal) else value
