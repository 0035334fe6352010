"""Blue/green refresh of a table that an application reads: a new table from the latest import, then the switch, then old tables go.

`table.json` beside it says which table; `lakelift serve` makes the import. An application reads the name of its table from the parameter, and again when it
is told that the table is gone. To run it again continues or changes nothing. Needs boto3.
"""

import argparse
import datetime
import json
import pathlib
import time

WAIT_SECONDS = 5


class RefreshFailed(Exception):
    """The new table is not what was to be imported; the application goes on with the one it has."""


def refresh(declared, client, keep_days, now):
    """Returns what was done: table, whether it was imported and switched to, and tables that were deleted."""
    dynamodb, s3, ssm = client("dynamodb"), client("s3"), client("ssm")
    latest = json.loads(s3.get_object(**declared["latest"])["Body"].read())
    table = f"{declared['tablePrefix']}{latest['version']}"
    imported = _ensure_table(dynamodb, declared, latest, table)
    dynamodb.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    before = _parameter(ssm, declared["alias"])
    if before != table:
        ssm.put_parameter(Name=declared["alias"], Value=table, Type="String", Overwrite=True)
    deleted = _delete_old(dynamodb, declared["tablePrefix"], {table, before}, now - datetime.timedelta(days=keep_days))
    return {"table": table, "imported": imported, "switched": before != table, "deleted": deleted}


def _ensure_table(dynamodb, declared, latest, table):
    if table in _tables(dynamodb, declared["tablePrefix"]):
        return False
    started = dynamodb.import_table(
        ClientToken=table[-36:],
        S3BucketSource={"S3Bucket": latest["bucket"], "S3KeyPrefix": latest["prefix"]},
        InputFormat="DYNAMODB_JSON",
        InputCompressionType="GZIP",
        TableCreationParameters={"TableName": table, **declared["creation"]},
    )["ImportTableDescription"]
    arn = started["ImportArn"]
    while (state := dynamodb.describe_import(ImportArn=arn)["ImportTableDescription"])["ImportStatus"] == "IN_PROGRESS":
        time.sleep(WAIT_SECONDS)
    found, errors = state.get("ImportedItemCount", 0), state.get("ErrorCount", 0)
    if state["ImportStatus"] != "COMPLETED" or found != latest["items"] or errors:
        dynamodb.delete_table(TableName=table)
        raise RefreshFailed(f"{state['ImportStatus']}: {found} of {latest['items']} items, {errors} errors")
    return True


def _parameter(ssm, name):
    try:
        return ssm.get_parameter(Name=name)["Parameter"]["Value"]
    except ssm.exceptions.ParameterNotFound:
        return None


def _tables(dynamodb, prefix):
    pages = dynamodb.get_paginator("list_tables").paginate()
    return [name for page in pages for name in page["TableNames"] if name.startswith(prefix)]


def _delete_old(dynamodb, prefix, spared, before):
    """The table that was in use until now is spared: readers may still hold its name, and it is the way back."""
    deleted = []
    for name in _tables(dynamodb, prefix):
        if name not in spared and dynamodb.describe_table(TableName=name)["Table"]["CreationDateTime"] < before:
            dynamodb.delete_table(TableName=name)
            deleted.append(name)
    return deleted


def main():
    import boto3

    parser = argparse.ArgumentParser(description="Imports the latest items into a new table and switches to it.")
    parser.add_argument("--keep-days", type=int, default=7, help="age at which tables out of use are deleted")
    options = parser.parse_args()
    declared = json.loads(pathlib.Path(__file__).with_name("table.json").read_text(encoding="utf-8"))
    now = datetime.datetime.now(datetime.timezone.utc)
    print(json.dumps(refresh(declared, boto3.client, options.keep_days, now)))


if __name__ == "__main__":
    main()
