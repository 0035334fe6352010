"""What generated Glue jobs are put together from: plain DataFrames of Spark, no Glue library.

A job gives the rows that `lakelift zones build` gives of the same declarations (dataset-sql.ts, filter-sql.ts, check-sql.ts); tests hold the two together.
Nothing that is printed or raised holds a value. Spark 3.5 or newer, Python 3.9 or newer; boto3 is imported when a key is read from Secrets Manager.

Arguments, in Glue as in `spark-submit <dataset>.py --target ...`; none of them is a secret:
  --target              folder of the table, in place of the one that was generated
  --sources             name=folder,name=folder: folders of Parquet to read in place of tables of the catalog, of DSN files in place of those generated
  --quarantine          folder for what is wrong in DSN files, in place of the one that was generated
  --key-secret          name or ARN of the secret with the key of pseudonyms, and --key-secret-version
  --key-file            file with that key, outside of Glue
  --earlier-keys        where the keys that it goes on from stand: [{"version": 1, "secret": "...", "secretVersion": "..."}], or "file"
  --rebase              CORRECTED: days before 1582 as they stand, as Hive 3.1 writes and Athena and Trino read them; LEGACY for files that count them by the calendar
                        of that time, as Hive 4 (unless told otherwise) and Hive before 3.1 do
  --register            no: leave the catalog alone
  --run                 name of the execution, for the figures
"""

import argparse
import decimal
import json
import re

from pyspark.sql import SparkSession
from pyspark.sql import functions as F
from pyspark.sql import types as T

from lakelift_leaks import ColumnSearch, leaks_text
from lakelift_treatments import is_unreadable, pseudonyms_of, reader, text_of, treatment

# What numbers look like that are compared, and those that are summed up (filter-sql.ts).
_NUMBER = r"\A[+-]?[0-9]{1,38}([.][0-9]{1,38})?([eE][+-]?[0-9]{1,3})?\z"
_SUMMED = r"\A[+-]?[0-9]{1,18}([.][0-9]{1,18})?([eE][+-]?[0-9]{1,2})?\z"
_WHOLE = (T.ByteType, T.ShortType, T.IntegerType, T.LongType)
_NESTED = (T.ArrayType, T.MapType, T.StructType)
_DAYS = (T.DateType, T.TimestampType, T.TimestampNTZType)
# Of decimals, above which Java may write an exponent.
_PLAIN_SCALE = 6
_MOST_PARTITIONS = 1000
# Some hundred megabytes before they are compressed, however wide rows are.
_ROWS_OF_A_TASK = 500_000
# Of a row: that its class is large enough as it is, and how many of its cells were emptied.
_IS_LARGE, _CELLS = "_is_in_large_class", "_emptied_cells"
# What its table says that it holds (register-dataset.ts), and how the names of all that lakelift says there begin (catalog-diff.ts).
_SOURCE = "lakelift.source"
_OWN = "lakelift."
# What it took to make the dataset, for the record of the execution (dataset-states.ts): counts, as JSON.
_FIGURES = "lakelift.figures"
# How many lines of each file are no rows, in formats of which Spark heeds that not; and what keeps files whole.
_HEADER, _FOOTER = "skip.header.line.count", "skip.footer.line.count"
_WITH_LINES = (".TextInputFormat", ".SequenceFileInputFormat")
_LEAST_SPLIT = "mapreduce.input.fileinputformat.split.minsize"
_DAYS_IN_READ, _INT96_IN_READ = "spark.sql.parquet.datetimeRebaseModeInRead", "spark.sql.parquet.int96RebaseModeInRead"
# Chosen, not left to what a cluster has: the same rows everywhere, and days before 1582 as they are.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",
    _DAYS_IN_READ: "CORRECTED",
    _INT96_IN_READ: "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.writeLegacyFormat": "false",
}


class Refused(Exception):
    """The dataset was not made, and why. To try again changes nothing."""


