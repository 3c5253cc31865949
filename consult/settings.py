"""Everything an operator can set, read from the environment once into one frozen record and then passed on."""

from __future__ import annotations

import ipaddress
import os
import secrets
import string
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar
from urllib.parse import urlsplit

PREFIX = "CONSULT_"
FILE = "_FILE"
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
    try:
        parts = urlsplit(raw)
        usable = bool(parts.hostname) and parts.port != 0 and not any(c.isspace() for c in raw)
    except ValueError:
        usable = False
    if not usable:
        raise ValueError(f"write an address such as https://consult.example.org, not {raw!r}")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(f"leave out what stands behind the host: the pages need one of their own, not {raw!r}")
    return raw.rstrip("/")


def _issuer(raw: str) -> str | None:
    local = ("http://127.0.0.1:", "http://localhost:")
    if not raw.startswith(("https://", *local)) or "?" in raw or "#" in raw:
        raise ValueError(f"write an address that begins with https://, not {raw!r}")
    return raw


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


def _clamd(raw: str) -> str | None:
    host, _, port = raw.rpartition(":")
    if not raw.startswith("/") and not (host and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"write the path of a socket or host:port, not {raw!r}")
    return raw


def _switch(raw: str) -> bool:
    if raw.lower() in {"on", "1", "true", "yes"}:
        return True
    if raw.lower() in {"off", "0", "false", "no"}:
        return False
    raise ValueError(f"write on or off, not {raw!r}")


def _folder(raw: str) -> Path:
    return Path(raw).expanduser().absolute()


def _hashes(raw: str) -> Path | None:
    """A file of SHA-1 hashes: its first line shows whether it is one."""
    file = _folder(raw)
    try:
        with file.open("rb") as opened:
            first = opened.readline(80).partition(b":")[0].strip()
    except OSError as fault:
        raise ValueError(f"the file {raw} cannot be read: {fault.strerror}") from None
    if len(first) != 40 or not all(chr(letter) in string.hexdigits for letter in first):
        raise ValueError(f"the file {raw} does not begin with a SHA-1 of 40 hexadecimal digits")
    return file


def _secret(raw: str) -> str | None:
    if len(raw) != 64 or not all(letter in string.hexdigits for letter in raw):
        raise ValueError("write 64 hexadecimal digits, as `openssl rand -hex 32` gives them")
    return raw


