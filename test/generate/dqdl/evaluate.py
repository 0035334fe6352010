"""Counts by each of the engines how many rows of some tables break each check, and says whether the rules of DQDL hold, whose SQL Spark runs as it stands."""

import contextlib
import io
import json
import operator
import re
import sys

from pyspark.sql import SparkSession

from lakelift_job import Job
from lakelift_rules import failing

spark = SparkSession.builder.getOrCreate()
# Each of many small queries would be compiled first.
spark.conf.set("spark.sql.codegen.wholeStage", "false")
spark.conf.set("spark.sql.adaptive.enabled", "false")
OPERATORS = {"=": operator.eq, ">=": operator.ge, "<=": operator.le}


class Checking(Job):
    def __init__(self):
        self._dataset = "checked"
        self._figures = {}


def by_job(rows, line):
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(line, {"job": Checking(), "rows": rows})
    found = re.search(r"\(([0-9]+)\)$", said.getvalue().strip())
    return int(found.group(1)) if found else 0


def by_function(rows, check):
    if check["rule"] == "row-count":
        return None
    return failing(check, [[row[name] for name in check.get("columns") or [check["column"]]] for row in rows])


def by_rules(rules, count):
    """Of each rule of `primary`, whether it holds: all statements in one query, since each takes its time to begin."""
    statements = [statement for kind, statement, _ in rules if kind == "CustomSql"]
    found = iter(spark.sql("select " + ", ".join(f"({statement})" for statement in statements)).first())
    return [_holds(condition, count if kind == "RowCount" else next(found)) for kind, _, condition in rules]


def _holds(condition, found):
    sign, number = re.fullmatch("(>=|<=|=) ?([0-9]+)", condition).groups()
    return OPERATORS[sign](found, int(number))


with open(sys.argv[1], encoding="utf-8") as file:
    given = json.load(file)
answers = {}
for name, path in given["tables"].items():
    rows = spark.read.parquet(path)
    values = rows.collect()
    rows.createOrReplaceTempView("primary")
    answers[name] = {
        "job": [by_job(rows, line) for line in given["lines"]],
        "function": [by_function(values, check) for check in given["checks"]],
        "rules": by_rules(given["rules"], len(values)),
    }
print("answers " + json.dumps(answers))
