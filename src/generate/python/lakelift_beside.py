"""What functions have written beside a dataset whose job reads the same objects of raw: once the job has replaced the dataset, their rows would stand in two tables.

Functions name what they write by a keyed digest of its source (lakelift_small_files.py). Objects of sources that the job has not read stay, and so does one that a
function has written anew since the job began: the job may have read an earlier version.
"""

import hashlib
import hmac
import re

from py4j.protocol import Py4JJavaError

_ENDING = ".jsonl.gz"
# Packed, no row takes more.
_EMPTY_BYTES = 20


class Beside:
    """To be made before the job reads anything, so that all that stands then was written of what the job finds.

    `folder`: where functions of the dataset write.
    """

    def __init__(self, spark, folder):
        self._jvm = spark._jvm
        self._settings = spark._jsc.hadoopConfiguration()
        self._folder = folder
        self._before = self._standing()
        # Of functions of before, where nothing became a pseudonym.
        self._names_of = [lambda text: hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]]
        self._read = set()

    def is_empty(self):
        return not self._before

    def name_by(self, name_of):
        """One way in which functions name: the keyed digest of a text."""
        self._names_of.append(name_of)

    def name_by_key_at(self, place):
        """Another one: by bytes that a function has put into raw. Returns whether they could be read."""
        path = self._path(place)
        try:
            stream = path.getFileSystem(self._settings).open(path)
            try:
                key = bytes.fromhex(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "US-ASCII"))
            finally:
                stream.close()
        except Py4JJavaError:
            return False
        self.name_by(lambda text: hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()[:32])
        return True

    def saw(self, paths):
        """Objects of raw that the job reads."""
        for path in paths:
            place = re.sub(r"^s3[an]:", "s3:", path)
            self._read.update(name_of(place) for name_of in self._names_of)

    def remove(self):
        """Removes what was written of objects that were read; returns how many there were, and how many are left."""
        removed = 0
        for name, version in self._before.items():
            if name[: -len(_ENDING)] in self._read and self._remove(self._path(self._folder, name), version):
                removed += 1
        return removed, len(self._before) - removed

    def _remove(self, path, version):
        files = path.getFileSystem(self._settings)
        try:
            is_same = _version(files.getFileStatus(path)) == version
        except Py4JJavaError as error:
            if error.java_exception.getClass().getName() != "java.io.FileNotFoundException":
                raise
            return True
        if is_same:
            files.delete(path, False)
        return is_same

    def _standing(self):
        """Objects with rows, by name: what tells one version of them from the next."""
        folder = self._path(self._folder)
        files = folder.getFileSystem(self._settings)
        if not files.exists(folder):
            return {}
        found = {one.getPath().getName(): one for one in files.listStatus(folder) if one.isFile()}
        return {name: _version(one) for name, one in found.items() if name.endswith(_ENDING) and one.getLen() > _EMPTY_BYTES}

    def _path(self, *parts):
        return self._jvm.org.apache.hadoop.fs.Path(*parts)


def _version(status):
    # A look at an object has no more than seconds, a listing may have.
    return status.getLen(), status.getModificationTime() // 1000, _etag(status)


def _etag(status):
    """Not every client of S3 has it."""
    try:
        return status.getEtag().strip('"')
    except Exception:
        return None
