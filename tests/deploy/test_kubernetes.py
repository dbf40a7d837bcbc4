"""The Kubernetes manifests agree with the settings, with the programs, and with one another."""

import re
from typing import Any

import pytest
import yaml

from channels.turn import TURN_SECONDS
from clinic.settings import PROJECT_ROOT, load_settings
from tests.deploy.proxy import SHIPPED
from tests.deploy.shipped import (
    DEPLOY,
    FILLED_IN,
    OF_SANIC,
    OF_UVICORN,
    SETTINGS,
    containers,
    manifest,
    manifests,
    objects_of,
    pods,
)

PODS = pods()
CONTAINERS = [(f"{name}/{each['name']}", each) for name, pod in PODS.items() for each in containers(pod)]
GIVEN: dict[str, str] = manifest("ConfigMap", "milia-settings")["data"]
SECRETS: dict[str, str] = manifest("Secret", "milia-secrets")["stringData"]
# For trying out a stand-in, which production never does.
NOT_FOR_PRODUCTION = {"TWILIO_API_URL"}
every_container = pytest.mark.parametrize(
    "container", [each for _, each in CONTAINERS], ids=[name for name, _ in CONTAINERS]
)


def container(pod: str, name: str) -> dict[str, Any]:
    (found,) = [each for each in containers(PODS[pod]) if each["name"] == name]
    return found


def test_the_kustomization_has_every_file_but_the_example_of_secrets() -> None:
    folder = DEPLOY / "kubernetes"
    (kustomization,) = objects_of(folder / "kustomization.yaml")
    there = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml", "secret.example.yaml"}
    assert set(kustomization["resources"]) == there
    assert [image["name"] for image in kustomization["images"]] == ["milia-assistant"]


def test_every_setting_is_given_and_no_other() -> None:
    assert not set(GIVEN) & set(SECRETS)
    assert set(GIVEN) - {OF_SANIC} | set(SECRETS) == set(SETTINGS) - NOT_FOR_PRODUCTION


def test_the_example_of_secrets_holds_none() -> None:
    assert set(SECRETS.values()) == {""}


def test_production_takes_these_settings() -> None:
    settings = load_settings({**GIVEN, **SECRETS, **FILLED_IN})
    assert settings.is_production
    assert settings.console.is_https
    assert settings.rate_limits


@every_container
def test_every_container_is_confined(container: dict[str, Any]) -> None:
    confined = container["securityContext"]
    assert confined["allowPrivilegeEscalation"] is False
    assert confined["readOnlyRootFilesystem"] is True
    assert confined["capabilities"] == {"drop": ["ALL"]}
    assert "/tmp" in [mount["mountPath"] for mount in container["volumeMounts"]]


def test_models_and_files_are_written_by_the_preparation_and_the_console_alone() -> None:
    writers = {
        name
        for name, each in CONTAINERS
        for mount in each["volumeMounts"]
        if mount["mountPath"] != "/tmp" and not mount.get("readOnly")
    }
    assert writers == {"milia-preparation/preparation", "milia-console/console"}
    mounts = {mount["mountPath"] for mount in container("milia-bot", "bot")["volumeMounts"] if mount.get("readOnly")}
    assert mounts == {"/app/models", "/app/var"}


@every_container
def test_every_container_says_what_it_needs(container: dict[str, Any]) -> None:
    needs = container["resources"]
    assert {"cpu", "memory"} <= set(needs["requests"])
    assert mebibytes(needs["requests"]["memory"]) <= mebibytes(needs["limits"]["memory"])


@every_container
def test_every_container_runs_a_program_that_there_is_with_all_settings(container: dict[str, Any]) -> None:
    assert container["image"] == "milia-assistant"
    program, *arguments = container["args"]
    if program == "python":
        assert arguments[0] == "-m"
        assert (PROJECT_ROOT / arguments[1].replace(".", "/")).with_suffix(".py").is_file()
    else:
        assert (PROJECT_ROOT / program).stat().st_mode & 0o111
    assert container["envFrom"] == [
        {"configMapRef": {"name": "milia-settings"}},
        {"secretRef": {"name": "milia-secrets"}},
    ]
    assert {each["name"] for each in container.get("env", [])} <= {*SETTINGS, OF_UVICORN}


