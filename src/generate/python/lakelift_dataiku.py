"""Creates the datasets of `datasets.json` in a project of Dataiku, or brings them up to date, by its official client (dataiku-api-client).

The key of the API stands in DATAIKU_API_KEY, never in an argument. A dataset of that name that lies elsewhere is left alone. To run it again changes nothing.
"""

import argparse
import json
import os
import pathlib
import sys


class Foreign(Exception):
    """A dataset of that name stands in the project and is not this one."""


def ensure(project, connection, declared):
    """Returns `created` or `updated`."""
    standing = {item["name"] for item in project.list_datasets()}
    dataset = project.get_dataset(declared["name"])
    if declared["name"] in standing:
        params = dataset.get_settings().get_raw()["params"]
        if (params.get("bucket"), params.get("path")) != (declared["bucket"], declared["path"]):
            raise Foreign(f"{declared['name']} lies elsewhere")
    else:
        dataset = project.create_s3_dataset(declared["name"], connection, declared["path"], declared["bucket"])
    settings = dataset.get_settings()
    settings.remove_partitioning()
    for name in declared["partitions"]:
        settings.add_discrete_partitioning_dimension(name)
    if declared["partitions"]:
        settings.set_partitioning_file_pattern(declared["filePathPattern"])
    settings.save()
    # Dataiku goes by its own schema, not by that of the files: it is read from them each time.
    settings = dataset.autodetect_settings(infer_storage_types=True)
    if settings.get_raw()["formatType"] != declared["formatType"]:
        raise Foreign(f"{declared['name']} does not hold {declared['formatType']}")
    for column in settings.get_raw()["schema"]["columns"]:
        if column["name"] in declared["columns"]:
            column["comment"] = declared["columns"][column["name"]]
    settings.save()
    metadata = dataset.get_metadata()
    metadata["description"] = declared["description"]
    metadata["tags"] = sorted({*metadata.get("tags", []), *declared["tags"]})
    dataset.set_metadata(metadata)
    return "updated" if declared["name"] in standing else "created"


def main():
    import dataikuapi

    parser = argparse.ArgumentParser(description="Creates the datasets of datasets.json in a project of Dataiku.")
    parser.add_argument("--host", required=True, help="address of the instance")
    parser.add_argument("--project", required=True, help="key of the project")
    parser.add_argument("--connection", required=True, help="its connection to S3")
    options = parser.parse_args()
    if not os.environ.get("DATAIKU_API_KEY"):
        sys.exit("DATAIKU_API_KEY is not set")
    project = dataikuapi.DSSClient(options.host, os.environ["DATAIKU_API_KEY"]).get_project(options.project)
    declared = json.loads(pathlib.Path(__file__).with_name("datasets.json").read_text(encoding="utf-8"))
    for dataset in declared["datasets"]:
        print(f"{dataset['name']}: {ensure(project, options.connection, dataset)}")


if __name__ == "__main__":
    main()
