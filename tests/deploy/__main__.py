"""`make deploy-check`: each file under deploy/ examined by the tool that will read it.

A tool that is not here is told and left out. Where `.ci/run` may install it from Debian it must be here.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
PROGRAM = "/opt/consult/bin/consult"
LARGEST_EXPOSURE = 15  # of 100, by systemd's own count; an ordinary service has 96
PACKAGES = {
    "systemd-analyze": "systemd",
    "nginx": "nginx-light",
    "caddy": "caddy",
    "promtool": "prometheus",
    "docker-compose": "docker-compose",
    "nft": "nftables",
}
Examination = Iterator[list[str]]


@dataclass(frozen=True, slots=True)
class Check:
    """What a tool is asked, in a folder of its own; what it says counts as a fault where is_silent."""

    tool: str
    about: str
    commands: Callable[[Path], Examination]
    is_silent: bool = False


def copied(file: str, folder: Path, *changes: tuple[str, str]) -> Path:
    """A copy of a file with other paths in it."""
    text = (DEPLOY / file).read_text()
    for pattern, replacement in changes:
        text, count = re.subn(pattern, replacement, text)
        if not count:
            raise SystemExit(f"{file}: {pattern} does not stand in it")
    target = folder / Path(file).name
    target.write_text(text)
    return target


def units(folder: Path) -> Examination:
    services = ("consult", "consult-worker", "consult-backup")
    for name in services:
        copied(f"systemd/{name}.service", folder, (PROGRAM, shutil.which("true") or "/bin/true"))
        (folder / f"{name}.service.d").mkdir()
        copied("systemd/secrets.conf", folder / f"{name}.service.d")
        copied("cluster/web.conf", folder / f"{name}.service.d")
    copied("systemd/consult-backup.timer", folder)
    files = [str(path) for path in sorted(folder.glob("*.*")) if path.is_file()]
    yield ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", *files]


def exposure(folder: Path) -> Examination:
    for file in sorted((DEPLOY / "systemd").glob("*.service")):
        limit = str(LARGEST_EXPOSURE)
        yield ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={limit}", str(file)]


def nginx(folder: Path) -> Examination:
    yield from certified(folder)
    yield ["nginx", "-t", "-q", "-p", str(folder), "-c", str(site(folder))]


def certified(folder: Path) -> Examination:
    subject = ["-subj", "/CN=consult.example.org", "-days", "1"]
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    yield ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate),
           *subject]  # fmt: skip


NODES = ("node-0", "node-1")
# What stands in the file for two web nodes, put in place of the one; the limits as low as they go.
TWO_NODES = ((r"    server 127\S+;\n", ""), (r"# (server \S+ (?:backup )?max_fails)", r"\1"))
LOW_LIMITS = ((r"rate=\d+r/s", "rate=1r/m"), (r"burst=\d+", "burst=2"), (r"(consult_connections) \d+;", r"\1 1;"))


def site(folder: Path, *changes: tuple[str, str]) -> Path:
    """nginx's whole configuration with the shipped one in it, at sockets of its own: a port may be taken."""
    file = copied(
        "nginx/consult.conf",
        folder,
        (r"/etc/letsencrypt/live/\S+/fullchain.pem", str(folder / "certificate.pem")),
        (r"/etc/letsencrypt/live/\S+/privkey.pem", str(folder / "key.pem")),
        (
            r"/var/cache/nginx-consult",
            f"{folder}/cache",
        ),  # its own: after a minute nginx empties it of what it does not know
        (r"/var/log/nginx", str(folder)),
        *changes,
    )
    numbers = iter(range(10))
    text = re.sub(r"listen (\S+:)?\d+", lambda _: f"listen unix:{folder}/{next(numbers)}", file.read_text())
    text = re.sub(r"server (127\.0\.0\.1:8000|10\.1\.0\.11:8000)\b", f"server unix:{folder}/{NODES[0]}", text)
    file.write_text(re.sub(r"server 10\.1\.0\.12:8000\b", f"server unix:{folder}/{NODES[1]}", text))
    user = "user root root;\n" if os.geteuid() == 0 else ""  # the folder is its owner's
    places = "".join(
        f"    {one}_temp_path {folder}/{one};\n" for one in ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"{user}pid {folder}/pid;\nerror_log {folder}/log;\nevents {{}}\nhttp {{\n{places}    include {file};\n}}\n"
    )
    return whole


def nginx_crowd(folder: Path) -> Examination:
    yield from certified(folder)
    small = (r"client_max_body_size \w+;", "client_max_body_size 10k;")
    plays = (("crowd", NODES, TWO_NODES), ("forms", NODES, (*TWO_NODES, small)), ("limits", NODES[:1], LOW_LIMITS))
    for play, nodes, changes in plays:
        whole = site(folder, *changes)
        command = ["nginx", "-p", str(folder), "-c", str(whole), "-g", "daemon off;"]
        yield crowd(play, f"tls:{folder}/2", folder, nodes, command)
        (folder / "2").unlink(missing_ok=True)


def crowd(play: str, listen: str, folder: Path, nodes: Iterable[str], command: list[str]) -> list[str]:
    script = str(Path(__file__).with_name("crowd.py"))
    return [sys.executable, script, play, listen, *(str(folder / one) for one in nodes), "--", *command]


