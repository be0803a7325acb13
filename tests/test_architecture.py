"""The house rules of docs/architecture.md, as tests."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.templates import service_template

ROOT = Path(__file__).parents[1]
DEPLOYED = ("auth", "tickets", "orders", "payments", "expiration", "notifications")
SERVICES = (*DEPLOYED, "delivery")  # which has no function yet
LAYER = ROOT / "layers/common/tiketz_common"
HANDLERS = {"api", "consumer", "relay", "webhook", "authorizer", "sweeper", "user_directory"}
STORES = {"repository", "link_repository", "gateway", "timers", "tokens", "keys", "directory", "mailer"}
MODELS = {"model", "intent", "limits", "rate_limits"}
PURE = sys.stdlib_module_names - {
    "io",
    "os",
    "pathlib",
    "random",
    "socket",
    "subprocess",
    "threading",
    "time",
}


def modules(service: str) -> list[Path]:
    return sorted((ROOT / "functions" / service / service).glob("*.py"))


ALL_MODULES = [path for service in SERVICES for path in modules(service)]
PRODUCT = [*ALL_MODULES, *sorted(LAYER.glob("*.py"))]


def imports(path: Path) -> Iterator[str]:
    """Every module a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def roots(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(path)}


def siblings(path: Path, service: str) -> set[str]:
    """The modules of its own service that a file imports."""
    return {name.split(".")[1] for name in imports(path) if name.startswith(f"{service}.")}


@pytest.mark.parametrize("service", SERVICES)
def test_no_service_imports_another(service: str) -> None:
    for path in modules(service):
        assert not roots(path) & (set(SERVICES) - {service}), path


def test_the_layer_knows_no_service() -> None:
    for path in LAYER.glob("*.py"):
        assert not roots(path) & set(SERVICES), path


def test_deployed_code_does_not_know_the_local_environment() -> None:
    for path in PRODUCT:
        assert not roots(path) & {"local", "moto", "tests"}, path
        assert "/_local" not in path.read_text(), path


def test_aws_clients_are_made_in_one_place() -> None:
    making = {"boto3", "botocore.session.Session", "botocore.session.get_session"}
    assert [path.name for path in PRODUCT if making & {*imports(path), *roots(path)}] == ["aws.py"]


def test_only_stores_and_the_layer_use_an_aws_client() -> None:
    using = {path.stem for path in ALL_MODULES if "tiketz_common.aws" in set(imports(path))}
    assert using <= STORES


def test_stripe_is_imported_in_one_place() -> None:
    assert [path.name for path in PRODUCT if "stripe" in roots(path)] == ["gateway.py"]


def test_the_environment_is_read_in_one_place() -> None:
    assert [path for path in PRODUCT if "os" in roots(path)] == [LAYER / "settings.py"]


def test_settings_are_read_where_a_function_starts() -> None:
    reading = {path.stem for path in ALL_MODULES if "tiketz_common.settings" in set(imports(path))}
    assert reading <= HANDLERS


@pytest.mark.parametrize("service", SERVICES)
def test_a_model_is_standard_library_and_refusals(service: str) -> None:
    for path in (path for path in modules(service) if path.stem in MODELS):
        assert not roots(path) - PURE - {"tiketz_common", service}, path
        assert siblings(path, service) <= MODELS - {"model"}, path
        layer = {name.split(".")[1] for name in imports(path) if name.startswith("tiketz_common.")}
        assert layer <= {"errors", "ids"}, path


@pytest.mark.parametrize("service", SERVICES)
def test_modules_import_inwards_only(service: str) -> None:
    """Handlers → service → stores → events → model."""
    forbidden = {
        "service": HANDLERS,
        "events": HANDLERS | STORES | {"service"},
        **dict.fromkeys(STORES, HANDLERS | {"service"}),
    }
    for path in modules(service):
        assert not siblings(path, service) & forbidden.get(path.stem, set()), path


def test_nothing_edits_the_import_path() -> None:
    homes = ("functions", "layers", "local", "tools", "operate", "bench", "tests")
    for path in (path for home in homes for path in (ROOT / home).rglob("*.py")):
        assert "sys.path" not in touched(path), path


def touched(path: Path) -> set[str]:
    """Every expression that a file assigns to, or looks into."""
    expressions: list[ast.expr] = []
    for node in ast.walk(ast.parse(path.read_text())):
        match node:
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                expressions.append(value)
            case ast.Assign(targets=targets):
                expressions += targets
            case ast.AugAssign(target=target):
                expressions.append(target)
    return {ast.unparse(each) for each in expressions}


def test_one_editable_install_puts_every_root_on_the_path() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
    homes = [f"functions/{service}" for service in SERVICES]
    assert project["hatch"]["build"]["dev-mode-dirs"] == [*homes, "layers/common", "."]
    assert "--import-mode=importlib" in project["pytest"]["ini_options"]["addopts"].split()


@pytest.mark.parametrize(
    "name", ["layers/common/requirements.txt", *(f"functions/{each}/requirements.txt" for each in SERVICES)]
)
def test_what_is_deployed_is_pinned(name: str) -> None:
    packages = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in " #-"]
    assert all("==" in line for line in packages)
    assert any(line.startswith("boto3==") for line in packages) == ("layers" in name)