class Job:
    """One dataset. `pseudonyms`: the version of its key, and those that it goes on from; None where no column needs one.

    `beside`: where its functions write, what of (the name of a source), and what they name objects by: `pseudonyms`, and the bytes that stand at `namesKey`.
    """

    def __init__(self, dataset, target, pseudonyms=None, properties=None, beside=None):
        self._dataset = dataset
        self._given = _arguments()
        self._target = target
        self._properties = properties or {}
        self._figures = {"dataset": dataset, **({"run": self._given.run} if self._given.run else {})}
        self._pseudonyms = None
        if pseudonyms is not None:
            self._pseudonyms = self._keyed(pseudonyms)
        self.spark = SparkSession.builder.appName(f"lakelift {dataset}").getOrCreate()
        _set(self.spark, _SETTINGS)
        # What another job of this process kept of the same table may have been read by another calendar, or before it changed.
        self.spark.catalog.clearCache()
        self._readers = {}
        self._beside, self._origin = None, None
        # Elsewhere, or in no catalog, it takes the place of nothing.
        if beside is not None and self._given.target is None and self._given.register == "yes":
            self._beside, self._origin = self._standing_beside(beside), beside["source"]

    def _standing_beside(self, beside):
        from lakelift_beside import Beside

        found = Beside(self.spark, beside["folder"])
        if found.is_empty():
            return None
        has_bytes = found.name_by_key_at(beside["namesKey"])
        scheme = beside.get("pseudonyms")
        if scheme is None and not has_bytes:
            print(f"{self._dataset}: the key of names could not be read: what functions have written by it of the same objects stays beside")
        if scheme is not None:
            try:
                pseudonyms = self._pseudonyms or self._keyed(scheme)
                found.name_by(lambda place: pseudonyms.first("text", place))
            except Exception as error:
                # None of its columns needs it.
                print(f"{self._dataset}: without a key ({type(error).__name__}), what functions have written of the same objects stays beside")
        return found

    def _keyed(self, declared):
        given = self._given
        if given.key_file is None and given.key_secret is None:
            raise Refused(f"{self._dataset} has pseudonyms: give --key-secret or --key-file")
        place = {"file": given.key_file, "secret": given.key_secret, "secretVersion": given.key_secret_version}
        try:
            return pseudonyms_of(declared, [{"version": declared["version"], **place}, *given.earlier_keys])
        except ValueError as error:
            raise Refused(f"{self._dataset}: {error}") from None

    def table(self, name, table, known, rebase="CORRECTED", int96="CORRECTED"):
        """Rows of a table. Raises Refused for columns that nobody has classed.

        `rebase`, `int96`: how days before 1582 are read, and instants of twelve bytes, of Parquet that does not say its calendar; unless an argument says otherwise.
        """
        folder = self._given.sources.get(name)
        given = self._given.rebase
        spark = self._reader(given or rebase, given or int96)
        rows = _unpadded(spark, table, self._header_lines(table)) if folder is None else spark.read.parquet(folder)
        unclassed = [column for column in rows.columns if column not in known]
        if unclassed:
            raise Refused(f"{self._dataset}: nobody has classed {', '.join(unclassed)} of {name}")
        if self._beside is not None and name == self._origin:
            # Before the rows are: whatever comes until then is read, and stays beside.
            paths = rows.select(F.input_file_name().alias("path")).distinct()
            self._beside.saw(row.path for row in paths.toLocalIterator())
        return rows

    def _header_lines(self, table):
        metadata = _metadata(self.spark, table)
        count, kind = metadata.properties().get(_HEADER), metadata.storage().inputFormat()
        if kind.isEmpty() or not kind.get().endswith(_WITH_LINES):
            return 0
        footer = metadata.properties().get(_FOOTER)
        if footer.isDefined() and int(footer.get()) > 0:
            raise Refused(f"{self._dataset}: {table} is text with footer lines (skip.footer.line.count), which Spark would make rows of: write it anew without them")
        if count.isEmpty():
            return 0
        if int(count.get()) > 1:
            # The second may stand in another piece of the file than the first. Hive cuts up no such file either.
            self.spark._jsc.hadoopConfiguration().set(_LEAST_SPLIT, str(2**62))
        return int(count.get())

    def _reader(self, rebase, int96):
        """A session for tables whose days are read alike: a scan follows the session that it comes from, whichever joins it, so that each table keeps its calendar."""
        modes = (rebase, int96)
        if modes not in self._readers:
            self._readers[modes] = self.spark.newSession()
            _set(self._readers[modes], {**_SETTINGS, _DAYS_IN_READ: rebase, _INT96_IN_READ: int96})
        return self._readers[modes]

    def dsn(self, name, folder, block, quarantine):
        """Rows of a block of the DSN files below a folder. What is in no row is set aside, where raw's rights apply. A file must fit into a worker's memory.

        Raises Refused where no file is shown, and for files that cannot be unpacked, whose names stand with what is set aside: names may tell of people.
        """
        from lakelift_dsn import columns_of, is_shown
        from lakelift_dsn_norm import BLOCKS

        given = self._given.sources.get(name.split(".")[0], folder)
        files = self.spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(given)
        name_of = _name_below(given)
        if self._beside is not None and name == self._origin:
            self._beside.saw(row.path for row in files.select("path").toLocalIterator() if is_shown(name_of(row.path)))
        if files.select("path").rdd.filter(lambda file: is_shown(name_of(file.path))).isEmpty():
            raise Refused(f"{self._dataset}: no DSN file for {name}")
        fields = [T.StructField(column, _DSN_TYPES[kind]) for column, kind in columns_of(block, BLOCKS)]
        schema = T.StructType([*fields, T.StructField("_fault", T.StringType())])
        parsed = files.select("path", "content").rdd.flatMap(_dsn_rows(given, block, BLOCKS))
        # Parsed once, whatever is asked of it.
        found = self.spark.createDataFrame(parsed, schema, verifySchema=False).persist()
        faults = found.where("_fault is not null").select("_fault")
        count = faults.count()
        aside = self._given.quarantine or quarantine
        faults.coalesce(1).write.mode("overwrite").text(f"{aside.rstrip('/')}/{name}")
        # A line that is too long is one, in however many pieces. Each source has them all that its files have.
        offset = F.get_json_object("_fault", "$.offset")
        lines = faults.where(offset.isNull() | (offset == "0")).count()
        self._figures.setdefault("inQuarantine", {})[name] = lines
        if count > 0:
            print(f"{self._dataset}: {count} pieces of the DSN files of {name} are in quarantine")
        packed = faults.where(F.get_json_object("_fault", "$.kind") == _PACKED).count()
        if packed > 0:
            raise Refused(f"{self._dataset}: {packed} of the DSN files of {name} cannot be unpacked: they are named in quarantine")
        return found.where("_fault is null").drop("_fault")

    def treat(self, rows, column, form, reading=None):
        """A column as its treatment leaves it: `pseudonymise:nir`, `year-band:5`, `keep`. `reading`: what its texts are read as first."""
        if form == "keep" and reading is None:
            return F.col(column)
        self._refuse_nested(rows, column)
        function = treatment(form, self._pseudonyms)
        if reading is not None:
            function = _after(reader(reading), function)
            if form == "keep":
                # By its text: Spark would take a time of Python's for one of the machine's zone.
                texts = F.udf(_after(function, text_of), T.StringType())(_read_by_python(rows, column))
                return texts.cast(reading["type"])
        return F.udf(function, T.IntegerType() if form == "year" else T.StringType())(_read_by_python(rows, column))

    def unreadable(self, rows, column, reading, form, severity):
        """Counts texts that are none of the type that their column is read as. Raises Refused unless it is only to be warned of: then their cells are empty."""
        self._refuse_nested(rows, column)
        says_nothing = F.udf(is_unreadable(reading), T.BooleanType())(_read_by_python(rows, column))
        self._judge(severity, f"{column} of type {form}", rows.where(says_nothing).count())

    def _refuse_nested(self, rows, column):
        """A treatment is of one value: what a list, map or struct would be as text, each engine says in its own way (refuse-nested.ts)."""
        if isinstance(rows.schema[column].dataType, _NESTED):
            raise Refused(f"{self._dataset} treats lists, maps or structs, which are kept or dropped: {column}")

    def kept(self, rows):
        """The rows as they are now, whatever is asked of them: each action would read anew, and an object that came in between would be written unlooked at."""
        return rows.persist()

    def count(self, rows):
        """Rows that the dataset is made of, before any are left out or summed up."""
        self._figures["sourceRows"] = rows.count()
        return self._figures["sourceRows"]

    def anonymous(self, rows, over, k, on_failure, of=None, diversity=None, blank=()):
        """Rows whose class has enough people (`of`: the pseudonyms that stand for one) or rows, and enough different values of a sensitive column.

        Cells of `blank` are emptied in classes that do not, whose rows make new ones, of their own. Raises Refused where no row may be lost.
        """
        named, before = over, self.count(rows)
        self._figures.update(k=k, **({} if diversity is None else {"l": diversity[1]}))
        large = _large_classes(rows, over, k, of, diversity)
        if blank:
            judged = rows.join(large.withColumn(_IS_LARGE, F.lit(True)), _is_of_class(over), "left")
            rows, over = _blanked(judged, rows.columns, blank), [*over, _IS_LARGE]
            large = _large_classes(rows, over, k, of, diversity)
        kept = rows.join(large, _is_of_class(over), "left_semi")
        gone = before - kept.count()
        self._figures.update(suppressedRows=gone)
        if gone > 0 and on_failure == "refuse":
            raise Refused(f"{self._dataset}: {gone} of {before} rows stand in classes of too few")
        self._figures.update(_least_of_classes(kept, named, of, diversity))
        if not blank:
            return kept
        cells = F.col(_CELLS)
        emptied = kept.agg(F.count(F.when(cells > 0, cells)), F.coalesce(F.sum(cells), F.lit(0))).first()
        self._figures.update(blankedRows=emptied[0], blankedCells=emptied[1])
        return kept.drop(_IS_LARGE, _CELLS)

    def check(self, rows, severity, rule, columns=(), **given):
        """Counts the rows that break a rule. Raises Refused unless it is only to be warned of."""
        self._judge(severity, f"{rule} {', '.join(columns)}".strip(), _failing(rows, rule, columns, given))

    def _judge(self, severity, said, failing):
        if failing == 0:
            return
        text = f"{self._dataset}: check not passed: {said} ({failing})"
        if severity == "refuse":
            raise Refused(text)
        print(text)
        # Two sources may have a column of one name.
        warnings = self._figures.setdefault("warnings", {})
        warnings[said] = warnings.get(said, 0) + failing

    def refuse_leaks(self, rows, columns):
        """Raises Refused for a number or address of a person or company in clear: each different value is looked at. `columns`: with what each is searched for."""
        found = {}
        for column, scrutiny in columns.items():
            search = ColumnSearch(scrutiny)
            for row in _different_texts(rows, column).toLocalIterator():
                search.look(row.text)
            found[column] = search.found()
        leaks = leaks_text(found)
        if leaks:
            raise Refused(f"{self._dataset} {leaks}")

    def write(self, rows, partitions=()):
        """Registers the table, then replaces its files: a folder is this dataset's when its table is, as `zones build` sees it too."""
        if partitions:
            self._refuse_partitions(rows, partitions)
        target = self._given.target or self._target["folder"]
        if self._given.register == "yes":
            self._refuse_foreign(target)
            self._register(rows, target, partitions)
        written = self._packed(rows).select(*[_written(field) for field in rows.schema.fields])
        written.write.mode("overwrite").option("compression", "zstd").partitionBy(*partitions).parquet(target)
        self._count(rows.schema, target)
        try:
            self._remove_beside()
        finally:
            figures = json.dumps(self._figures)
            if self._given.register == "yes":
                self._properties = {**self._properties, _FIGURES: figures}
                self._describe(partitions)
            print(figures)

    def _packed(self, rows):
        """Rows in no more tasks than they are worth: Spark has one for each file of a table of Hive, and each task writes files of its own."""
        return rows.coalesce(1 + self._figures["sourceRows"] // _ROWS_OF_A_TASK)

    def _remove_beside(self):
        if self._beside is not None:
            removed, left = self._beside.remove()
            self._figures["smallFiles"] = {"removed": removed, "left": left}

    def _count(self, schema, target):
        """By the footers of the files that stand now. They are the table whatever happens here: where they cannot be counted, figures have no `rows`."""
        try:
            self._figures["rows"] = self.spark.read.schema(schema).parquet(target).count()
        except Exception as error:
            print(f"{self._dataset}: its rows could not be counted: {type(error).__name__}")

    def _refuse_foreign(self, target):
        database, table = self._target["database"], self._target["table"]
        if self.spark.catalog.tableExists(f"`{database}`.`{table}`"):
            if self._said(_SOURCE) != self._properties[_SOURCE]:
                raise Refused(f"{self._dataset}: the table {database}.{table} is not of this dataset")
            described = self.spark.sql(f"DESCRIBE FORMATTED {self._name()}").collect()
            location = next(row.data_type for row in described if row.col_name == "Location")
            if _folder(location) != _folder(target):
                raise Refused(f"{self._dataset}: the table {database}.{table} lies elsewhere")
        elif not self._is_empty(target):
            raise Refused(f"{self._dataset}: what stands in its folder is not of this dataset: no table of it is registered there")

    def _said(self, name):
        """A property of the table. SHOW TBLPROPERTIES hides each that has `secret`, `token` or `url` in its value, as names of datasets may."""
        properties = _metadata(self.spark, self._name()).properties()
        return properties.apply(name) if properties.contains(name) else None

    def _is_empty(self, folder):
        path = self.spark._jvm.org.apache.hadoop.fs.Path(folder)
        files = path.getFileSystem(self.spark._jsc.hadoopConfiguration())
        return not files.exists(path) or len(files.listStatus(path)) == 0

    def _name(self):
        return f"`{self._target['database']}`.`{self._target['table']}`"

    def _refuse_partitions(self, rows, partitions):
        values = rows.select(*[F.col(name).cast("string").alias(name) for name in partitions]).distinct()
        found = values.limit(_MOST_PARTITIONS + 1).collect()
        if len(found) > _MOST_PARTITIONS or any("" in row for row in found):
            raise Refused(f"{self._dataset} cannot have partitions by {', '.join(partitions)}")

    def _register(self, rows, target, partitions):
        types = {field.name: field.dataType.simpleString() for field in rows.schema.fields}
        columns = ", ".join(f"`{name}` {kind}" for name, kind in types.items() if name not in partitions)
        keys = ", ".join(f"`{name}` {types[name]}" for name in partitions)
        self.spark.sql(
            f"CREATE EXTERNAL TABLE IF NOT EXISTS {self._name()} ({columns})"
            + (f" PARTITIONED BY ({keys})" if keys else "")
            + f" STORED AS PARQUET LOCATION '{target}' TBLPROPERTIES ({self._texts()})"
        )
        standing = {field.name: field.dataType.simpleString() for field in self.spark.table(self._name()).schema.fields}
        if standing != types:
            raise Refused(f"{self._dataset}: its table has other columns; take it out of the catalog first, its files stay")

    def _describe(self, partitions):
        """What changes from build to build: which pseudonyms it has, how large classes are, figures, and its partitions. What lakelift said of it goes unless it is so still."""
        self.spark.sql(f"ALTER TABLE {self._name()} SET TBLPROPERTIES ({self._texts()})")
        said = [row.key for row in self.spark.sql(f"SHOW TBLPROPERTIES {self._name()}").collect()]
        gone = [name for name in said if name.startswith(_OWN) and name not in self._properties]
        if gone:
            names = ", ".join(f"'{name}'" for name in gone)
            self.spark.sql(f"ALTER TABLE {self._name()} UNSET TBLPROPERTIES IF EXISTS ({names})")
        if partitions:
            self.spark.sql(f"MSCK REPAIR TABLE {self._name()}")

    def _texts(self):
        return ", ".join(f"{_literal(key)} = {_literal(value)}" for key, value in self._properties.items())


def _literal(text):
    """As Spark's SQL reads it again: figures are JSON, and have names of columns."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _after(first, then):
    return lambda value: then(first(value))


def _written(field):
    """A column as `zones build` writes it: it sorts rows, and to sort numbers DuckDB takes -0.0 for 0.0."""
    value = F.col(field.name)
    if not isinstance(field.dataType, (T.FloatType, T.DoubleType)):
        return value
    return F.when(value == 0, F.lit(0.0)).otherwise(value).cast(field.dataType).alias(field.name)


def _metadata(spark, table):
    state = spark._jsparkSession.sessionState()
    return state.catalog().getTableMetadata(state.sqlParser().parseTableIdentifier(table))


def _unpadded(spark, table, header_lines):
    """Rows of a table; Spark makes rows of header lines, and fills up what a column of type char holds."""
    rows = spark.table(table)
    if header_lines > 0:
        # A task reads one piece of a file, line by line, and the id counts its rows in the lower bits.
        at = F.monotonically_increasing_id().bitwiseAND(F.lit(2**33 - 1))
        placed = rows.withColumns({"_start": F.input_file_block_start(), "_at": at})
        rows = placed.where((F.col("_start") > 0) | (F.col("_at") >= header_lines)).drop("_start", "_at")
    for column in spark.sql(f"DESCRIBE {table}").where("data_type like 'char(%'").collect():
        rows = rows.withColumn(column.col_name, F.rtrim(column.col_name))
    return rows


def _set(session, settings):
    for name, value in settings.items():
        session.conf.set(name, value)


_DSN_TYPES = {
    "string": T.StringType(),
    "date": T.DateType(),
    "decimal": T.DecimalType(20, 3),
    "integer": T.LongType(),
}
# Of a file as a whole, among what is wrong in DSN files.
_PACKED = "packed"


def _dsn_rows(folder, block, norm):
    from lakelift_dsn import Packed, is_shown, rows_of

    name_of = _name_below(folder)
    nothing = [None] * (len(norm[block]["rubrics"]) + 5)

    def rows(file):
        name = name_of(file.path)
        if not is_shown(name):
            return
        try:
            for row, fault in rows_of(bytes(file.content), name, block, norm):
                yield (*row, None) if fault is None else (*nothing, json.dumps(fault, ensure_ascii=False))
        except Packed as reason:
            # What is raised here ends, with its text, in logs that all jobs of an account share.
            yield (*nothing, json.dumps({"file": name, "kind": _PACKED, "text": str(reason)}, ensure_ascii=False))

    return rows


def _name_below(folder):
    root = _plain(folder).rstrip("/") + "/"
    return lambda path: _plain(path)[len(root) :]


def _plain(path):
    """Hadoop writes file:/a for file:///a."""
    return re.sub(r"^([a-z0-9]+):/+", r"\1:/", path)


def _large_classes(rows, over, k, of, diversity):
    """Values of `over`, as `_class_0` and so on, that enough rows or people share."""
    condition = F.col("_size") >= k
    if diversity is not None:
        condition = condition & (F.col("_values") >= diversity[1])
    classes = [F.col(name).alias(f"_class_{at}") for at, name in enumerate(over)]
    # Not a window: it has no distinct counts, and a set of people beside each row of its class is people times rows. Counted once, whatever is asked of it.
    large = rows.groupBy(*classes).agg(*_figures_of_classes(of, diversity)).where(condition)
    return large.select(*[f"_class_{at}" for at in range(len(over))]).persist()


def _figures_of_classes(of, diversity):
    """Rows of a class, or people, and different values of a sensitive column that they have."""
    figures = [(F.count(F.lit(1)) if of is None else F.countDistinct(*of)).alias("_size")]
    if diversity is not None:
        value = F.col(diversity[0])
        figures.append(F.countDistinct(value if of is None else _of_somebody(of, value)).alias("_values"))
    return figures


def _least_of_classes(rows, over, of, diversity):
    """Of the smallest class that is left, and of the one with fewest values; None where no row is."""
    least = [F.min("_size")] if diversity is None else [F.min("_size"), F.min("_values")]
    found = rows.groupBy(*over).agg(*_figures_of_classes(of, diversity)).agg(*least).first()
    return dict(zip(("smallestClass", "leastDiversity"), found))


def _is_of_class(over):
    is_same = F.lit(True)
    for at, name in enumerate(over):
        is_same = is_same & F.col(name).eqNullSafe(F.col(f"_class_{at}"))
    return is_same


def _blanked(judged, columns, blank):
    """With the cells of `blank` emptied where rows stand in classes that fail, and beside them whether they do and how many cells were."""
    is_large = F.col(_IS_LARGE).isNotNull()
    values = [F.when(is_large, F.col(name)).alias(name) if name in blank else F.col(name) for name in columns]
    cells = F.lit(0)
    for name in blank:
        cells = cells + F.when(~is_large & F.col(name).isNotNull(), 1).otherwise(0)
    return judged.select(*values, F.col(_IS_LARGE), cells.alias(_CELLS))


def _of_somebody(of, value):
    """NULL, which is not counted, of rows that lack one of the pseudonyms that stand for a person."""
    known = F.lit(True)
    for name in of:
        known = known & F.col(name).isNotNull()
    return F.when(known, value)


def fulfils(rows, column, operator, values=()):
    """The condition of a filter: a number is compared with the column as a number, a text with its text; NULL fulfils nothing but `null`."""
    if operator in ("null", "not-null"):
        return F.col(column).isNull() if operator == "null" else F.col(column).isNotNull()
    conditions = [_compares(rows, column, "=" if operator == "in" else operator, value) for value in values]
    found = conditions[0]
    for condition in conditions[1:]:
        found = found | condition
    return found


def _compares(rows, column, operator, value):
    text = _text(rows, column)
    if isinstance(value, bool):
        lower = F.lower(text)
        left, right = F.when(lower == "true", F.lit(True)).when(lower == "false", F.lit(False)), F.lit(value)
    elif isinstance(value, str):
        left, right = text, F.lit(value)
    else:
        left, right = _number(rows, column), F.lit(float(value))
    return {
        "=": left == right,
        "!=": left != right,
        "<": left < right,
        "<=": left <= right,
        ">": left > right,
        ">=": left >= right,
    }[operator]


def _number(rows, column):
    # Java writes 1.0E20 for 1e+20: the same number.
    is_double = isinstance(rows.schema[column].dataType, T.DoubleType)
    text = F.col(column).cast("string") if is_double else _text(rows, column)
    return F.when(text.rlike(_NUMBER), text).cast("double")


def _text(rows, column):
    """A value as DuckDB writes it, where Spark writes it otherwise: days of no year of four digits, and numbers that are no whole ones."""
    kind = rows.schema[column].dataType
    value = F.col(column)
    if isinstance(kind, _DAYS):
        text, year = value.cast("string"), F.year(column)
        day, time = (F.regexp_extract(text, "(-[0-9]{2}-[0-9]{2})(.*)$", group) for group in (1, 2))
        before = F.concat(F.lpad((1 - year).cast("string"), 4, "0"), day, F.lit(" (BC)"), time)
        return F.when(year < 1, before).when(year > 9999, F.concat(year.cast("string"), day, time)).otherwise(text)
    if isinstance(kind, T.DecimalType) and kind.scale > _PLAIN_SCALE:
        return F.udf(_digits, T.StringType())(value.cast("string"))
    if isinstance(kind, (T.FloatType, T.DoubleType, T.BinaryType)):
        return F.udf(text_of, T.StringType())(_read_by_python(rows, column))
    return value.cast("string")


def _different_texts(rows, column):
    """As `text`; each once where Spark knows equal values, which it does not of maps."""
    is_nested = isinstance(rows.schema[column].dataType, _NESTED)
    # Not the text of each row: that of a floating number is made by Python.
    values = rows.select(column) if is_nested else rows.select(column).distinct()
    texts = values.select(_text(values, column).alias("text")).where("text is not null")
    return texts.distinct() if is_nested else texts


def _digits(text):
    return None if text is None else format(decimal.Decimal(text), "f")


def _read_by_python(rows, column):
    """A value that Python sees as it is.

    It would see timestamps in the time zone of the machine, knows no day before the year 1 and no float of four bytes, and gets 10E-9 for a decimal of 1E-8.
    """
    kind = rows.schema[column].dataType
    if isinstance(kind, (*_DAYS, T.DecimalType)):
        return _text(rows, column)
    return F.col(column).cast("string").cast("double") if isinstance(kind, T.FloatType) else F.col(column)


def total(rows, column):
    """An exact sum: whole numbers as bigint, others as decimals, so that no order of rows shows in it. Fails for one that is no bigint any more."""
    kind = rows.schema[column].dataType
    if isinstance(kind, _WHOLE):
        exact = F.sum(F.col(column).cast(T.DecimalType(38, 0)))
        is_bigint = exact.isNull() | exact.between(-(2**63), 2**63 - 1)
        return F.when(is_bigint, exact.cast("bigint")).otherwise(F.raise_error(F.lit(f"the sum of {column} is too large")))
    if not isinstance(kind, (T.FloatType, T.DoubleType, T.StringType)):
        return _sum_of(F.col(column), kind.scale if isinstance(kind, T.DecimalType) else 9)
    text = F.col(column).cast("string")
    return _sum_of(F.when(text.rlike(_SUMMED), text), 9)


def _sum_of(values, scale):
    kind = T.DecimalType(38, scale)
    return F.sum(values.cast(kind)).cast(kind)


def mean(rows, column):
    """The exact sum divided once, as a double of six decimals; beyond 10^12 it has no more of them."""
    average = total(rows, column).cast("double") / F.count(column)
    rounded = F.floor(average * F.lit(1000000.0) + F.lit(0.5)) / F.lit(1000000.0)
    return F.when(F.abs(average) < 1e12, rounded).otherwise(average)


def _failing(rows, rule, columns, given):
    if rule == "row-count":
        count = rows.count()
        return max(given.get("min", 0) - count, count - given.get("max", count), 0)
    if rule == "unique":
        known = rows.dropna(subset=list(columns))
        groups = known.groupBy(*columns).count().where("count > 1")
        return groups.agg(F.coalesce(F.sum("count"), F.lit(0))).first()[0]
    (column,) = columns
    if rule == "not-null":
        return rows.where(F.col(column).isNull()).count()
    text = _text(rows, column)
    if rule == "in":
        passes = text.isin(list(given["values"]))
    elif rule == "matches":
        passes = text.rlike(rf"\A(?:{given['pattern']})\z")
    else:
        number = _number(rows, column)
        passes = number.isNotNull()
        passes = passes & (number >= float(given["min"])) if "min" in given else passes
        passes = passes & (number <= float(given["max"])) if "max" in given else passes
    return rows.where(F.col(column).isNotNull() & ~F.coalesce(passes, F.lit(False))).count()


def _arguments():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--target")
    parser.add_argument("--sources", type=_folders, default={})
    parser.add_argument("--quarantine")
    parser.add_argument("--key-secret")
    parser.add_argument("--key-secret-version")
    parser.add_argument("--key-file")
    parser.add_argument("--earlier-keys", type=json.loads, default=[])
    parser.add_argument("--rebase", choices=("CORRECTED", "LEGACY"))
    parser.add_argument("--register", choices=("yes", "no"), default="yes")
    parser.add_argument("--run")
    # Glue adds arguments of its own.
    return parser.parse_known_args()[0]


def _folder(location):
    """Hadoop's clients write the scheme of S3 in several ways."""
    return location.replace("s3a://", "s3://").replace("file:///", "file:/").rstrip("/")


def _folders(text):
    return dict(pair.split("=", 1) for pair in text.split(",") if pair)