def caddy(folder: Path) -> Examination:
    file = copied("caddy/Caddyfile", folder)
    yield ["caddy", "validate", "--adapter", "caddyfile", "--config", str(file)]
    yield ["caddy", "fmt", "--overwrite", str(file)]
    yield ["diff", str(file), str(DEPLOY / "caddy/Caddyfile")]


def caddy_crowd(folder: Path) -> Examination:
    """At a socket and without certificates, which it would fetch; else as it is shipped."""
    file = copied(
        "caddy/Caddyfile",
        folder,
        (r"(?m)^\{$", "{\n\tadmin off"),
        (r"(?m)^http://consult\.example\.org \{$", f"http://plain.example.org {{\n\tbind unix/{folder}/plain"),
        (r"(?m)^consult\.example\.org \{$", f"http://consult.example.org {{\n\tbind unix/{folder}/listen"),
    )
    shipped = file.read_text()
    for play, nodes in (("crowd", NODES[:1]), ("crowd", NODES), ("forms", NODES[:1])):
        places = " ".join(f"unix/{folder}/{one}" for one in nodes)
        text = shipped.replace("reverse_proxy 127.0.0.1:8000", f"reverse_proxy {places}")
        file.write_text(text.replace("max_size 64MB", "max_size 10KB") if play == "forms" else text)
        command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(file)]
        yield crowd(play, f"{folder}/listen", folder, nodes, command)


def rules(folder: Path) -> Examination:
    for name in ("alerts.yml", "alerts.test.yml", "prometheus.yml"):
        copied(f"prometheus/{name}", folder)
    yield ["promtool", "check", "rules", str(folder / "alerts.yml")]
    yield ["promtool", "test", "rules", str(folder / "alerts.test.yml")]
    yield ["promtool", "check", "config", str(folder / "prometheus.yml")]


def compose(folder: Path) -> Examination:
    copied("container/compose.yaml", folder)
    (folder / "consult.env").touch()
    (folder / "secrets").mkdir()
    for name in ("database-url", "database-password", "secret", "smtp-password"):
        (folder / "secrets" / name).touch()
    yield ["docker-compose", "--project-directory", str(folder), "-f", str(folder / "compose.yaml"), "config", "-q"]


def firewall(folder: Path) -> Examination:
    """Rules are read by the kernel: in a network of its own, so that none of this machine are touched or needed."""
    become = [] if os.geteuid() == 0 else ["--map-root-user"]
    yield ["unshare", "--net", *become, "nft", "--check", "--file", str(DEPLOY / "cluster/firewall.nft")]


def scripts(folder: Path) -> Examination:
    for name in ("consult-shell", "cluster/create-database", "cluster/rehearse"):
        yield ["sh", "-n", str(DEPLOY / name)]


CHECKS = (
    Check("systemd-analyze", "systemd units", units, is_silent=True),
    Check("systemd-analyze", f"sandboxing of the units (exposure at most {LARGEST_EXPOSURE / 10})", exposure),
    Check("nginx", "nginx/consult.conf", nginx),
    Check("nginx", "nginx/consult.conf before a crowd", nginx_crowd),
    Check("caddy", "caddy/Caddyfile", caddy),
    Check("caddy", "caddy/Caddyfile before a crowd", caddy_crowd),
    Check("promtool", "prometheus: alerts, their tests, scraping", rules),
    Check("docker-compose", "container/compose.yaml", compose, is_silent=True),
    Check("nft", "cluster/firewall.nft", firewall, is_silent=True),
    Check("sh", "consult-shell, cluster scripts", scripts, is_silent=True),
)


def examine(check: Check) -> str:
    """What is wrong; nothing where all is well."""
    with tempfile.TemporaryDirectory(prefix="consult-deploy-") as name:
        environment = {"PATH": path(), "HOME": name, "LC_ALL": "C.UTF-8"}
        for command in check.commands(Path(name)):
            done = subprocess.run(command, env=environment, cwd=name, capture_output=True, text=True, check=False)
            said = done.stdout + done.stderr
            if done.returncode or (check.is_silent and said.strip()):
                return said.strip() or f"{command[0]} ended with {done.returncode}"
    return ""


def path() -> str:
    return os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def must_be_whole(environment: Mapping[str, str]) -> bool:
    """Whether `.ci/tools` was to install what is missing: in CI, where we may."""
    return "CI" in environment and os.geteuid() == 0 and shutil.which("apt-get", path=path()) is not None


def told(checks: Iterable[Check], *, is_whole: bool) -> bool:
    """Print what each check finds; whether all is well. A check whose tool is missing is a fault where is_whole."""
    is_well = True
    for check in checks:
        if shutil.which(check.tool, path=path()) is None:
            hint = f" (apt-get install {PACKAGES[check.tool]})" if check.tool in PACKAGES else ""
            print(f"NOT CHECKED  {check.about}: {check.tool} is not here{hint}")
            is_well &= not is_whole
            continue
        wrong = examine(check)
        is_well &= not wrong
        print(f"{'WRONG' if wrong else 'ok':<12} {check.about} ({check.tool})")
        if wrong:
            print(wrong)
    return is_well


def main() -> int:
    return int(not told(CHECKS, is_whole=must_be_whole(os.environ)))


if __name__ == "__main__":
    sys.exit(main())
