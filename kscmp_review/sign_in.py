"""How people sign in, read from the environment; whatever would weaken it where others sign in is refused."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PROVIDER = "work"
"""How the one provider is called in addresses and in the database."""


def second_factor_demanded(configured: str, *, local: bool) -> bool:
    """`KSCMP_SECOND_FACTOR`: "demanded", or on loopback only, where it is the default, "offered"."""
    if configured not in ("", "demanded", "offered"):
        raise ImproperlyConfigured("KSCMP_SECOND_FACTOR must be demanded or offered")
    if configured == "offered" and not local:
        raise ImproperlyConfigured("KSCMP_SECOND_FACTOR may be offered only where KSCMP_HOSTS is not set")
    return configured == "demanded" or (configured == "" and not local)


class Provider(NamedTuple):
    """An OpenID Connect provider whose people may sign in here, once they have an account."""

    issuer: str
    client_id: str
    client_secret: str
    name: str
    # The directory that the token must name; without one the issuer alone decides.
    tenant: str
    # Domains whose e-mail addresses the provider answers for, where it does not say "verified" itself.
    domains: tuple[str, ...]
    # What a token says when the provider has asked for a second factor; without either, ours is asked for.
    second_factor_amr: str
    second_factor_acr: str


def provider(environ: Mapping[str, str], *, local: bool) -> Provider | None:
    """From `KSCMP_OIDC_…`; none where `KSCMP_OIDC_ISSUER` is not set. Raises ImproperlyConfigured."""
    told = {
        name: environ.get(f"KSCMP_OIDC_{name}", "").strip()
        for name in (
            "ISSUER", "CLIENT_ID", "CLIENT_SECRET", "NAME", "TENANT", "DOMAINS",
            "SECOND_FACTOR_AMR", "SECOND_FACTOR_ACR",
        )
    }  # fmt: skip
    if not told["ISSUER"]:
        if any(told.values()):
            raise ImproperlyConfigured("KSCMP_OIDC_ISSUER must be set where another KSCMP_OIDC_ setting is")
        return None
    if not told["CLIENT_ID"] or not told["CLIENT_SECRET"]:
        raise ImproperlyConfigured("KSCMP_OIDC_CLIENT_ID and KSCMP_OIDC_CLIENT_SECRET must be set")
    return Provider(
        issuer=_issuer(told["ISSUER"], local=local),
        client_id=told["CLIENT_ID"],
        client_secret=told["CLIENT_SECRET"],
        name=told["NAME"] or "your work account",
        tenant=told["TENANT"],
        domains=tuple(
            domain.strip().lower().lstrip("@") for domain in told["DOMAINS"].split(",") if domain.strip()
        ),
        second_factor_amr=told["SECOND_FACTOR_AMR"],
        second_factor_acr=told["SECOND_FACTOR_ACR"],
    )


def _issuer(url: str, *, local: bool) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured("KSCMP_OIDC_ISSUER must be the provider's address: https://HOST/PATH")
    if parts.scheme == "http" and not (local and parts.hostname in LOOPBACK):
        raise ImproperlyConfigured("KSCMP_OIDC_ISSUER must begin with https://")
    # Such an address would let in the people of every directory there is.
    if {"common", "organizations", "consumers"} & set(parts.path.split("/")) or "{" in url:
        raise ImproperlyConfigured("KSCMP_OIDC_ISSUER must name one directory, not all of them")
    return url


def social_providers(configured: Provider | None) -> dict[str, Any]:
    """The same, as allauth reads it."""
    apps = []
    if configured is not None:
        apps.append(
            {
                "provider_id": PROVIDER,
                "name": configured.name,
                "client_id": configured.client_id,
                "secret": configured.client_secret,
                "settings": {
                    "server_url": configured.issuer.rstrip("/"),
                    "oauth_pkce_enabled": True,
                    "fetch_userinfo": False,
                    "scope": ["openid", "profile", "email"],
                },
            }
        )
    return {
        "openid_connect": {
            "APPS": apps,
            "provider_class": "kscmp_review.accounts.work_account.WorkAccountProvider",
        }
    }
