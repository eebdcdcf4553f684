"""People who sign in through an app: device codes, refresh tokens, delegated access tokens.

Source: "OAuth 2.0 device authorization grant" and "Refresh tokens in the Microsoft identity
platform" (learn.microsoft.com/entra/identity-platform/v2-oauth2-device-code, …/refresh-tokens). A
refresh token lives 90 days, is good for every resource the app has consent for, and stays good
when it has been exchanged for a new one.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import time
from dataclasses import dataclass
from sqlite3 import Row
from typing import Any

from provisioner.emulator import seeds
from provisioner.emulator.entra import jwt, problems, scopes
from provisioner.emulator.entra.tokens import LIFETIME, TokenService
from provisioner.emulator.tenant import Tenant

DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without what is easily mistaken
_CODE_SECONDS = 900
_INTERVAL = 5
_REFRESH_SECONDS = 90 * 86400


def pending(tenant: Tenant, user_code: str) -> Row | None:
    """The device code that waits for a person under this user code; None if none does."""
    return tenant.one(
        "SELECT * FROM device_code WHERE user_code = ? AND state = 'pending' AND expires > ?",
        user_code.strip().upper().replace("-", ""),
        time.time(),
    )


def decide(tenant: Tenant, user_code: str, upn: str, *, approve: bool) -> None:
    """Sign a person in for a device code, or decline.

    A wrong or expired user code and an unknown or disabled person are a `LookupError`.
    """
    row = pending(tenant, user_code)
    if row is None:
        raise LookupError("That code is not right, or it has expired. Ask the program for another.")
    user = tenant.one("SELECT upn FROM user WHERE upn = ? AND enabled = 1", upn)
    if approve and user is None:
        raise LookupError(f"There is no enabled account {upn!r}.")
    tenant.run(
        "UPDATE device_code SET state = ?, upn = ? WHERE code = ?",
        "approved" if approve else "declined",
        user["upn"] if approve and user is not None else None,
        row["code"],
    )


@dataclass(slots=True)
class People:
    """Answers the requests of device flow and refresh; refusals are `EntraRefusal`."""

    tenant: Tenant
    tokens: TokenService

    def start(self, form: dict[str, str], base_url: str) -> dict[str, Any]:
        """A new device code and what the program should tell the person."""
        asked = scopes.read(form["scope"])
        self._audience(asked)
        code = secrets.token_urlsafe(48)
        user_code = "".join(secrets.choice(_LETTERS) for _ in range(9))
        self.tenant.run(
            "INSERT INTO device_code (code, user_code, app_id, scope, expires) "
            "VALUES (?, ?, ?, ?, ?)",
            code,
            user_code,
            form["client_id"],
            form["scope"],
            time.time() + _CODE_SECONDS,
        )
        address = f"{base_url}/devicelogin"
        return {
            "user_code": user_code,
            "device_code": code,
            "verification_uri": address,
            "expires_in": _CODE_SECONDS,
            "interval": _INTERVAL,
            "message": f"To sign in, use a web browser to open the page {address} and enter the "
            f"code {user_code} to authenticate.",
        }

    def redeem(self, app: Row, form: dict[str, str], proof: str, issuer: str) -> dict[str, Any]:
        """Tokens for an approved device code; `proof` is the token's `appidacr`."""
        row = self.tenant.one(
            "SELECT * FROM device_code WHERE code = ? AND app_id = ?",
            form.get("device_code", ""),
            app["app_id"],
        )
        if row is None:
            raise problems.bad_device_code()
        if row["state"] == "redeemed":
            raise problems.device_code_redeemed()
        if row["state"] == "declined":
            raise problems.authorization_declined()
        if row["expires"] <= time.time():
            raise problems.device_code_expired()
        if row["state"] == "pending":
            raise problems.authorization_pending()
        answer = self._answer(app, str(row["upn"]), str(row["scope"]), form, proof, issuer)
        self.tenant.run("UPDATE device_code SET state = 'redeemed' WHERE code = ?", row["code"])
        return answer

    def refresh(self, app: Row, form: dict[str, str], proof: str, issuer: str) -> dict[str, Any]:
        """Tokens for a refresh token, for any resource the app has consent for."""
        row = self.tenant.one(
            "SELECT * FROM refresh_token WHERE digest = ? AND app_id = ?",
            _digest(form.get("refresh_token", "")),
            app["app_id"],
        )
        if row is None:
            raise problems.bad_refresh_token()
        if row["expires"] <= time.time():
            raise problems.refresh_token_expired()
        scope = form["scope"]
        if "offline_access" not in scope.split():
            scope += " offline_access"  # a refresh always brings a new refresh token
        return self._answer(app, str(row["upn"]), scope, form, proof, issuer)

    def _answer(
        self, app: Row, upn: str, scope: str, form: dict[str, str], proof: str, issuer: str
    ) -> dict[str, Any]:
        user = self.tenant.one("SELECT * FROM user WHERE upn = ? AND enabled = 1", upn)
        if user is None:
            raise problems.account_disabled()
        asked = scopes.read(scope)
        audience = self._audience(asked)
        registered = seeds.registration(app["app_id"])
        consented: tuple[str, ...] = ()
        if registered is not None:
            graph = audience == self.tokens.graph
            consented = registered.graph_scopes if graph else registered.sharepoint_scopes
        granted = asked.granted(app["app_id"], consented)
        visible = [name for name in ("openid", "profile", "email") if name in asked.openid]
        now = int(time.time())
        person = self._person(user, now)
        access = person | {
            "aud": audience,
            "iss": issuer,
            "appid": app["app_id"],
            "app_displayname": app["name"],
            "appidacr": proof,
            "idtyp": "user",
            "scp": " ".join((*granted, *visible)),
            "upn": user["upn"],
            "unique_name": user["upn"],
        }
        spelled = [name for name in asked.spelled if name.lower() != "offline_access"]
        prefix = f"{asked.resource}/" if asked.resource else ""
        expanded = [prefix + name for name in granted if prefix + name not in spelled]
        answer: dict[str, Any] = {
            "token_type": "Bearer",
            "scope": " ".join([*spelled, *expanded]),
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": jwt.sign(access, self.tokens.key, self.tokens.key_id),
        }
        if "offline_access" in asked.openid:
            answer["refresh_token"] = self._refresh_token(app["app_id"], user["upn"])
        if "openid" in asked.openid:
            identity = person | {"aud": app["app_id"], "iss": issuer, "ver": "2.0"}
            identity |= {"preferred_username": user["upn"]}
            answer["id_token"] = jwt.sign(identity, self.tokens.key, self.tokens.key_id)
        if form.get("client_info") == "1":
            info = {"uid": user["id"], "utid": self.tokens.tenant_id}
            answer["client_info"] = jwt.encode(json.dumps(info).encode())
        return answer

    def _person(self, user: Row, now: int) -> dict[str, Any]:
        return {
            "iat": now,
            "nbf": now,
            "exp": now + LIFETIME,
            "name": user["display_name"],
            "oid": user["id"],
            "sub": hashlib.sha256(str(user["id"]).encode()).hexdigest()[:43],
            "tid": self.tokens.tenant_id,
            "uti": secrets.token_hex(16),
            "ver": "1.0",
        }

    def _audience(self, asked: scopes.Asked) -> str:
        return self.tokens.resource(f"{asked.resource or self.tokens.graph}/.default")

    def _refresh_token(self, app_id: str, upn: str) -> str:
        token = "1." + secrets.token_urlsafe(64)
        self.tenant.run(
            "INSERT INTO refresh_token VALUES (?, ?, ?, ?)",
            _digest(token),
            app_id,
            upn,
            time.time() + _REFRESH_SECONDS,
        )
        return token


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
