"""What `deploy/cluster` promises stands in its files; the rehearsal itself needs Debian's packages and minutes."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from consult.settings import Settings
from consult.storage import hosts
from tests.cluster.nodes import NETWORK, ROLES

CLUSTER = Path(__file__).parents[2] / "deploy" / "cluster"


def variables(name: str) -> dict[str, str]:
    lines = (CLUSTER / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_an_acknowledged_answer_is_on_two_nodes_and_a_dead_one_is_replaced_in_time() -> None:
    shared = yaml.safe_load((CLUSTER / "patroni.yml").read_text())["bootstrap"]["dcs"]
    assert shared["synchronous_mode"] is True
    assert shared["loop_wait"] + 2 * shared["retry_timeout"] <= shared["ttl"] < 30
    assert shared["primary_start_timeout"] == 0


def test_a_node_keeps_no_traces_of_people() -> None:
    parameters = yaml.safe_load((CLUSTER / "patroni.yml").read_text())["bootstrap"]["dcs"]["postgresql"]["parameters"]
    assert parameters["track_commit_timestamp"] == "off"
    assert (parameters["log_statement"], parameters["log_parameter_max_length"]) == ("none", 0)


def test_the_settings_of_a_web_node_are_settings() -> None:
    settings = Settings.from_env(variables("web.env"))
    assert settings.database_url is not None
    assert settings.replica_url is not None
    assert len(hosts.hosts(settings.database_url)) == 2
    assert hosts.wish_of(settings.database_url, "any") == hosts.WRITES
    assert hosts.wish_of(settings.replica_url, "any") == hosts.READS


def test_the_rehearsal_finds_what_it_replaces() -> None:
    text = (CLUSTER / "patroni.yml").read_text()
    assert "/etc/patroni/create-database" in text
    assert "/var/run/postgresql" in text
    assert NETWORK.search(text)
    assert {"CONSULT_DB_PASSWORD", *(f"{role}_PASSWORD" for role in ROLES)} <= set(variables("node.env"))


def test_the_cluster_is_open_to_its_own_machines_only() -> None:
    rules = yaml.safe_load((CLUSTER / "patroni.yml").read_text())["postgresql"]["pg_hba"]
    remote = [rule.split() for rule in rules if not rule.startswith("local ")]
    assert {kind for kind, *_ in remote} == {"hostssl"}
    assert "postgres" not in {user for _, _, user, *_ in remote}
    assert all(NETWORK.fullmatch(network) for *_, network, _ in remote)
    closed = (CLUSTER / "firewall.nft").read_text()
    ports = set(re.findall(r":(\d{4})\b", "".join((CLUSTER / name).read_text() for name in ("node.env", "etcd.env"))))
    (dropped,) = re.findall(r"tcp dport \{(.+?)\} drop", closed)
    assert ports == {port.strip() for port in dropped.split(",")} == {"2379", "2380", "5432", "8008"}
    assert all(
        "sslmode=require" in variables("web.env")[name] for name in ("CONSULT_DATABASE_URL", "CONSULT_REPLICA_URL")
    )


def test_the_units_may_do_on_a_web_node_what_its_settings_want() -> None:
    let = dict(line.split("=", 1) for line in (CLUSTER / "web.conf").read_text().splitlines() if "=" in line[1:])
    settings = Settings.from_env(variables("web.env"))
    assert let["ReadWritePaths"] == let["RequiresMountsFor"] == str(settings.data)
    assert settings.database_url is not None
    machines = [re.search(r"@([0-9.]+):", one) for one in hosts.hosts(settings.database_url)]
    proxies = [str(network.network_address) for network in settings.trusted_proxies]
    assert let["IPAddressAllow"].split() == [*proxies, *(found[1] for found in machines if found)]
    assert f"elements = {{ {proxies[0]} }}" in (CLUSTER / "firewall.nft").read_text()


def test_the_place_of_the_primary_is_renewed_by_comparing() -> None:
    """Patroni 3.0 over etcd's newer interface writes its name anew without asking who holds the place meanwhile."""
    assert variables("etcd.env")["ETCD_ENABLE_V2"] == "true"
    assert {name for name in variables("node.env") if "ETCD" in name} == {"PATRONI_ETCD_HOSTS"}
