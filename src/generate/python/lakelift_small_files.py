"""A Lambda function that brings small objects of raw into a dataset of cleaned, each by itself: text of a table, or DSN files.

An object gives the rows that `lakelift zones build` gives of it, as lines of JSON (gzip), and lines that cannot be read go to the quarantine in the bucket of
raw with their numbers. Both are named after the object, so that the same event again, or a newer version of the object, replaces what stood there.
Whatever anonymity or a check cannot be judged by the whole dataset is judged within the object, which asks for more, never for less. Nothing that is
logged, raised or returned holds a value, or the name of an object.

Python 3.9 or newer, standard library only; boto3 comes with the runtime.
"""

import decimal
import gzip
import hashlib
import hmac
import io
import json
import os
import random
import secrets
import time
import zlib

from lakelift_leaks import ColumnSearch, leaks_text
from lakelift_rules import Refused, anonymous, failing, fulfils, joined, least_of_classes
from lakelift_treatments import is_unreadable, pseudonyms_of, reader, text_of, treatment

# Of an object, unpacked: more belongs to the Glue job.
LARGEST_BYTES = 64 * 1024 * 1024
TABLE_ATTEMPTS = 6
NAMES_ATTEMPTS = 6
# Of an object that is written while it is taken.
VERSIONS = 5
KEY_SECRET = "LAKELIFT_KEY_SECRET"
KEY_SECRET_VERSION = "LAKELIFT_KEY_SECRET_VERSION"
# Keys that it goes on from: [{"version": 1, "secret": "...", "secretVersion": "..."}].
EARLIER_KEYS = "LAKELIFT_EARLIER_KEYS"
# How the names of all parameters begin by which lakelift says something of a table (catalog-diff.ts).
_OWN = "lakelift."
_PSEUDONYMS = "lakelift.pseudonyms"
_BESIDE = "; "


class SmallFiles:
    """The handler of a dataset; `declaration` is its dataset.json, `files` reads its objects (TableFiles, DsnFiles), `client` gives a boto3 client by its name."""

    def __init__(self, declaration, files, client=None):
        self._declared = declaration
        self._files = files
        self._client = client or _boto3_client
        self._opened = None

    def __call__(self, event, context=None):
        """Takes `{"bucket", "key"}`, or a batch of a distributed map, and returns what became of each object. Raises Refused if one was not taken."""
        outcomes = [self._guarded(bucket, key) for bucket, key in _objects_of(event, self._declared["raw"]["bucket"])]
        print(json.dumps({"dataset": self._declared["dataset"], "objects": outcomes}))
        if any(outcome["status"] == "refused" for outcome in outcomes):
            raise Refused(json.dumps(outcomes))
        return {"objects": outcomes}

    def _guarded(self, bucket, key):
        try:
            self._opened = self._opened or _Opened(self._declared, self._files, self._client)
            return self._opened.take(bucket, key)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            # Their texts and traces may hold a value.
            raise RuntimeError(f"{type(error).__name__} while an object was read") from None


