"""What a build keeps of botocore: the descriptions of the services that the functions call."""

from pathlib import Path

import pytest

from tools import botocore_data


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    """A built layer with a few of botocore's descriptions."""
    data = tmp_path / "Orders/Common/python/botocore/data"
    for name in ("dynamodb", "events", "ec2", "sqs", "ssm", "stepfunctions"):
        (data / name).mkdir(parents=True)
        (data / name / "service-2.json.gz").write_bytes(b"")
    (data / "endpoints.json").write_text("{}")
    return data


def test_services_that_no_function_calls_are_removed(
    artifact: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert botocore_data.main([str(artifact.parents[4])]) == 0
    left = sorted(each.name for each in artifact.iterdir())
    assert left == ["dynamodb", "endpoints.json", "events", "sqs", "ssm", "stepfunctions"]
    assert "1 services removed" in capsys.readouterr().out


def test_a_new_service_needs_no_entry(tmp_path: Path) -> None:
    module = tmp_path / "mail.py"
    module.write_text('client = aws.client("sesv2")\n')
    assert botocore_data.services([module]) == ["sesv2"]


def test_a_service_named_by_a_variable_fails_the_build(tmp_path: Path) -> None:
    module = tmp_path / "mail.py"
    module.write_text("client = aws.client(name)\n")
    with pytest.raises(SystemExit, match=r"mail\.py"):
        botocore_data.services([module])


def test_a_folder_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        botocore_data.main(["nowhere"])
    assert exit_.value.code == 2
    assert "nowhere" in capsys.readouterr().err
