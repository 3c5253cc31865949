"""Signing in through the town's own sign-in service: OpenID Connect, authorization code with PKCE (RFC 7636).

An optional extra (`oidc`; deploy/requirements.txt has it), on once CONSULT_OIDC_ISSUER is set. The service says who
somebody is, the first time by an address that it has verified (joining.py); what they may do here stays a matter of
their account, which must exist already. What has to last while somebody is away at the service travels in a sealed
cookie: state, nonce, verifier, where to go next.
"""

from __future__ import annotations

import asyncio
import base64
import hmac
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from uuid import UUID

import msgspec

from consult.errors import N_, ConsultError, Refused, Unavailable
from consult.people import tokens
from consult.people.second_factor import SecretChanged, Vault

if TYPE_CHECKING:
    import httpx

AWAY_S = 600
KEPT_S = 600
LEEWAY_S = 60
PATIENCE_S = 10.0
STRONG = frozenset({"mfa"})
"""Values of `amr` (RFC 8176) that say that more than a password was asked for."""
COOKIE_PURPOSE = b"oidc-sign-in"
TOKEN_PURPOSE = b"oidc-id-token"
ANEW_S = 30
"""Keys are asked for again at most this often, however many tokens name a key that nobody knows."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LOGOUT_TYPES = frozenset({"logout+jwt", "jwt", ""})
LOGOUT_AGE_S = 300


class SignInFailed(Refused):
    message = N_("Signing in did not work. Please begin again; if it happens again, tell your administrator.")


class TooLongAway(Refused):
    message = N_("Signing in took too long or was begun in another window. Please begin again.")


class AddressNotVerified(Refused):
    message = N_(
        "The sign-in service does not confirm your e-mail address, so that we cannot know whose account it is."
    )


class ServiceAway(Unavailable):
    message = N_("The sign-in service does not answer at the moment. Sign in with your password, or try again later.")


class ExtraMissing(ConsultError):
    """The libraries are not installed; for the operator's eyes."""

    message = "CONSULT_OIDC_ISSUER is set, which needs packages that deploy/requirements.txt has"


class NotSetUp(ConsultError):
    """For the operator's eyes."""

    message = "CONSULT_OIDC_ISSUER is set, which needs CONSULT_OIDC_CLIENT_ID and CONSULT_OIDC_CLIENT_SECRET too."


class Journey(msgspec.Struct, frozen=True):
    """What has to come back unchanged from the way to the service.

    before: the session that the new one replaces. mark: what the browser is known by. The strict cookies of both do not
    travel with the way back.
    """

    state: str
    nonce: str
    verifier: str
    language: str
    following: str
    began: int
    before: UUID | None = None
    mark: str = ""

    @property
    def challenge(self) -> str:
        return base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


class Metadata(msgspec.Struct, frozen=True):
    """What the service says about itself (OpenID Connect Discovery)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is, as the service says: sub stays theirs for good. is_strong: it asked for more than a password.

    sid and token are of their session there, to end it together with the one here.
    """

    sub: str
    email: str
    is_strong: bool
    sid: str | None = None
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Ended:
    """What the service says has ended there: one session, or all of a person. begun_by: not what came later."""

    sub: str | None
    sid: str | None
    begun_by: int


