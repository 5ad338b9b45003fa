"""The containers. No engine need run here: the files are held to the compose specification and to what they promise."""

import http.server
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPOSE = ROOT / "docker-compose.yml"
PASSWORD = r"\$\{NEO4J_PASSWORD:\?[^}]+\}"

Service = dict[str, Any]


@pytest.fixture
def services() -> dict[str, Service]:
    loaded: dict[str, Service] = yaml.safe_load(COMPOSE.read_text())["services"]
    return loaded


def specification(path: Path) -> subprocess.CompletedProcess[str]:
    """The verdict of the compose specification's own schema, as check-jsonschema carries it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(path)]
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)


def test_docker_compose_follows_the_compose_specification() -> None:
    verdict = specification(COMPOSE)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("healthcheck:", "helthcheck:"),
        ("condition: service_healthy", "condition: healthy"),
        ("retries: 12", "retries: [12]"),
    ],
)
def test_the_specification_would_refuse_a_mistake(right: str, wrong: str, tmp_path: Path) -> None:
    text = COMPOSE.read_text()
    assert right in text
    mistaken = tmp_path / "docker-compose.yml"
    mistaken.write_text(text.replace(right, wrong))
    assert specification(mistaken).returncode == 1


def test_the_password_comes_from_the_environment_and_is_demanded(services: dict[str, Service]) -> None:
    assert re.fullmatch(f"neo4j/{PASSWORD}", services["neo4j"]["environment"]["NEO4J_AUTH"])
    for name in ("load", "api"):
        store = services[name]["environment"]["PEACEGRAPH_STORE"]
        assert re.fullmatch(f"neo4j://neo4j:{PASSWORD}@neo4j:7687/neo4j", store)


def test_no_service_is_given_a_secret_in_clear(services: dict[str, Service]) -> None:
    for name, service in services.items():
        for variable, value in service["environment"].items():
            literal = re.sub(PASSWORD, "", str(value))
            assert not re.search("PASSWORD|SECRET|TOKEN", variable), f"{name}: {variable}"
            assert not re.search(r"://[^/@\s]+:[^@\s]+@|^neo4j/.", literal), f"{name}: {variable}"


def test_every_service_that_stays_has_a_health_check_and_comes_back(services: dict[str, Service]) -> None:
    staying = {name for name, service in services.items() if service["restart"] != "no"}
    assert staying == {"neo4j", "api"}
    for name in staying:
        assert services[name]["healthcheck"]["test"]
        assert services[name]["restart"] == "unless-stopped"


def test_load_waits_for_neo4j_and_the_api_for_load(services: dict[str, Service]) -> None:
    assert services["load"]["depends_on"] == {"neo4j": {"condition": "service_healthy"}}
    assert services["api"]["depends_on"] == {"load": {"condition": "service_completed_successfully"}}
    assert services["load"]["command"] == ["load"]
    assert services["api"]["command"] == ["serve"]


def test_graph_and_releases_outlive_their_containers(services: dict[str, Service]) -> None:
    named = yaml.safe_load(COMPOSE.read_text())["volumes"]
    assert set(named) == {"neo4j-data", "releases"}
    assert services["neo4j"]["volumes"] == ["neo4j-data:/data"]
    for name in ("load", "api"):
        assert services[name]["volumes"] == ["releases:" + services[name]["environment"]["PEACEGRAPH_RELEASES"]]


@contextmanager
def answering(status: int) -> Iterator[int]:
    """A server on a free port that answers /readyz with `status`, and everything else with 404."""

    class Ready(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    with http.server.HTTPServer(("127.0.0.1", 0), Ready) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(("status", "healthy"), [(200, True), (503, False)])
def test_the_health_check_of_the_api_tells_ready_from_not_ready(
    status: int, healthy: bool, services: dict[str, Service]
) -> None:
    kind, _python, *arguments = services["api"]["healthcheck"]["test"]
    assert kind == "CMD"
    with answering(status) as port:
        command = [sys.executable, *(argument.replace(":8000", f":{port}") for argument in arguments)]
        ended = subprocess.run(command, check=False, capture_output=True, timeout=30)
    assert (ended.returncode == 0) is healthy


def test_the_health_check_of_neo4j_signs_in_with_the_password(services: dict[str, Service], tmp_path: Path) -> None:
    shell = tmp_path / "cypher-shell"
    shell.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    shell.chmod(0o755)
    kind, script = services["neo4j"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    environment = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}", "NEO4J_AUTH": "neo4j/a b/c"}
    command = ["sh", "-c", script.replace("$$", "$")]
    ended = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=30)
    assert ended.stdout.splitlines() == ["-u", "neo4j", "-p", "a b/c", "RETURN 1"]


def instructions() -> list[tuple[str, str]]:
    text = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(word.upper(), " ".join(rest.split())) for word, rest in (line.split(maxsplit=1) for line in lines)]


def last_stage() -> list[tuple[str, str]]:
    every = instructions()
    start = max(index for index, (word, _) in enumerate(every) if word == "FROM")
    return every[start:]


def test_the_image_is_built_in_stages_and_runs_as_a_numbered_user_who_is_not_root() -> None:
    assert sum(word == "FROM" for word, _ in instructions()) >= 2
    users = [rest for word, rest in last_stage() if word == "USER"]
    assert users
    assert users[-1].isdigit()
    assert users[-1] != "0"
    assert f"--uid {users[-1]} " in "\n".join(rest for word, rest in last_stage() if word == "RUN")


def test_the_image_installs_from_the_runtime_lock_with_hashes() -> None:
    installs = [rest for word, rest in instructions() if word == "RUN" and "pip install" in rest]
    assert len(installs) == 1
    assert "--require-hashes -r /requirements.txt" in installs[0]
    assert ("COPY", "requirements/runtime.txt /requirements.txt") in instructions()
    assert all(word != "ADD" for word, _ in instructions())


def test_all_that_the_image_copies_exists_and_reaches_the_engine() -> None:
    let_through = [line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")]
    copied = [
        source
        for word, rest in instructions()
        if word == "COPY" and "--from" not in rest
        for source in rest.split()[:-1]
    ]
    assert {"peacegraph.py", "graph", "api", "seed"} <= set(copied)
    for source in copied:
        assert (ROOT / source).exists(), f"{source} is not there"
        assert any(fnmatch(source, pattern) for pattern in let_through), f"{source} is held back by .dockerignore"


def test_the_image_starts_the_command_line_on_every_interface() -> None:
    stage = last_stage()
    assert ("ENTRYPOINT", '["python", "peacegraph.py"]') in stage
    assert ("CMD", '["serve"]') in stage
    assert any(word == "ENV" and "PEACEGRAPH_HOST=0.0.0.0" in rest for word, rest in stage)
