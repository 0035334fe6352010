"""Imports a DAG as Airflow does and runs it twice in this process: once without the Glue job of `missing`, once with it. Writes what was seen to `report`."""

import json
import sys

import boto3
from airflow.dag_processing.dagbag import DagBag
from airflow.utils.db import initdb

folder, dag_id, bucket, missing, report = sys.argv[1:]
initdb()
bag = DagBag(folder)
if bag.import_errors:
    sys.exit(str(bag.import_errors))
dag = bag.dags[dag_id]
for task in dag.tasks:
    task.retries = 0

glue = boto3.client("glue")
s3 = boto3.client("s3")
s3.create_bucket(Bucket=bucket)
jobs = {task.task_id: task.job_name for task in dag.tasks if task.task_id != "record"}


def create(name):
    glue.create_job(Name=jobs[name], Role="role", Command={"Name": "glueetl", "ScriptLocation": "s3://code/job.py"})


def run():
    state = dag.test().state
    for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", []):
        record = json.loads(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())
        s3.delete_object(Bucket=bucket, Key=entry["Key"])
        return {"state": str(state), "key": entry["Key"], "record": record}
    return {"state": str(state)}


for name in jobs:
    if name != missing:
        create(name)
runs = [run()]
create(missing)
runs.append(run())
started = {
    name: [one["Arguments"] for one in glue.get_job_runs(JobName=job)["JobRuns"]] for name, job in jobs.items()
}
upstream = {task.task_id: sorted(task.upstream_task_ids) for task in dag.tasks}
for job in jobs.values():
    glue.delete_job(JobName=job)
s3.delete_bucket(Bucket=bucket)
with open(report, "w", encoding="utf-8") as file:
    json.dump({"upstream": upstream, "runs": runs, "started": started}, file)
