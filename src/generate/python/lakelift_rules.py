"""Filters, joins, anonymity and checks of a dataset over rows in memory, as `lakelift zones build` applies them to a table.

Python 3.9 or newer, standard library only.
"""

import collections
import re

from lakelift_treatments import text_of


class Refused(Exception):
    """Rows that were not taken, and why, without a value. To try again changes nothing."""


def fulfils(rule, value):
    """As the datasets have it: a number is compared with the column as a number, a text with its text; NULL fulfils nothing but `null`."""
    if rule["is"] in ("null", "not-null"):
        return (value is None) == (rule["is"] == "null")
    return any(_compares(rule["is"], value, wanted) for wanted in rule["values"])


def _compares(operator, value, wanted):
    found = _comparable(value, wanted)
    if found is None:
        return False
    wanted = float(wanted) if isinstance(found, float) else wanted
    return {
        "=": found == wanted,
        "in": found == wanted,
        "!=": found != wanted,
        "<": found < wanted,
        "<=": found <= wanted,
        ">": found > wanted,
        ">=": found >= wanted,
    }[operator]


def _comparable(value, wanted):
    text = text_of(value)
    if text is None or isinstance(wanted, str):
        return text
    if isinstance(wanted, bool):
        return {"true": True, "false": False}.get(text.lower())
    return _number(text)


# What numbers look like that are compared (filter-sql.ts).
_NUMBER = "[+-]?[0-9]{1,38}([.][0-9]{1,38})?([eE][+-]?[0-9]{1,3})?"


def _number(text):
    return float(text) if re.fullmatch(_NUMBER, text) else None


def joined(rows, others, join, names):
    """Rows with the columns `names` of those of `others` that have equal values beside them, as SQL joins them: None equals nothing."""
    here, there = zip(*join["on"])
    found = collections.defaultdict(list)
    for other in others:
        found[tuple(other[name] for name in there)].append(other)
    nothing = [dict.fromkeys(names)] if join["kind"] == "left" else []
    for row in rows:
        key = tuple(row[name] for name in here)
        for other in nothing if None in key or key not in found else found[key]:
            yield {**row, **other}


def failing(check, rows):
    """How many rows do not pass. Only `not-null` looks at NULL."""
    if check["rule"] == "not-null":
        return sum(value is None for (value,) in rows)
    known = [row for row in rows if None not in row]
    if check["rule"] == "unique":
        return sum(count for count in collections.Counter(map(tuple, known)).values() if count > 1)
    texts = [text_of(value) for (value,) in known]
    if check["rule"] == "in":
        return sum(text not in check["values"] for text in texts)
    if check["rule"] == "matches":
        return sum(re.fullmatch(check["pattern"], text) is None for text in texts)
    numbers = [_number(text) for text in texts]
    least, most = float(check.get("min", "-inf")), float(check.get("max", "inf"))
    return sum(number is None or not least <= number <= most for number in numbers)


def anonymous(rows, rule, place):
    """Rows that are left once classes are large enough, and how many of them had how many cells emptied (`blank`).

    Rows of classes that fail make new ones once their cells are emptied, without those that had no value there before: dataset-sql.ts says the same. `place`:
    of a column, in a row.
    """
    large, small = in_large_classes(rows, rule, place)
    blank = [place(name) for name in rule.get("blank") or ()]
    if not blank:
        return large, 0, 0
    emptied = [(row, [None if at in blank else value for at, value in enumerate(row)]) for row in small]
    left, _ = in_large_classes([row for _, row in emptied], rule, place)
    is_left = {id(row) for row in left}
    cells = [sum(before[at] is not None for at in blank) for before, row in emptied if id(row) in is_left]
    return large + left, sum(count > 0 for count in cells), sum(cells)


def in_large_classes(rows, rule, place):
    """Rows in whose class there are enough people (`of`: the pseudonyms that stand for one) or rows, and enough different values of a sensitive column.

    And the others. Judged within some of a dataset's rows, that holds for all of it: with others beside them, classes only grow. `place`: of a column, in a row.
    """
    large, small = [], []
    for members in _classes(rows, rule, place):
        size, values = _figures(members, rule, place)
        is_large = size >= rule["k"] and (values is None or values >= rule["diversity"]["l"])
        (large if is_large else small).extend(members)
    return large, small


def least_of_classes(rows, rule, place):
    """People, or rows, in the smallest class, and different values in the one with fewest; None where no row is."""
    figures = [_figures(members, rule, place) for members in _classes(rows, rule, place)]
    least = {"smallestClass": min((size for size, _ in figures), default=None)}
    if rule.get("diversity"):
        least["leastDiversity"] = min((values for _, values in figures), default=None)
    return least


def _classes(rows, rule, place):
    over = [place(name) for name in rule["over"]]
    classes = collections.defaultdict(list)
    for row in rows:
        classes[tuple(row[at] for at in over)].append(row)
    return classes.values()


def _figures(members, rule, place):
    """People, or rows, and different values of the sensitive column that they have; None where there is no such column."""
    of = [place(name) for name in rule.get("of") or ()]
    counted = [row for row in members if None not in [row[at] for at in of]]
    size = len({tuple(row[at] for at in of) for row in counted}) if of else len(members)
    diversity = rule.get("diversity")
    return size, len({row[place(diversity["of"])] for row in counted} - {None}) if diversity else None
