"""What functions have written beside a dataset whose job reads the same objects of raw: once the job has replaced the dataset, their rows would stand in two tables.

Functions name what they write by a keyed digest of its source (lakelift_small_files.py). Objects of sources that the job has not read stay, and so does one that a
function has written anew since the job began: the job may have read an earlier version.
"""

import hashlib
import hmac
import re

_ENDING = ".jsonl.gz"
# Packed, no row takes more.
_EMPTY_BYTES = 20


class Beside:
    """To be made before the job reads anything, so that all that stands then was written of what the job finds.

    `folder`: where functions of the dataset write. `name_of`: the keyed digest of a text, or None where it is of the bytes that stand at `names_key`.
    """

    def __init__(self, spark, folder, name_of=None, names_key=None):
        self._jvm = spark._jvm
        self._settings = spark._jsc.hadoopConfiguration()
        self._folder = folder
        self._name_of = name_of
        self._names_key = names_key
        self._before = self._standing()
        self._read = set()

    def is_empty(self):
        return not self._before

    def saw(self, paths):
        """Objects of raw that the job reads."""
        for path in paths:
            place = re.sub(r"^s3[an]:", "s3:", path)
            # Of functions of before, where nothing became a pseudonym.
            self._read |= {self._named(place), hashlib.sha256(place.encode("utf-8")).hexdigest()[:32]}

    def remove(self):
        """Removes what was written of objects that were read; returns how many there were, and how many are left."""
        now, removed = self._standing(), 0
        for name, version in self._before.items():
            if name[: -len(_ENDING)] in self._read and now.get(name, version) == version:
                path = self._jvm.org.apache.hadoop.fs.Path(self._folder, name)
                path.getFileSystem(self._settings).delete(path, False)
                removed += 1
        return removed, len(self._before) - removed

    def _standing(self):
        """Objects with rows, by name: what tells one version of them from the next."""
        folder = self._jvm.org.apache.hadoop.fs.Path(self._folder)
        files = folder.getFileSystem(self._settings)
        if not files.exists(folder):
            return {}
        found = {one.getPath().getName(): one for one in files.listStatus(folder) if one.isFile()}
        return {
            name: (one.getLen(), one.getModificationTime(), _etag(one))
            for name, one in found.items()
            if name.endswith(_ENDING) and one.getLen() > _EMPTY_BYTES
        }

    def _named(self, place):
        if self._name_of is None:
            key = self._key_of_names()
            self._name_of = lambda text: hmac.new(key, text.encode("utf-8"), hashlib.sha256).hexdigest()[:32]
        return self._name_of(place)

    def _key_of_names(self):
        path = self._jvm.org.apache.hadoop.fs.Path(self._names_key)
        stream = path.getFileSystem(self._settings).open(path)
        try:
            return bytes.fromhex(self._jvm.org.apache.commons.io.IOUtils.toString(stream, "US-ASCII"))
        finally:
            stream.close()


def _etag(status):
    """Not every client of S3 has it."""
    try:
        return status.getEtag()
    except Exception:
        return None
