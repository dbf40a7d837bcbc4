"""The console's own keys, each made from SECRET_KEY for one purpose, so that none stands for another."""

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet


def key_for(secret_key: str, purpose: str) -> bytes:
    """The 32 bytes of a purpose."""
    return hmac.new(secret_key.encode(), f"console:{purpose}".encode(), hashlib.sha256).digest()


def keyed_digest(secret_key: str, purpose: str, text: str) -> str:
    """A digest that nobody without SECRET_KEY can make or reverse by trying; 64 hexadecimal digits."""
    return hmac.new(key_for(secret_key, purpose), text.encode(), hashlib.sha256).hexdigest()


def cipher_for(secret_key: str, purpose: str) -> Fernet:
    """Encrypts for one purpose."""
    return Fernet(base64.urlsafe_b64encode(key_for(secret_key, purpose)))


def digest_of(secret: str) -> str:
    """What the database keeps of a random secret: its SHA-256, which suffices for 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