@pytest.mark.parametrize("pod", PODS)
def test_no_pod_runs_as_root_or_holds_a_token_of_the_cluster(pod: str) -> None:
    spec = PODS[pod]["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["securityContext"]["runAsNonRoot"] is True
    assert spec["securityContext"]["runAsUser"] == spec["securityContext"]["fsGroup"] == image_user()
    assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}


@pytest.mark.parametrize("pod", PODS)
def test_what_is_mounted_is_a_volume_of_the_pod(pod: str) -> None:
    there = {volume["name"] for volume in PODS[pod]["spec"]["volumes"]}
    used = {mount["name"] for each in containers(PODS[pod]) for mount in each["volumeMounts"]}
    assert used == there
    claims = {
        volume["persistentVolumeClaim"]["claimName"]
        for volume in PODS[pod]["spec"]["volumes"]
        if "persistentVolumeClaim" in volume
    }
    assert claims == {"milia-shared-files"}
    assert manifest("PersistentVolumeClaim", "milia-shared-files")["spec"]["accessModes"] == ["ReadWriteMany"]


@pytest.mark.parametrize("name", ["milia-bot", "milia-console"])
def test_services_and_deployments_select_their_own_pods(name: str) -> None:
    labels = PODS[name]["metadata"]["labels"]
    assert manifest("Deployment", name)["spec"]["selector"]["matchLabels"] == labels
    service = manifest("Service", name)["spec"]
    assert service["selector"] == labels
    others = [pod["metadata"]["labels"] for other, pod in PODS.items() if other != name]
    assert labels not in others
    (port,) = service["ports"]
    assert [port["targetPort"]] == [own["name"] for own in containers(PODS[name])[-1]["ports"]]


def test_budget_and_autoscaler_are_of_the_bots() -> None:
    budget = manifest("PodDisruptionBudget", "milia-bot")["spec"]
    assert budget["selector"]["matchLabels"] == PODS["milia-bot"]["metadata"]["labels"]
    scaler = manifest("HorizontalPodAutoscaler", "milia-bot")["spec"]
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "milia-bot"}
    assert scaler["minReplicas"] >= 2
    assert "replicas" not in manifest("Deployment", "milia-bot")["spec"]
    (metric,) = scaler["metrics"]
    assert metric["containerResource"]["container"] == "bot"


@pytest.mark.parametrize(
    ("pod", "name", "setting"), [("milia-bot", "bot", "BOT_PORT"), ("milia-console", "console", "CONSOLE_PORT")]
)
def test_ports_are_those_of_the_settings(pod: str, name: str, setting: str) -> None:
    number = int(GIVEN[setting])
    assert [port["containerPort"] for port in container(pod, name)["ports"]] == [number]
    assert [port["port"] for port in manifest("Service", pod)["spec"]["ports"]] == [number]
    policy = manifest("NetworkPolicy", f"to-{name}")["spec"]
    scraper = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    assert scraper in policy["ingress"][0]["from"]
    assert policy["podSelector"]["matchLabels"] == PODS[pod]["metadata"]["labels"]
    assert policy["ingress"][0]["ports"] == [{"port": number}]


