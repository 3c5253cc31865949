"""deploy/grafana/consult.json, made from a table: `python -m tests.deploy.dashboard --update` writes it anew."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

DASHBOARD = Path(__file__).resolve().parents[2] / "deploy" / "grafana" / "consult.json"
SOURCE = {"type": "prometheus", "uid": "${source}"}
CHOICE = {"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}
HIGH, WIDE = 8, 8  # of 24 columns

# (title, unit, {legend: expression})
PANELS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Requests a second", "reqps", {"{{status}}": "sum by (status) (rate(consult_requests_total[1m]))"}),
    (
        "Time of a request",
        "s",
        {
            share: f"histogram_quantile({share}, sum by (le) (rate(consult_request_seconds_bucket[1m])))"
            for share in ("0.5", "0.95", "0.99")
        },
    ),
    ("How late the busiest process is", "s", {"late": "max(consult_loop_late_seconds)"}),
    ("Answers stored a second", "short", {"answers": "sum(rate(consult_batch_rows_sum[1m]))"}),
    (
        "Answers in a batch, and waiting",
        "short",
        {
            "in a batch": "sum(rate(consult_batch_rows_sum[1m])) / sum(rate(consult_batch_rows_count[1m]))",
            "waiting": "sum(consult_answers_waiting)",
        },
    ),
    (
        "Time to store a batch",
        "s",
        {
            share: f"histogram_quantile({share}, sum by (le) (rate(consult_batch_seconds_bucket[1m])))"
            for share in ("0.5", "0.99")
        },
    ),
    ("Connections to the database", "short", {"{{state}}": "sum by (state) (consult_pool_connections)"}),
    ("Jobs", "short", {"{{state}}": "max by (state) (consult_jobs)", "workers": "max(consult_workers)"}),
    ("Mail", "short", {"{{state}}": "max by (state) (consult_mail)"}),
    (
        "Oldest job and message that wait",
        "s",
        {"job": "max(consult_jobs_late_seconds)", "message": "max(consult_mail_late_seconds)"},
    ),
    ("Age of the last backup", "s", {"backup": "time() - max(consult_last_backup_timestamp_seconds)"}),
    ("How far the copy of the database is behind", "s", {"copy": "max(consult_replica_behind_seconds)"}),
    ("Refusals a second", "reqps", {"{{why}}": "sum by (why) (rate(consult_refusals_total[5m]))"}),
    ("Free on the disk of the data", "bytes", {"free": "min(consult_disk_free_bytes)"}),
)


def panel(number: int, title: str, unit: str, lines: dict[str, str]) -> dict[str, Any]:
    per_row = 24 // WIDE
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": title,
        "datasource": SOURCE,
        "gridPos": {"h": HIGH, "w": WIDE, "x": number % per_row * WIDE, "y": number // per_row * HIGH},
        "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []},
        "targets": [
            {"refId": chr(65 + place), "datasource": SOURCE, "expr": expression, "legendFormat": legend}
            for place, (legend, expression) in enumerate(lines.items())
        ],
    }


def dashboard() -> str:
    whole = {
        "title": "Consult",
        "uid": "consult",
        "tags": ["consult"],
        "timezone": "browser",
        "schemaVersion": 38,
        "refresh": "15s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {
            "list": [{"name": "source", "label": "Prometheus", "type": "datasource", "query": "prometheus"}]
        },
        "panels": [panel(number, *one) for number, one in enumerate(PANELS)],
    }
    return json.dumps(whole, indent=1) + "\n"


if __name__ == "__main__":
    if "--update" in sys.argv[1:]:
        DASHBOARD.write_text(dashboard())
    elif DASHBOARD.read_text() != dashboard():
        sys.exit("deploy/grafana/consult.json is older than its table: python -m tests.deploy.dashboard --update")