class _Opened:
    """What holds for all objects of a container: key, layout of the objects, treatments."""

    def __init__(self, declared, files, client):
        self._declared = declared
        self._s3 = client("s3")
        self._glue = client("glue")
        pseudonyms = None
        if declared["pseudonyms"] is not None:
            if not os.environ.get(KEY_SECRET):
                raise RuntimeError(f"{KEY_SECRET} names no secret")
            place = {"secret": os.environ[KEY_SECRET], "secretVersion": os.environ.get(KEY_SECRET_VERSION)}
            places = [{"version": declared["pseudonyms"]["version"], **place}, *json.loads(os.environ.get(EARLIER_KEYS) or "[]")]
            try:
                pseudonyms = pseudonyms_of(declared["pseudonyms"], places, client("secretsmanager"))
            except ValueError as error:
                # Says which key is wrong, and nothing of it.
                raise RuntimeError(str(error)) from None
        self._pseudonyms = pseudonyms
        self._names_key = None
        self._files = files(declared, client)
        self._sources = [declared["source"], *(join["source"] for join in declared["joins"])]
        self._columns = [column for source in self._sources for column in source["columns"]]
        self._has_table = False

    def take(self, bucket, key):
        """Of two calls for one object, the one that has read the older version may write last: whoever has written looks whether it was the newest."""
        for _ in range(VERSIONS):
            outcome, version = self._taken(bucket, key)
            if version is None or self._version(bucket, key) in (version, None):
                break
        else:
            raise RuntimeError("an object is written again and again while it is taken")
        if not self._declared["isPseudonymised"]:
            self._remove_guessable(bucket, key)
        return outcome

    def _version(self, bucket, key):
        """None of an object that is gone."""
        try:
            return self._s3.head_object(Bucket=bucket, Key=key)["ETag"]
        except self._s3.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in ("404", "NoSuchKey"):
                raise
            return None

    def _taken(self, bucket, key):
        """What became of an object, and the version that was read, if one was."""
        source, version = self._source_id(bucket, key), None
        try:
            place = self._files.place_of(bucket, key)
            answer = self._s3.get_object(Bucket=bucket, Key=key)
            version = answer["ETag"]
            content = _unpacked(answer, lambda content: self._files.is_gzip(key, content))
            rows, faults, counts = self._files.rows(content, place)
            unreadable = self._unreadable(rows)
            treated = self._treated(rows)
            left, figures = self._anonymous(treated)
            warnings = {**unreadable, **self._checked(left)}
            self._refuse_leaks(left)
        except Refused as reason:
            self._put(self._target(source), [])
            return {"source": source, "status": "refused", "reason": str(reason)}, version
        audit = {"lakelift_source": source, "lakelift_source_time": answer["LastModified"].strftime("%Y-%m-%d %H:%M:%S")}
        # Lines that would be lost come first; nobody learns by the order who stood beside whom.
        self._put(self._quarantine(source), [_line(fault) for fault in faults])
        self._put(self._target(source), sorted(_line({**self._named(row), **audit}) for row in left))
        if left:
            self._ensure_table()
        outcome = {
            "source": source,
            "status": "written",
            "sourceRows": len(rows(self._declared["source"]["name"])),
            "rows": len(left),
            **counts,
            **figures,
            # A line that is too long is one, in however many pieces.
            "inQuarantine": sum(1 for fault in faults if not fault.get("offset")),
            "warnings": warnings,
        }
        return outcome, version

    def _source_id(self, bucket, key):
        """Names of objects may hold values of people: a keyed digest, the same under every key of pseudonyms that goes on from the first."""
        place = _place_of(bucket, key)
        if self._pseudonyms:
            return self._pseudonyms.first("text", place)
        self._names_key = self._names_key or self._key_of_names()
        return hmac.new(self._names_key, place.encode("utf-8"), hashlib.sha256).hexdigest()[:32]

    def _key_of_names(self):
        """Random bytes, where there is no key of pseudonyms: the first function of the dataset has put them into raw, where names are no secret."""
        place = {"Bucket": self._declared["namesKey"]["bucket"], "Key": self._declared["namesKey"]["key"]}
        made = secrets.token_hex(32)
        for attempt in range(NAMES_ATTEMPTS):
            try:
                self._s3.put_object(**place, Body=made.encode("ascii"), IfNoneMatch="*")
                return bytes.fromhex(made)
            except self._s3.exceptions.ClientError as error:
                code = error.response["Error"]["Code"]
                if code == "PreconditionFailed":
                    return bytes.fromhex(self._s3.get_object(**place)["Body"].read().decode("ascii"))
                # Another one is putting its own.
                if code != "ConditionalRequestConflict" or attempt == NAMES_ATTEMPTS - 1:
                    raise
                time.sleep(random.uniform(0, 0.2 * 2**attempt))

    def _remove_guessable(self, bucket, key):
        """Where nothing became a pseudonym, lakelift once named objects by a digest without a key: whoever guesses a name can tell that it is right."""
        former = hashlib.sha256(_place_of(bucket, key).encode("utf-8")).hexdigest()[:32]
        self._put(self._target(former), [])
        self._put(self._quarantine(former), [])

    def _treated(self, rows):
        """Rows that were chosen, treated and joined, in the order of the columns."""
        found = self._chosen(self._declared["source"], rows)
        for join in self._declared["joins"]:
            source = join["source"]
            names = [one["name"] for one in source["columns"] + source["keys"]]
            found = joined(found, self._chosen(source, rows), join, names)
        return [[row[column["name"]] for column in self._columns] for row in found]

    def _chosen(self, source, rows):
        treated = [(one["source"], one["name"], self._treatment(one)) for one in source["columns"] + source["keys"]]
        for row in self._wanted(source, rows):
            yield {name: treat(row[column]) for column, name, treat in treated}

    def _wanted(self, source, rows):
        return (row for row in rows(source["name"]) if all(fulfils(one, row[one["column"]]) for one in source["where"]))

    def _treatment(self, column):
        treat = treatment(column["treat"], self._pseudonyms)
        if "type" not in column:
            return treat
        read = reader(column["type"])
        return lambda value: treat(read(value))

    def _unreadable(self, rows):
        """Texts that are none of the type that their column is read as: counted before their cells are empty."""
        warnings = {}
        for source in self._sources:
            for column in source["columns"] + source["keys"]:
                if "type" not in column:
                    continue
                says_nothing = is_unreadable(column["type"])
                failures = sum(says_nothing(row[column["source"]]) for row in self._wanted(source, rows))
                self._judge(column["type"]["severity"], f"{column['source']} of type {column['type']['form']}", failures, warnings)
        return warnings

    @staticmethod
    def _judge(severity, said, failures, warnings):
        if failures and severity == "refuse":
            raise Refused(f"{said}: {failures} rows fail")
        # Two sources may have a column of one name.
        if failures:
            warnings[said] = warnings.get(said, 0) + failures

    def _anonymous(self, rows):
        rule = self._declared["anonymity"]
        if rule is None:
            return rows, {"suppressedRows": 0}
        left, blanked, cells = anonymous(rows, rule, self._place)
        gone = len(rows) - len(left)
        if gone > 0 and rule["onFailure"] == "refuse":
            raise Refused(f"{gone} of {len(rows)} rows stand in classes that are too small")
        figures = {"k": rule["k"], **({"l": rule["diversity"]["l"]} if rule.get("diversity") else {}), "suppressedRows": gone}
        if rule.get("blank"):
            figures.update(blankedRows=blanked, blankedCells=cells)
        return left, {**figures, **least_of_classes(left, rule, self._place)}

    def _place(self, name):
        return [column["name"] for column in self._columns].index(name)

    def _checked(self, rows):
        warnings = {}
        for check in self._declared["checks"]:
            columns = check.get("columns") or [check["column"]]
            failures = failing(check, [[row[self._place(name)] for name in columns] for row in rows])
            self._judge(check["severity"], f"{check['rule']} {', '.join(columns)}", failures, warnings)
        return warnings

    def _refuse_leaks(self, rows):
        found = {}
        for place, column in enumerate(self._columns):
            if column["searchedFor"] is None:
                continue
            search = ColumnSearch(column["searchedFor"])
            for text in {text_of(row[place]) for row in rows} - {None}:
                search.look(text)
            found[column["name"]] = search.found()
        leaks = leaks_text(found)
        if leaks:
            raise Refused(leaks)

    def _named(self, row):
        return {column["name"]: value for column, value in zip(self._columns, row)}

    def _target(self, source):
        place = self._declared["target"]
        return place["bucket"], f"{place['folder']}{source}.jsonl.gz"

    def _quarantine(self, source):
        place = self._declared["raw"]
        return place["bucket"], f"{place['quarantine']}{source}.jsonl.gz"

    def _put(self, place, lines):
        """Nothing is left of an earlier version that had lines when there are none now."""
        bucket, key = place
        if not lines:
            self._s3.delete_object(Bucket=bucket, Key=key)
            return
        body = gzip.compress("".join(f"{line}\n" for line in lines).encode("utf-8"), mtime=0)
        self._s3.put_object(Bucket=bucket, Key=key, Body=body, Metadata={"lakelift-dataset": self._declared["mark"]})

    def _ensure_table(self):
        """Functions of other objects make and change it at the same time: what one of them was first with is looked at again."""
        exceptions = self._glue.exceptions
        for attempt in range(TABLE_ATTEMPTS):
            if self._has_table:
                return
            try:
                self._look_at_table()
                self._has_table = True
            except (exceptions.AlreadyExistsException, exceptions.ConcurrentModificationException):
                if attempt == TABLE_ATTEMPTS - 1:
                    raise
                time.sleep(random.uniform(0, 0.2 * 2**attempt))

    def _look_at_table(self):
        target = self._declared["target"]
        columns = [
            {
                "Name": column["name"],
                "Type": _type_after(column["treat"], column["type"]["type"] if "type" in column else self._files.type_of(source["name"], column["source"])),
                "Comment": f"{column['class']}, {column['treat'].split(':')[0]}",
            }
            for source in self._sources
            for column in source["columns"]
        ] + [{"Name": "lakelift_source", "Type": "string"}, {"Name": "lakelift_source_time", "Type": "timestamp"}]
        try:
            found = self._glue.get_table(DatabaseName=target["database"], Name=target["table"])["Table"]
        except self._glue.exceptions.EntityNotFoundException:
            self._glue.create_table(DatabaseName=target["database"], TableInput=_table_input(target, columns))
            return
        standing = [(one["Name"], one["Type"]) for one in found["StorageDescriptor"]["Columns"]]
        if standing != [(one["Name"], one["Type"]) for one in columns]:
            raise RuntimeError(f"{target['database']}.{target['table']} has other columns: remove the table, its files stay")
        # Which pseudonyms it has, and how large classes are, changes with the declarations; what others say of it is theirs.
        said = found.get("Parameters", {})
        others = {name: value for name, value in said.items() if not name.startswith(_OWN)}
        own = {**target["parameters"], **_pseudonyms_said(target["parameters"], said)}
        if {**others, **own} != said:
            wanted = _table_input(target, columns)
            parameters = {**others, **wanted["Parameters"], **own}
            self._glue.update_table(DatabaseName=target["database"], TableInput={**wanted, "Parameters": parameters})