def setting(default: T, parse: Callable[[str], T], words: str, *, secret: bool = False, shown: str = "") -> T:
    """One line of Settings: its default, how its text is read, and what the reference says about it.

    secret: it can come from a file as well (CONSULT_X_FILE), and never stands in a repr.
    shown: what the reference gives as the default where the value itself would not say it.
    """
    metadata = {"parse": parse, "words": words, "secret": secret, "shown": shown}
    return field(default=default, repr=not secret, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """The operator's choices; deploy/environment.md is made from this table."""

    port: int = setting(8000, _port, "Where `serve` and `demo` listen.")
    host: str = setting("127.0.0.1", str, "The address of this machine at which they listen; 0.0.0.0 for all.")
    base_url: str = setting(
        "http://localhost:8000",
        _url,
        "The public address: links, QR codes, the origin that forms may come from.",
        shown="http://localhost:PORT",
    )
    data: Path = setting(
        Path("var"),
        _folder,
        "The data folder: embedded database, secret, columns, files for staff, mails while there is no mail server.",
        shown="./var",
    )
    database_url: str | None = setting(
        None,
        _database_url,
        "A PostgreSQL (15 or newer) of your own, `postgresql://…`, also on several machines of which one takes writes: "
        "`postgresql://user:word@one:5432,two:5432/consult`. Without it a server of our own runs in the data "
        "folder.",
        secret=True,
    )
    replica_url: str | None = setting(
        None,
        _database_url,
        "A copy of that database (streaming replication) from which analysis reads. It is used while it has all that "
        "is committed, and never otherwise.",
        secret=True,
    )
    secret: str | None = setting(
        None,
        _secret,
        "The installation's secret, 64 hexadecimal digits; without it DATA/secret is made at the first start. "
        "Several machines need the same one.",
        secret=True,
        shown="DATA/secret",
    )
    profile: str = setting("skopje", str, "The municipality: a file in deploy/profiles/.")
    workers: int = setting(1, _count, "Web processes of `serve`.")
    trusted_proxies: tuple[Network, ...] = setting(
        (),
        _networks,
        "Networks whose X-Forwarded-For is believed and which may read /metrics, e.g. 10.0.0.0/8.",
    )
    smtp_host: str | None = setting(None, str, "The mail server; without one mails are written into DATA/outbox.")
    smtp_port: int = setting(25, _port, "Its port.")
    smtp_user: str | None = setting(None, str, "The account there, if it needs one.")
    smtp_password: str | None = setting(None, str, "The password of that account.", secret=True)
    smtp_security: Literal["none", "starttls", "tls"] = setting("starttls", _security, "`none`, `starttls` or `tls`.")
    mail_from: str | None = setting(None, _address, "The sender of all mail.", shown="noreply@ the host of BASE_URL")
    letters_per_minute: int = setting(60, _count, "How many invitations and reminders go out in a minute.")
    comments_per_network: int = setting(
        60,
        _count,
        "Comments from one network within four minutes; beyond it the form asks for patience and keeps its text.",
    )
    registrations_per_network: int = setting(
        100, _count, "The same for registrations; leave room for a full hall behind one address."
    )
    oidc_issuer: str | None = setting(
        None,
        _issuer,
        "The town's sign-in service (OpenID Connect), exactly as it names itself; needs the extra `oidc`, "
        "whose packages are in deploy/requirements.txt. "
        "Register BASE_URL/staff/oidc/callback there, BASE_URL/staff/oidc/signed-out for after signing out and "
        "BASE_URL/oidc/logout as back channel. Only colleagues with an account can sign in through it.",
    )
    oidc_client_id: str | None = setting(None, str, "What that service calls this installation.")
    oidc_client_secret: str | None = setting(None, str, "The secret that it gave for it.", secret=True)
    breached_passwords: Path | None = setting(
        None,
        _hashes,
        "A file of stolen passwords, none of which a colleague may choose: SHA-1 hashes in their order, as Have I Been "
        "Pwned publishes them. It stays on this machine, and nobody is asked over the network.",
    )
    upload_limit_mib: int = setting(10, _count, "The largest file that may be sent, in MiB.")
    clamd: str | None = setting(
        None,
        _clamd,
        "The virus scanner (ClamAV's clamd), its socket or host:port, e.g. /run/clamav/clamd.ctl. Every file that "
        "somebody sends is shown to it first; while it is away no file is taken.",
    )
    abuse: bool = setting(
        True,
        _switch,
        "`off` switches the limits against abuse off; for benchmarks only, said on start-up.",
        shown="on",
    )

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read CONSULT_* variables, secrets also from the files that CONSULT_*_FILE name.

        Raises InvalidSettings with every fault at once; a secret's text stands in none of them.
        """
        source = os.environ if env is None else env
        known: set[str] = set()
        values: dict[str, Any] = {}
        faults: list[str] = []
        for one in fields(cls):
            name = PREFIX + one.name.upper()
            known |= {name, name + FILE} if one.metadata["secret"] else {name}
            try:
                raw = _written(source, name) if one.metadata["secret"] else source.get(name, "").strip()
                if raw:
                    values[one.name] = one.metadata["parse"](raw)
            except ValueError as fault:
                faults.append(f"{name}: {fault}")
        faults += [
            f"{name}: there is no such setting" for name in source if name.startswith(PREFIX) and name not in known
        ]
        if faults:
            raise InvalidSettings(faults)
        values.setdefault("data", Path("var").absolute())
        values.setdefault("base_url", f"http://localhost:{values.get('port', 8000)}")
        return cls(**values)


def _written(source: Mapping[str, str], name: str) -> str:
    """A secret as it stands in the environment or in the file that is named there; a file may end with a newline."""
    raw, file = source.get(name, "").strip(), source.get(name + FILE, "").strip()
    if not file:
        return raw
    if raw:
        raise ValueError(f"set either this or {name}{FILE}, not both")
    try:
        held = Path(file).read_text().strip()
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else "it is not text"
        raise ValueError(f"the file {file} of {name}{FILE} cannot be read: {reason}") from None
    if not held:
        raise ValueError(f"the file {file} of {name}{FILE} is empty")
    return held


def secret_key(settings: Settings) -> bytes:
    """Return the installation's 32-byte secret: CONSULT_SECRET, else made at the first start and kept in DATA/secret.

    Several processes may start at once: the file is created exclusively, and the others read what the first wrote.
    """
    if settings.secret is not None:
        return bytes.fromhex(settings.secret)
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