@pytest.mark.parametrize("service", DEPLOYED)
def test_every_template_takes_its_architecture_as_a_parameter(service: str) -> None:
    template = service_template(service)
    assert template["Parameters"]["Architecture"]["Default"] == "arm64"
    layer = template["Resources"]["Common"]
    assert layer["Metadata"]["BuildArchitecture"] == {"Ref": "Architecture"}
    assert layer["Properties"]["CompatibleArchitectures"] == [{"Ref": "Architecture"}]
    for function in functions(service).values():
        assert {**template.get("Globals", {}).get("Function", {}), **function}["Architectures"] == [
            {"Ref": "Architecture"}
        ]


@pytest.mark.parametrize("service", DEPLOYED)
def test_every_function_has_a_role_of_its_own(service: str) -> None:
    roles = [function["Role"]["Fn::GetAtt"] for function in functions(service).values()]
    assert len({str(role) for role in roles}) == len(roles)
    resources = service_template(service)["Resources"]
    assert all(resources[role[0]]["Type"] == "AWS::IAM::Role" for role in roles)
    assert not any("Policies" in function for function in functions(service).values())


@pytest.mark.parametrize("service", DEPLOYED)
def test_no_route_takes_whatever_comes(service: str) -> None:
    assert "{proxy+}" not in (ROOT / f"functions/{service}/template.yaml").read_text()


def test_a_timer_is_stopped_as_an_execution_of_its_machine() -> None:
    [policy] = service_template("expiration")["Resources"]["ConsumerRole"]["Properties"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    [stop] = [each for each in statements if each["Action"] == "states:StopExecution"]
    assert ":execution:" in stop["Resource"]["Fn::Sub"]


def functions(service: str) -> dict[str, dict[str, Any]]:
    """The properties of every function in a service's template."""
    resources = service_template(service)["Resources"].items()
    return {
        name: each["Properties"] for name, each in resources if each["Type"] == "AWS::Serverless::Function"
    }


def test_no_product_code_swallows_every_error() -> None:
    """Except where one message of a batch fails, and where a function starts."""
    for path in (each for each in PRODUCT if each.name not in ("inbox.py", "aws.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                assert caught not in ("everything", "Exception", "BaseException"), path


def test_the_time_is_read_in_one_place() -> None:
    for path in PRODUCT:
        if path.name != "clock.py":
            assert "datetime.now" not in path.read_text(), path
            assert "utcnow" not in path.read_text(), path


def test_every_module_opens_by_saying_what_it_is() -> None:
    for path in PRODUCT:
        assert ast.get_docstring(ast.parse(path.read_text())), path


def test_operate_imports_neither_the_local_environment_nor_tests() -> None:
    for path in (ROOT / "operate").rglob("*.py"):
        assert not roots(path) & {"local", "tests", "tools", "bench"}, path


# ---------------------------------------------------------------- local/ and tools/

OURS = {*SERVICES, "tiketz_common", "local", "tools", "operate", "bench", "tests"}


def python_files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def our_imports(path: Path) -> set[str]:
    """The modules of this repository that a file imports."""
    return {name for name in imports(path) if name.split(".")[0] in OURS}


@pytest.mark.parametrize("package", ["local.aws", "local.stripe"])
def test_a_stand_in_imports_nothing_else_of_ours(package: str) -> None:
    for path in python_files(package.replace(".", "/")):
        assert not {each for each in our_imports(path) if not f"{each}.".startswith(f"{package}.")}, path


def test_local_aws_knows_no_name_of_tiketz() -> None:
    for path in (
        path for path in (ROOT / "local/aws").rglob("*") if path.is_file() and path.suffix != ".pyc"
    ):
        assert "tiketz" not in path.read_text().lower(), path


def test_local_imports_no_tools() -> None:
    """tools/ may import local; running locally needs no tools."""
    for path in python_files("local"):
        assert not roots(path) & {"tools", "operate", "bench", "tests"}, path


def test_tests_of_local_aws_need_nothing_of_tiketz() -> None:
    for path in python_files("tests/local/aws"):
        allowed = ("local.aws.", "tests.local.aws.")
        assert not {each for each in our_imports(path) if not f"{each}.".startswith(allowed)}, path


def test_attributes_are_made_in_init() -> None:
    """No attribute of a class in local/ or tools/ appears in another method."""
    for path in [*python_files("local"), *python_files("tools")]:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                late = attributes(node, made=False) - attributes(node, made=True)
                assert not late, f"{path}: {node.name}: {late}"


def attributes(node: ast.ClassDef, *, made: bool) -> set[str]:
    """The attributes of `self` that a class assigns: in its body or __init__, or (not `made`) elsewhere."""
    declared = {ast.unparse(each.target) for each in node.body if isinstance(each, ast.AnnAssign)}
    assigned = {
        target.attr
        for method in node.body
        if isinstance(method, ast.FunctionDef) and (method.name == "__init__") == made
        for target in ast.walk(method)
        if isinstance(target, ast.Attribute)
        and isinstance(target.ctx, ast.Store)
        and ast.unparse(target.value) == "self"
    }
    return assigned | declared if made else assigned
