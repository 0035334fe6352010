"""moto.server that executes: state machines by its own interpreter, which is off otherwise, and functions as they were deployed.

For functions moto asks Docker, which the tests do not have, or gives back what it was given. Here the archive of the function is unpacked, and its handler is
called in a process of Python of its own with the function's environment, as the runtime does; what it raises comes back as the runtime's answer.

The interpreter is moto's. Two things are put back that its forerunner has and it lost: what states ask services, and what these answer, takes the shape that
AWS says (names of members, objects as text where a service takes bytes), and a state may wait for a Glue job. Errors of one more service have AWS's name.
"""

import functools
import io
import json
import os
import subprocess
import sys
import tempfile
import types
import zipfile

import boto3
from botocore.session import get_session
from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core.config import default_user_config
from moto.server import main
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import state_task_service_aws_sdk, state_task_service_glue
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.utils import boto_client

RUNTIME = """
import contextlib, importlib, json, sys
module, _, name = sys.argv[1].rpartition(".")
try:
    with contextlib.redirect_stdout(sys.stderr):
        answer = getattr(importlib.import_module(module), name)(json.load(sys.stdin), None)
except Exception as error:
    print(json.dumps({"errorMessage": str(error), "errorType": type(error).__name__}))
    sys.exit(1)
print(json.dumps(answer))
"""


def invoke(self, function_name, qualifier, body, headers, response_headers):
    function = self.get_function(function_name, qualifier)
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(function.code_bytes)).extractall(folder)
        environment = {
            **os.environ,
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['MOTO_PORT']}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            **function.environment_vars,
            "PYTHONPATH": f"{folder}:{os.environ['PYTHONPATH']}",
        }
        command = [sys.executable, "-c", RUNTIME, function.handler]
        text = body if isinstance(body, str) else body.decode()
        done = subprocess.run(command, input=text, capture_output=True, text=True, env=environment, timeout=function.timeout)
    if done.returncode != 0:
        response_headers["x-amz-function-error"] = "Unhandled"
    return done.stdout.encode() or json.dumps({"errorMessage": done.stderr[-1000:], "errorType": "Runtime.ExitError"}).encode()


@functools.cache
def operation_of(service, action):
    model = get_session().get_service_model(service)
    return model.operation_model(next(name for name in model.operation_names if name.lower() == action.replace("_", "").lower()))


def normalise_parameters(self, parameters, boto_service_name=None, service_action_name=None):
    operation = operation_of(self._get_boto_service_name(boto_service_name), self._get_boto_service_action(service_action_name))
    if operation.input_shape is not None:
        self._to_boto_request(parameters, operation.input_shape)


def normalise_response(self, response, boto_service_name=None, service_action_name=None):
    operation = operation_of(self._get_boto_service_name(boto_service_name), self._get_boto_service_action(service_action_name))
    if operation.output_shape is not None:
        self._from_boto_response(response, operation.output_shape)


@functools.cache
def client(service_name, region_name):
    return boto3.client(service_name, region_name=region_name, endpoint_url=f"http://127.0.0.1:{os.environ['MOTO_PORT']}", aws_access_key_id="ak", aws_secret_access_key="sk")


# One for each task takes longer than all that the task does.
boto_client.boto3 = types.SimpleNamespace(client=lambda service_name, region_name, **_: client(service_name, region_name))
StateTaskService._normalise_parameters = normalise_parameters
StateTaskService._normalise_response = normalise_response
state_task_service_glue._SUPPORTED_INTEGRATION_PATTERNS.add(ResourceCondition.WaitForTaskToken)
state_task_service_aws_sdk._SERVICE_ERROR_NAMES["ssm"] = "Ssm"
LambdaSimpleBackend.invoke = invoke
default_user_config["lambda"]["use_docker"] = False
default_user_config["stepfunctions"]["execute_state_machine"] = True

if __name__ == "__main__":
    main()
