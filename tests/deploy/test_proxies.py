"""What the shipped configurations of proxies promise; whether they can be read at all, their own programs tell."""

from __future__ import annotations

import re
from pathlib import Path

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
NGINX = (DEPLOY / "nginx" / "consult.conf").read_text("utf-8")
CADDY = (DEPLOY / "caddy" / "Caddyfile").read_text("utf-8")
HOST = "consult.example.org"


def test_a_host_of_its_own_serves_the_program_alone() -> None:
    assert set(re.findall(r"server_name (\S+);", NGINX)) == {HOST}
    assert set(re.findall(r"proxy_pass (\S+);", NGINX)) == {"http://consult"}
    assert re.findall(r"^(\S+) \{", CADDY, re.MULTILINE) == [f"http://{HOST}", HOST]
    assert re.findall(r"^\s*reverse_proxy (\S+)", CADDY, re.MULTILINE) == ["127.0.0.1:8000"]
    served = re.findall(r"^\s*(?:root|file_server|alias)\b.*", NGINX + CADDY, re.MULTILINE)
    assert [one.strip() for one in served] == ["root /var/www/acme;"]


def test_programs_are_not_led_from_http_to_https() -> None:
    plain = NGINX[NGINX.index("listen 80;") : NGINX.index("listen 443")]
    refused, led = re.findall(r"location (~ \S+|/) \{\s+return (\d+)", plain)
    assert (refused[1], led) == ("403", ("/", "301"))
    for path in ("/api", "/api/v1/consultations", "/oidc/logout"):
        assert re.search(refused[0].removeprefix("~ "), path)
    assert not re.search(refused[0].removeprefix("~ "), "/mk/apiary")
    assert "@programs path /api /api/* /oidc/*\n\thandle @programs {\n\t\trespond 403" in CADDY


def test_only_tls_of_today_is_spoken() -> None:
    assert re.findall(r"ssl_protocols ([^;]+);", NGINX) == ["TLSv1.2 TLSv1.3"]
    suites = re.findall(r"ssl_ciphers ([^;]+);", NGINX)[0].split(":")
    assert all(one.startswith("ECDHE-") and ("GCM" in one or "POLY1305" in one) for one in suites)
    assert "tls " not in CADDY  # its own choice: 1.2 and 1.3, suites with forward secrecy, certificates by ACME
    assert re.findall(r"ssl_certificate(?:_key)? (\S+);", NGINX) == [
        f"/etc/letsencrypt/live/{HOST}/{name}.pem" for name in ("fullchain", "privkey")
    ]


def test_addresses_and_paths_stand_in_no_log_of_a_proxy() -> None:
    kept = re.findall(r"log_format consult '([^']+)'", NGINX)[0]
    assert not re.search(r"remote|request_uri|\$uri|\$request\b|args|referer|user_agent|forwarded", kept)
    assert "body_bytes_sent" not in kept, "the size of a receipt is that of somebody's answers"
    assert set(re.findall(r"access_log ([^;]+);", NGINX)) == {"off", "/var/log/nginx/consult.log consult"}
    assert "exclude http.log.access http.log.error http.handlers.reverse_proxy" in CADDY
