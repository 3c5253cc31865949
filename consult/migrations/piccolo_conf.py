"""What Piccolo's own command line looks for (PICCOLO_CONF=consult.migrations.piccolo_conf)."""

from piccolo.conf.apps import AppRegistry

from consult.storage import DB

APP_REGISTRY = AppRegistry(apps=["consult.migrations.piccolo_app"])

__all__ = ["APP_REGISTRY", "DB"]
