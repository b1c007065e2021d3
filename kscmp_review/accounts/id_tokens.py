"""Reading an ID token: signed by the provider, for us, for this sign-in, still good.

The checks of OpenID Connect Core, 3.1.3.7.
allauth leaves the signature out where the token came straight from the provider, and sends no nonce. Here
both are always asked for.
"""

import json
from collections.abc import Mapping
from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error

SIGNED_WITH = ("RS256", "PS256", "ES256")
CLOCKS_DIFFER_SECONDS = 60
REQUIRED = ["iss", "sub", "aud", "exp", "iat", "nonce"]


class NotGenuine(OAuth2Error):
    """The token is not one to let anybody in with; the message says why, and names nobody."""


def claims_of(
    token: str, *, keys: Mapping[str, Any], issuer: str, client_id: str, nonce: str, tenant: str = ""
) -> dict[str, Any]:
    """What a genuine token says. `keys` is the provider's JSON Web Key Set. Raises NotGenuine."""
    import jwt  # where accounts at work are used: it takes long to read

    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key=_key(token, keys),
            algorithms=list(SIGNED_WITH),
            audience=client_id,
            issuer=issuer,
            leeway=CLOCKS_DIFFER_SECONDS,
            options={"require": REQUIRED},
        )
    except jwt.PyJWTError as error:
        raise NotGenuine(f"the ID token is refused: {type(error).__name__}") from error
    if not nonce or claims["nonce"] != nonce:
        raise NotGenuine("the ID token belongs to another sign-in")
    if claims.get("azp", client_id) != client_id:
        raise NotGenuine("the ID token was given to another program")
    if tenant and claims.get("tid") != tenant:
        raise NotGenuine("the ID token is of another directory")
    return claims


def _key(token: str, keys: Mapping[str, Any]) -> Any:
    """The provider's public key that the token names, of a kind it may be signed with."""
    import jwt

    header = jwt.get_unverified_header(token)
    for each in keys.get("keys", []):
        if each.get("kid") == header.get("kid") and each.get("use", "sig") == "sig":
            if header.get("alg") not in SIGNED_WITH:
                break
            return jwt.algorithms.get_default_algorithms()[header["alg"]].from_jwk(json.dumps(each))
    raise NotGenuine("the ID token names no key of the provider")
