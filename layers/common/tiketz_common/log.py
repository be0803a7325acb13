"""The process's one logger: JSON lines."""

from aws_lambda_powertools import Logger

# Log lines are billed by the byte: a message is unique in the code, so its location is left out.
logger = Logger(location=None, xray_trace_id=None, serialize_stacktrace=False)