@pytest.mark.parametrize(
    ("pod", "name", "probe", "path"),
    [
        ("milia-bot", "bot", "startupProbe", "/health/ready"),
        ("milia-bot", "bot", "readinessProbe", "/health/live"),
        ("milia-bot", "bot", "livenessProbe", "/health/live"),
        ("milia-console", "console", "startupProbe", "/health/live"),
        ("milia-console", "console", "readinessProbe", "/health/ready"),
        ("milia-console", "console", "livenessProbe", "/health/live"),
    ],
)
def test_probes_ask_what_they_are_for(pod: str, name: str, probe: str, path: str) -> None:
    asked = container(pod, name)[probe]["httpGet"]
    assert (asked["path"], asked["port"]) == (path, "http")
    if name == "console":
        settings = load_settings({**GIVEN, **SECRETS, **FILLED_IN})
        assert asked["httpHeaders"] == [{"name": "Host", "value": "127.0.0.1"}]
        assert "127.0.0.1" in settings.console.hosts


def test_the_action_server_is_a_sidecar_that_is_asked_on_loopback() -> None:
    actions = container("milia-bot", "actions")
    assert actions in PODS["milia-bot"]["spec"]["initContainers"]
    assert actions["restartPolicy"] == "Always"
    assert actions["livenessProbe"]["exec"]["command"][-1] == f"http://127.0.0.1:{GIVEN['ACTIONS_PORT']}/health"


def test_a_bot_that_is_stopped_has_time_for_its_turns() -> None:
    before_the_stop = int(container("milia-bot", "bot")["lifecycle"]["preStop"]["exec"]["command"][-1])
    assert PODS["milia-bot"]["spec"]["terminationGracePeriodSeconds"] > before_the_stop + TURN_SECONDS
    assert manifest("Deployment", "milia-bot")["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0


def test_from_outside_only_what_visitors_need_of_the_bot_and_the_console_under_its_own_name() -> None:
    settings = load_settings({**GIVEN, **SECRETS, **FILLED_IN})
    shown = {each["metadata"]["name"]: each["spec"] for each in manifests() if each["kind"] == "Ingress"}
    hosts = {name: [rule["host"] for rule in spec["rules"]] for name, spec in shown.items()}
    assert hosts == {
        "milia-bot": [settings.public_url.removeprefix("https://")],
        "milia-console": [settings.console.url.removeprefix("https://")],
    }
    assert all(spec["tls"][0]["hosts"] == hosts[name] for name, spec in shown.items())
    paths = [(path["path"], path["pathType"]) for path in shown["milia-bot"]["rules"][0]["http"]["paths"]]
    assert paths == [("/webhooks/", "Prefix"), ("/health/live", "Exact")]


def test_the_ingress_sets_the_limits_of_the_shipped_proxy() -> None:
    shipped = "".join(
        path.read_text(encoding="utf-8") for path in (SHIPPED / "nginx.conf", *SHIPPED.glob("templates/*"))
    )
    limits = manifest("Ingress", "milia-bot")["metadata"]["annotations"]
    for directive in ("client_max_body_size", "proxy_connect_timeout", "proxy_read_timeout", "proxy_next_upstream"):
        assert f"{directive} {limits['nginx.org/' + directive.replace('_', '-')]};" in shipped
    assert f"zone=requests:10m rate={limits['nginx.org/limit-req-rate']};" in shipped
    assert f"limit_req zone=requests burst={limits['nginx.org/limit-req-burst']} nodelay;" in shipped


def image_user() -> int:
    dockerfile = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    found = re.search(r"^USER (\d+):", dockerfile, re.MULTILINE)
    assert found
    return int(found[1])


def mebibytes(quantity: str) -> int:
    number, unit = int(quantity[:-2]), quantity[-2:]
    return number * {"Mi": 1, "Gi": 1024}[unit]


def test_the_manifests_hold_no_duplicate_keys() -> None:
    """YAML parsers keep the last of two and say nothing."""

    class Strict(yaml.SafeLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
            assert len(keys) == len(set(keys)), keys
            return super().construct_mapping(node, deep)

    for path in [*(DEPLOY / "kubernetes").glob("*.yaml"), DEPLOY / "compose.yml"]:
        assert list(yaml.load_all(path.read_text(encoding="utf-8"), Strict))
