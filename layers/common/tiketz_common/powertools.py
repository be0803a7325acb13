"""Powertools' HTTP resolver, without its resolvers for AppSync and Bedrock, which import asyncio, and without
the data classes of other events. HTTP handlers import it from here.
"""

from tiketz_common import lazy_imports

lazy_imports.skip_init(
    "aws_lambda_powertools.event_handler",
    APIGatewayHttpResolver="api_gateway",
    Depends="depends",
    Request="request",
    Response="api_gateway",
)
lazy_imports.skip_init(
    "aws_lambda_powertools.utilities.data_classes",
    ALBEvent="alb_event",
    APIGatewayProxyEvent="api_gateway_proxy_event",
    APIGatewayProxyEventV2="api_gateway_proxy_event",
    BedrockAgentEvent="bedrock_agent_event",
    LambdaFunctionUrlEvent="lambda_function_url_event",
    S3Event="s3_event",
    VPCLatticeEvent="vpc_lattice",
    VPCLatticeEventV2="vpc_lattice",
)

from aws_lambda_powertools.event_handler import (  # noqa: E402
    APIGatewayHttpResolver,
    Depends,
    Request,
    Response,
)
from aws_lambda_powertools.event_handler.exceptions import NotFoundError  # noqa: E402

__all__ = ["APIGatewayHttpResolver", "Depends", "NotFoundError", "Request", "Response"]
