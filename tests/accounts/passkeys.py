"""A device in a test that holds a passkey, and says what a browser would say of it."""

import hashlib
import json
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal.auth import STATE_SESSION_KEY
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from kscmp_review.accounts.models import User

HOST = "testserver"
KEY = ec.derive_private_key(2022, ec.SECP256R1())
NAME = b"the passkey of a test"
AAGUID = bytes(16)
SEEN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
Told = dict[str, Any]


def with_passkey(user: User) -> Authenticator:
    """The account has the device's passkey."""
    data = {"name": "Passkey", "credential": made("of no question")}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def answer_adding(client: Client) -> str:
    """What the page for adding a passkey sends, once it was opened."""
    return json.dumps(made(_asked(client)))


def answer_showing(client: Client, user: User) -> str:
    """What a page that asks for the passkey sends, once it was opened."""
    said = _said(CollectedClientData.TYPE.GET, _asked(client))
    about = AuthenticatorData.create(_host(), SEEN, 1)
    return json.dumps(
        _credential(
            clientDataJSON=said,
            authenticatorData=about,
            signature=KEY.sign(about + said.hash, ec.ECDSA(SHA256())),
            userHandle=user_pk_to_url_str(user).encode(),
        )
    )


def made(challenge: str) -> Told:
    public = AttestedCredentialData.create(AAGUID, NAME, ES256.from_cryptography_key(KEY.public_key()))
    about = AuthenticatorData.create(_host(), SEEN | AuthenticatorData.FLAG.AT, 0, public)
    return _credential(
        clientDataJSON=_said(CollectedClientData.TYPE.CREATE, challenge),
        attestationObject=AttestationObject.create("none", about, {}),
    )


def _asked(client: Client) -> str:
    """The question that the page put to the browser."""
    return str(client.session[STATE_SESSION_KEY]["challenge"])


def _said(kind: CollectedClientData.TYPE, challenge: str) -> CollectedClientData:
    return CollectedClientData.create(kind, challenge, f"http://{HOST}")


def _host() -> bytes:
    return hashlib.sha256(HOST.encode()).digest()


def _credential(**response: bytes) -> Told:
    return {
        "id": websafe_encode(NAME),
        "rawId": websafe_encode(NAME),
        "type": "public-key",
        "response": {name: websafe_encode(value) for name, value in response.items()},
        "clientExtensionResults": {"credProps": {"rk": True}},
    }
