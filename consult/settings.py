"""Everything an operator can set, read from the environment once into one frozen record and then passed on."""

from __future__ import annotations

import ipaddress
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

PREFIX = "CONSULT_"
PACKAGE = Path(__file__).resolve().parent
if TYPE_CHECKING:
    Network = ipaddress.IPv4Network | ipaddress.IPv6Network
else:
    Network = Any  # handlers get Settings as an argument, and msgspec checks no union of two foreign classes
T = TypeVar("T")


class InvalidSettings(Exception):
    """The environment holds values that cannot be used; `faults` names each variable and what to write instead."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's choices; the README's configuration table says what each is for."""

    port: int = 8000
    host: str = "127.0.0.1"
    base_url: str = "http://localhost:8000"
    data: Path = Path("var")
    database_url: str | None = None
    profile: str = "skopje"
    workers: int = 1
    trusted_proxies: tuple[Network, ...] = ()
    smtp_host: str | None = None
    smtp_port: int = 25
    smtp_user: str | None = None
    smtp_password: str | None = None
    smtp_security: Literal["none", "starttls", "tls"] = "starttls"
    mail_from: str | None = None
    letters_per_minute: int = 60
    comments_per_network: int = 60
    registrations_per_network: int = 100
    upload_limit_mib: int = 10
    abuse: bool = True

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read CONSULT_* variables. Raises InvalidSettings with every fault at once."""
        source = os.environ if env is None else env
        faults: list[str] = []

        def read(name: str, parse: Callable[[str], T], default: T) -> T:
            raw = source.get(PREFIX + name, "").strip()
            if not raw:
                return default
            try:
                return parse(raw)
            except ValueError as fault:
                faults.append(f"{PREFIX}{name}: {fault}")
                return default

        port = read("PORT", _port, 8000)
        settings = cls(
            port=port,
            host=read("HOST", str, "127.0.0.1"),
            base_url=read("BASE_URL", _url, f"http://localhost:{port}"),
            data=read("DATA", lambda raw: Path(raw).expanduser().absolute(), Path("var").absolute()),
            database_url=read("DATABASE_URL", _database_url, None),
            profile=read("PROFILE", str, "skopje"),
            workers=read("WORKERS", _count, 1),
            trusted_proxies=read("TRUSTED_PROXIES", _networks, ()),
            smtp_host=read("SMTP_HOST", str, None),
            smtp_port=read("SMTP_PORT", _port, 25),
            smtp_user=read("SMTP_USER", str, None),
            smtp_password=read("SMTP_PASSWORD", str, None),
            smtp_security=read("SMTP_SECURITY", _security, "starttls"),
            mail_from=read("MAIL_FROM", _address, None),
            letters_per_minute=read("LETTERS_PER_MINUTE", _count, 60),
            comments_per_network=read("COMMENTS_PER_NETWORK", _count, 60),
            registrations_per_network=read("REGISTRATIONS_PER_NETWORK", _count, 100),
            upload_limit_mib=read("UPLOAD_LIMIT_MIB", _count, 10),
            abuse=read("ABUSE", _switch, True),
        )
        known = {PREFIX + name.upper() for name in cls.__slots__}
        faults += [
            f"{name}: there is no such setting" for name in source if name.startswith(PREFIX) and name not in known
        ]
        if faults:
            raise InvalidSettings(faults)
        return settings


def _port(raw: str) -> int:
    if not raw.isdigit() or not 0 < int(raw) < 65536:
        raise ValueError(f"write a port from 1 to 65535, not {raw!r}")
    return int(raw)


def _count(raw: str) -> int:
    if not raw.isdigit() or int(raw) == 0:
        raise ValueError(f"write a whole number from 1 on, not {raw!r}")
    return int(raw)


def _url(raw: str) -> str:
    if not raw.startswith(("http://", "https://")):
        raise ValueError(f"write an address that begins with http:// or https://, not {raw!r}")
    return raw.rstrip("/")


def _database_url(raw: str) -> str | None:
    if not raw.startswith(("postgresql://", "postgres://")):
        raise ValueError("write an address that begins with postgresql://")
    return raw


def _networks(raw: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in raw.split(",") if part.strip())
    except ValueError as fault:
        raise ValueError(f"write networks such as 10.0.0.0/8, divided by commas ({fault})") from fault


def _security(raw: str) -> Literal["none", "starttls", "tls"]:
    match raw.lower():
        case "none":
            return "none"
        case "starttls":
            return "starttls"
        case "tls":
            return "tls"
    raise ValueError(f"write none, starttls or tls, not {raw!r}")


def _address(raw: str) -> str | None:
    if raw.count("@") != 1 or any(c.isspace() for c in raw):
        raise ValueError(f"write an e-mail address, not {raw!r}")
    return raw


def _switch(raw: str) -> bool:
    if raw.lower() in {"on", "1", "true", "yes"}:
        return True
    if raw.lower() in {"off", "0", "false", "no"}:
        return False
    raise ValueError(f"write on or off, not {raw!r}")


def secret_key(settings: Settings) -> bytes:
    """Return the installation's 32-byte secret, made at the first start and kept in DATA/secret with mode 0600.

    Several processes may start at once: the file is created exclusively, and the others read what the first wrote.
    """
    path = settings.data / "secret"
    settings.data.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"secret.{os.getpid()}")
    if not path.exists():
        fresh.write_bytes(secrets.token_bytes(32))
        fresh.chmod(0o600)
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


_REPOSITORY = {"locales": "locales", "surveys": "surveys", "profiles": "deploy/profiles"}


def resource(kind: Literal["locales", "surveys", "profiles", "static"], *parts: str) -> Path:
    """Return the path of shipped data: inside the installed package, or in the checkout it runs from."""
    if kind == "static":
        return PACKAGE.joinpath("web", "static", *parts)
    packaged = PACKAGE / "_data" / kind
    root = packaged if packaged.is_dir() else PACKAGE.parent / _REPOSITORY[kind]
    return root.joinpath(*parts)
