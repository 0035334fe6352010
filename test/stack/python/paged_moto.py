"""moto.server whose GetPartitions answers as AWS's does: at most 1000 at a time, by segment, without columns where they are not wanted.

moto itself gives all partitions of a table in one answer, which 100,000 of them make longer than a client waits for. It also reads the text of a
request anew for every member that it asks for: three times for a batch of partitions. Here it does so once.
"""

import gc
import json
from functools import cached_property

from moto.core.responses import ActionResult
from moto.glue.responses import GlueResponse
from moto.server import main

MOST = 1000


def get_partitions(self: GlueResponse) -> ActionResult:
    asked = self.parameters
    segment = asked.get("Segment") or {"SegmentNumber": 0, "TotalSegments": 1}
    own = found(self, asked)[segment["SegmentNumber"] :: segment["TotalSegments"]]
    start = int(asked.get("NextToken") or 0)
    end = start + min(asked.get("MaxResults") or MOST, MOST)
    page = {"Partitions": [shown(one.as_dict(), asked.get("ExcludeColumnSchema")) for one in own[start:end]]}
    return ActionResult({**page, "NextToken": str(end)} if end < len(own) else page)


def found(self: GlueResponse, asked: dict) -> list:
    database, table, expression = (asked.get(name) for name in ("DatabaseName", "TableName", "Expression"))
    if expression:
        return self.glue_backend.get_partitions(database, table, expression)
    # moto's filter looks at every partition for every page, wanted or not.
    return list(self.glue_backend.get_table(database, table).partitions.values())


def shown(partition: dict, without_columns: bool) -> dict:
    if not without_columns or "StorageDescriptor" not in partition:
        return partition
    storage = {name: value for name, value in partition["StorageDescriptor"].items() if name != "Columns"}
    return {**partition, "StorageDescriptor": storage}


GlueResponse.get_partitions = get_partitions
GlueResponse.parameters = cached_property(lambda self: json.loads(self.body))
GlueResponse.parameters.__set_name__(GlueResponse, "parameters")

if __name__ == "__main__":
    # Its collector would look through all partitions that it holds again and again.
    gc.disable()
    main()
