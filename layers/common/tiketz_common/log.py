"""The process's one logger: a JSON line for each thing that happened, with what somebody looks for."""

from aws_lambda_powertools import Logger

# Lines are paid by the byte: the message tells where in the code, correlation_id what belongs together.
logger = Logger(location=None, xray_trace_id=None, serialize_stacktrace=False)
