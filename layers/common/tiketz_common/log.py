"""The process's one logger: a JSON line for each thing that happened, with what somebody looks for."""

from aws_lambda_powertools import Logger

# Log lines are paid by the byte: where in the code is told by the message, and nothing is traced by X-Ray.
logger = Logger(location=None, xray_trace_id=None, serialize_stacktrace=False)