@dataclass(slots=True)
class Service:
    """The sign-in service of this installation, as it was set up; what it says about itself is kept for a while."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    _metadata: Metadata | None = None
    _keys: dict[str, Any] = field(default_factory=dict)
    _asked: float = -KEPT_S
    _tried: float = -KEPT_S
    _asking: asyncio.Task[None] | None = None

    async def way_out(self, journey: Journey) -> str:
        """The address at the service where signing in begins. Raises ServiceAway, SignInFailed."""
        metadata, _ = await self._known()
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": "openid email",
            "state": journey.state,
            "nonce": journey.nonce,
            "code_challenge": journey.challenge,
            "code_challenge_method": "S256",
            "ui_locales": journey.language,
        }
        joint = "&" if "?" in metadata.authorization_endpoint else "?"
        return f"{metadata.authorization_endpoint}{joint}{urlencode(asked)}"

    async def identity(self, journey: Journey, answered: Mapping[str, str], now: int) -> Identity:
        """Who came back. Raises TooLongAway, SignInFailed, AddressNotVerified, ServiceAway."""
        if not hmac.compare_digest(answered.get("state", "").encode(), journey.state.encode()):
            raise TooLongAway
        if answered.get("iss", self.issuer) != self.issuer or not answered.get("code"):
            raise SignInFailed
        tokens = await self._exchange(answered["code"], journey.verifier)
        token = str(tokens.get("id_token", ""))
        claims = await self._claims(token, journey.nonce, now)
        told = claims
        if "email" not in claims:
            told = await self._userinfo(str(tokens.get("access_token", "")))
            if told.get("sub") != claims["sub"]:
                raise SignInFailed
        email = told.get("email")
        if not isinstance(email, str) or not email.isprintable() or told.get("email_verified") is not True:
            raise AddressNotVerified
        methods = claims.get("amr")
        is_strong = isinstance(methods, list) and not STRONG.isdisjoint(map(str, methods))
        sid = claims.get("sid")
        return Identity(claims["sub"], email, is_strong, sid if _is_plain(sid) else None, token)

    async def way_to_leave(self, token: str, state: str, back: str) -> str | None:
        """Where the session at the service ends (RP-Initiated Logout); None if it names no such place.

        token: what it said at the beginning. back: a page of ours that is registered there. Raises ServiceAway,
        SignInFailed.
        """
        metadata, _ = await self._known()
        if not metadata.end_session_endpoint:
            return None
        asked = {
            "id_token_hint": token,
            "client_id": self.client_id,
            "post_logout_redirect_uri": back,
            "state": state,
        }
        joint = "&" if "?" in metadata.end_session_endpoint else "?"
        return f"{metadata.end_session_endpoint}{joint}{urlencode(asked)}"

    async def ended(self, token: str, now: int) -> Ended:
        """What a logout token says (Back-Channel Logout, 2.6). Raises SignInFailed, ServiceAway."""
        header, claims = await self._decoded(token)
        events, issued = claims.get("events"), claims.get("iat")
        sub, sid = claims.get("sub"), claims.get("sid")
        right = (
            str(header.get("typ", "")).lower() in LOGOUT_TYPES
            and self._is_for_us(claims, now)
            and isinstance(events, dict)
            and isinstance(events.get(LOGOUT_EVENT), dict)
            and "nonce" not in claims
            and isinstance(issued, (int, float))
            and now - issued <= LOGOUT_AGE_S
            and (sub is not None or sid is not None)
            and all(_is_plain(one) for one in (sub, sid) if one is not None)
        )
        if not right or not isinstance(issued, (int, float)):
            raise SignInFailed
        return Ended(sub, sid, int(issued) + LEEWAY_S)

    async def _exchange(self, code: str, verifier: str) -> dict[str, Any]:
        metadata, _ = await self._known()
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": verifier,
        }
        headers = {}
        if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
            pair = f"{quote(self.client_id, safe='')}:{quote(self.client_secret, safe='')}"
            headers["authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            sent |= {"client_id": self.client_id, "client_secret": self.client_secret}
        return await _asked_for(metadata.token_endpoint, data=sent, headers=headers)

    async def _claims(self, token: str, nonce: str, now: int) -> dict[str, Any]:
        """What the signed token says, once everything about it is right (OpenID Connect Core, 3.1.3.7)."""
        _, claims = await self._decoded(token)
        right = (
            self._is_for_us(claims, now)
            and _is_plain(claims.get("sub"))
            and hmac.compare_digest(str(claims.get("nonce", "")).encode("ascii", "replace"), nonce.encode())
        )
        if not right:
            raise SignInFailed
        return claims

    def _is_for_us(self, claims: Mapping[str, Any], now: int) -> bool:
        named = claims.get("aud")
        audience = named if isinstance(named, list) else [named]
        party = claims.get("azp", self.client_id if len(audience) == 1 else None)
        return (
            claims.get("iss") == self.issuer
            and self.client_id in audience
            and party == self.client_id
            and isinstance(claims.get("exp"), (int, float))
            and now < claims["exp"] + LEEWAY_S
            and isinstance(claims.get("iat"), (int, float))
            and now > claims["iat"] - LEEWAY_S
        )

    async def _decoded(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and claims of a token that the service signed. Raises SignInFailed, ServiceAway.

        One that names a key that we do not know has it asked for at once: a service sends a logout token only once.
        """
        _, keys = await self._known()
        read = tokens.read(token, keys)
        if read is None and tokens.names_another_key(token, keys):
            if self._asking is not None or time.monotonic() - self._tried > ANEW_S:
                await self._ask()
            read = tokens.read(token, self._keys)
        if read is None:
            raise SignInFailed
        return read

    async def _userinfo(self, access_token: str) -> dict[str, Any]:
        metadata, _ = await self._known()
        if not metadata.userinfo_endpoint:
            raise AddressNotVerified
        return await _asked_for(metadata.userinfo_endpoint, headers={"authorization": f"Bearer {access_token}"})

    async def _known(self) -> tuple[Metadata, dict[str, Any]]:
        if self._metadata is None or time.monotonic() - self._asked > KEPT_S:
            await self._ask()
        if self._metadata is None:
            raise ServiceAway
        return self._metadata, self._keys

    async def _ask(self) -> None:
        """Ask the service what it is and which keys it has; all who come meanwhile wait for the same answer."""
        if self._asking is None:
            self._tried = time.monotonic()
            self._asking = asyncio.create_task(self._learn())
            self._asking.add_done_callback(self._answered)
        await asyncio.shield(self._asking)

    def _answered(self, asked: asyncio.Task[None]) -> None:
        self._asking = None
        if not asked.cancelled():
            asked.exception()  # looked at, though everybody who waited for it may have gone

    async def _learn(self) -> None:
        """Raises ServiceAway, SignInFailed."""
        told = await _asked_for(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
        try:
            metadata = msgspec.convert(told, Metadata)
        except msgspec.ValidationError as fault:
            raise SignInFailed from fault
        addresses = [metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri]
        addresses += [one for one in (metadata.userinfo_endpoint, metadata.end_session_endpoint) if one]
        if metadata.issuer != self.issuer or not all(address.startswith(_scheme(self.issuer)) for address in addresses):
            raise SignInFailed
        keys = await _asked_for(metadata.jwks_uri)
        if not isinstance(keys.get("keys"), list):
            raise SignInFailed
        self._keys, self._metadata, self._asked = keys, metadata, time.monotonic()


def begun(language: str, following: str, now: int, before: UUID | None = None, mark: str = "") -> Journey:
    return Journey(token_urlsafe(32), token_urlsafe(32), token_urlsafe(48), language, following, now, before, mark)


def sealed(journey: Journey, vault: Vault) -> str:
    """A journey as the value of a cookie that nobody else can read or make."""
    return base64.urlsafe_b64encode(vault.seal_bytes(msgspec.json.encode(journey), COOKIE_PURPOSE)).decode()


def unsealed(cookie: str, vault: Vault, now: int) -> Journey:
    """Raises TooLongAway."""
    try:
        written = vault.open_bytes(base64.urlsafe_b64decode(cookie.encode("ascii", "replace")), COOKIE_PURPOSE)
    except (SecretChanged, ValueError):
        raise TooLongAway from None
    journey = msgspec.json.decode(written, type=Journey)
    if not 0 <= now - journey.began <= AWAY_S:
        raise TooLongAway
    return journey


def check_installed() -> None:
    """Raises ExtraMissing."""
    try:
        import httpx  # noqa: F401
        import joserfc  # noqa: F401
    except ImportError as fault:
        raise ExtraMissing from fault


def _is_plain(sub: object) -> bool:
    """The name that the service keeps for somebody: at most 255 letters of ASCII (OpenID Connect Core, 2)."""
    return isinstance(sub, str) and sub.isascii() and sub.isprintable() and 0 < len(sub) <= 255


def _scheme(address: str) -> str:
    return address.partition("://")[0] + "://"


async def _asked_for(
    address: str, *, data: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """An object of JSON from the service. Raises ServiceAway, SignInFailed."""
    import httpx

    try:
        async with httpx.AsyncClient(timeout=PATIENCE_S, trust_env=False) as client:
            answer = await _sent(client, address, data, dict(headers or {}))
    except httpx.HTTPError as fault:
        raise ServiceAway from fault
    if answer.status_code >= 500:
        raise ServiceAway
    try:
        told = msgspec.json.decode(answer.content) if answer.status_code == 200 else None
    except msgspec.DecodeError:
        told = None
    if not isinstance(told, dict):
        raise SignInFailed
    return told


async def _sent(
    client: httpx.AsyncClient, address: str, data: Mapping[str, str] | None, headers: dict[str, str]
) -> httpx.Response:
    if data is None:
        return await client.get(address, headers=headers)
    return await client.post(address, data=dict(data), headers=headers)
