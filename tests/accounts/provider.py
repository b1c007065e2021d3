"""An OpenID Connect provider of the tests' own at 127.0.0.1: discovery, keys, the code flow with PKCE.

It asks of a client what a real one asks: its secret, the redirect it registered, a nonce, an S256 challenge
and its verifier, and it takes a code once. `spoil` then changes what it signs, to see what is refused.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

TENANT = "7c9f-directory"
CLIENT_ID, CLIENT_SECRET = "positive-practice", "between us"
KEY_ID = "of today"
PRIVATE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
Claims = dict[str, Any]


class Provider:
    def __init__(self, base: str) -> None:
        self.base = base
        self.issuer = f"{base}/{TENANT}/v2.0"
        self.person: Claims = {}
        self.spoil: Callable[[Claims], str] = self.sign
        self.asked: dict[str, str] = {}
        self.codes: dict[str, dict[str, str]] = {}

    def sign(self, claims: Claims) -> str:
        return jwt.encode(claims, PRIVATE_KEY, algorithm="RS256", headers={"kid": KEY_ID})

    def discovery(self) -> Claims:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> Claims:
        public = jwt.algorithms.RSAAlgorithm.to_jwk(PRIVATE_KEY.public_key(), as_dict=True)
        return {"keys": [public | {"kid": KEY_ID, "use": "sig"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The address to send the browser back to."""
        self.asked = asked
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["nonce"]
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str]) -> Claims | None:
        """Nothing where the code, the secret, the redirect or the verifier is not right."""
        begun = self.codes.pop(asked.get("code", ""), None)
        if begun is None or (asked["client_id"], asked["client_secret"]) != (CLIENT_ID, CLIENT_SECRET):
            return None
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if challenge != begun["code_challenge"] or asked["redirect_uri"] != begun["redirect_uri"]:
            return None
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "iat": now,
            "exp": now + 300,
            "nonce": begun["nonce"],
            "tid": TENANT,
        }
        id_token = self.spoil(claims | self.person)
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": id_token}


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port, for as long as the block lasts."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.provider = Provider(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.provider  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    @property
    def provider(self) -> Provider:
        return self.server.provider  # type: ignore[attr-defined, no-any-return]

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        if address.path.endswith("/.well-known/openid-configuration"):
            self.answer(self.provider.discovery())
        elif address.path == "/keys":
            self.answer(self.provider.keys())
        else:
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(asked))
            self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        answer = self.provider.token(dict(parse_qsl(body)))
        self.answer(answer or {"error": "invalid_grant"}, 200 if answer else 400)

    def answer(self, content: Claims, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass
