"""IAM policies, enforced: a call that its caller's role doesn't allow fails, and the template is named."""

import json
import string
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from local.aws.config import ACCOUNT, ROOT_ACCESS_KEY
from local.aws.moto_patches import iam_resources, state_machine_clients
from local.aws.moto_server import MotoServer
from local.aws.permissions import Permission, required_permissions


@dataclass(frozen=True, slots=True)
class Principal:
    """A function or a state machine, with the policies of its role."""

    name: str  # "orders/Api"
    role: str  # its logical id in the template
    template: Path
    policies: tuple[Any, ...]


class PolicyEnforcer:
    """Knows each principal by its access key, judges its calls and records the permissions it used."""

    def __init__(self, moto: MotoServer, used: Path, report_denied: Callable[[str], None]) -> None:
        """Writes each permission that is used to the file `used`, one JSON object a line."""
        self._moto, self._used, self._report_denied = moto, used, report_denied
        self._principals: dict[str, Principal] = {}
        self._keys = ("ASIA" + "".join(letters) for letters in product(string.ascii_uppercase, repeat=16))
        self._decisions: dict[tuple[str, Permission, str], bool] = {}
        self._lock = threading.Lock()
        used.write_text("")

    def register(self, name: str, role_arn: str, role: str, template: Path) -> str:
        """An access key that is allowed what the role allows."""
        from moto.iam.access_control import IAMPolicy
        from moto.iam.models import iam_backends

        # Read directly: moto's API returns policies that CloudFormation made as Python's repr, not as JSON.
        documents = iam_backends[ACCOUNT]["aws"].get_role(role_arn.rsplit("/", 1)[-1]).policies.values()
        policies = tuple(IAMPolicy(_document(each)) for each in documents)
        key = next(self._keys)
        self._principals[key] = Principal(name, role, template, policies)
        return key

    def allows(self, key: str, permission: Permission, source: str = "") -> bool:
        """Whether the key's role allows this, for an event of that source. A denial is reported once."""
        with self._lock:
            if (key, permission, source) not in self._decisions:
                decision = self._decide(self._principals[key], permission, source)
                self._decisions[key, permission, source] = decision
            return self._decisions[key, permission, source]

    def enforce(self, state_machines: Mapping[str, str]) -> None:
        """Judge every call from now on. `state_machines`: the ARN of each one's role → its access key."""
        iam_resources.authorize_with(self._authorize)
        self._moto.answered.denial = self._denial
        state_machine_clients.clients_from(
            lambda service, role_arn: self._moto.client_as(service, state_machines[role_arn])
        )

    def _decide(self, principal: Principal, permission: Permission, source: str) -> bool:
        from moto.iam.access_control import PermissionResult

        action, resource = permission
        values = {"events:source": source} if source else None
        results = [
            policy.is_action_permitted(action, resource, incoming_condition_values=values)
            for policy in principal.policies
        ]
        allowed = PermissionResult.PERMITTED in results and PermissionResult.DENIED not in results
        if allowed:
            line = {"function": principal.name, "action": action, "resource": resource}
            with self._used.open("a") as file:
                file.write(json.dumps(line) + "\n")
        else:
            who = f"{principal.template}: {principal.role} does not allow {principal.name}"
            self._report_denied(f"{who} {action} on {resource}")
        return allowed

    def _authorize(self, handler: Any) -> None:
        """Raises moto's JsonRESTError for a call that isn't allowed."""
        from moto.core.exceptions import JsonRESTError

        key = handler.get_access_key()
        if key == ROOT_ACCESS_KEY:
            return
        service = handler.headers["Authorization"].split("/")[3]
        body = json.loads(handler.raw_body or "{}")
        denial = self._denial(key, service, handler._get_action(), body)
        if denial:
            raise JsonRESTError("AccessDenied" if service == "sqs" else "AccessDeniedException", denial)

    def _denial(self, key: str, service: str, operation: str, parameters: dict[str, Any]) -> str | None:
        """Why a call is not allowed; None where it is."""
        sources = {each["Source"] for each in parameters.get("Entries", []) if operation == "PutEvents"} or {
            ""
        }
        for permission in required_permissions(service, operation, parameters):
            for source in sources:
                if key not in self._principals or not self.allows(key, permission, source):
                    return _denial(self._principals.get(key), permission)
        return None


def _document(policy: str | dict[str, Any]) -> str:
    """A policy as JSON, without the nulls that moto leaves of statements that a condition leaves out.

    moto ignores ForAllValues; each source of events is judged by itself.
    """
    document = json.loads(policy) if isinstance(policy, str) else policy
    text = json.dumps({**document, "Statement": [each for each in document["Statement"] if each]})
    return text.replace('"ForAllValues:StringEquals"', '"StringEquals"')


def _denial(principal: Principal | None, permission: Permission) -> str:
    """IAM's message, with the template that lacks the permission."""
    name = principal.name if principal else "An unknown access key"
    denial = f"{name} is not authorized to perform: {permission[0]} on resource: {permission[1]}"
    return f"{denial} ({principal.template}: {principal.role} does not allow it)" if principal else denial