def _pseudonyms_said(declared, said):
    """Objects that were written with other keys stand until they are rotated, which only a rotation sees to the end: until then all schemes are named."""
    schemes = {declared.get(_PSEUDONYMS, ""), *said.get(_PSEUDONYMS, "").split(_BESIDE)} - {""}
    return {_PSEUDONYMS: _BESIDE.join(sorted(schemes))} if schemes else {}


def _boto3_client(name):
    import boto3

    return boto3.client(name)


def _place_of(bucket, key):
    return f"s3://{bucket}/{key}"


def _objects_of(event, bucket):
    """Spelled as lakelift's manifest has them, or as a listing of S3."""
    for one in event.get("Items", [event]):
        key = one.get("key", one.get("Key"))
        if not isinstance(key, str):
            raise Refused("the event names no object")
        yield one.get("bucket", one.get("Bucket", bucket)), key


def _unpacked(answer, is_gzip):
    if answer["ContentLength"] > LARGEST_BYTES:
        raise Refused("is too large, and belongs to the Glue job")
    content = answer["Body"].read()
    if not is_gzip(content):
        return content
    try:
        content = gzip.GzipFile(fileobj=io.BytesIO(content)).read(LARGEST_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise Refused("is no whole gzip file") from None
    if len(content) > LARGEST_BYTES:
        raise Refused("is too large, and belongs to the Glue job")
    return content


def _type_after(form, type_):
    if form == "keep":
        return "string" if type_.startswith(("varchar", "char")) else type_
    return "int" if form == "year" else "string"


def _line(row):
    return f"{{{','.join(f'{json.dumps(name)}:{_json(value)}' for name, value in row.items())}}}"


def _json(value):
    if isinstance(value, float):
        # Of both zeros DuckDB writes this one.
        value += 0.0
    is_plain = value is None or isinstance(value, (bool, int, float))
    if is_plain or isinstance(value, decimal.Decimal):
        return json.dumps(value) if is_plain else text_of(value)
    return json.dumps(text_of(value), ensure_ascii=False)


def _table_input(target, columns):
    return {
        "Name": target["table"],
        "TableType": "EXTERNAL_TABLE",
        "Parameters": {"EXTERNAL": "TRUE", "classification": "json", **target["parameters"]},
        "PartitionKeys": [],
        "StorageDescriptor": {
            "Columns": columns,
            "Location": f"s3://{target['bucket']}/{target['folder']}",
            "InputFormat": "org.apache.hadoop.mapred.TextInputFormat",
            "OutputFormat": "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
            "SerdeInfo": {"SerializationLibrary": "org.apache.hive.hcatalog.data.JsonSerDe", "Parameters": {}},
            "Compressed": True,
        },
    }
