"""Codes from a phone (TOTP, RFC 6238), by pyotp. The secret is kept encrypted."""

import pyotp
from cryptography.fernet import InvalidToken

from clinic import clock
from console.keys import cipher_for

STEPS_AROUND = 1
"""A phone's clock may be one step of 30 seconds off."""
PURPOSE = "totp-secret"


def new_secret() -> str:
    """A fresh secret of 160 bits in base32, as authenticator programs take it."""
    return pyotp.random_base32()


def encrypted(secret_key: str, secret: str) -> str:
    """What the database keeps of the secret."""
    return cipher_for(secret_key, PURPOSE).encrypt(secret.encode("ascii")).decode("ascii")


def setup_link(secret: str, name: str, clinic_name: str) -> str:
    """The otpauth address that an authenticator program on the same phone opens."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=clinic_name)


def step_of_code(secret_key: str, encrypted_secret: str, code: str) -> int | None:
    """The time step of a valid code; None when it is none, or the secret was encrypted under another SECRET_KEY."""
    try:
        secret = cipher_for(secret_key, PURPOSE).decrypt(encrypted_secret.encode("ascii")).decode("ascii")
    except InvalidToken:
        return None
    return matching_step(secret, code)


def matching_step(secret: str, code: str) -> int | None:
    """The time step of a valid code for a secret that is not kept yet."""
    totp = pyotp.TOTP(secret)
    digits = "".join(code.split())
    now = clock.now()
    for offset in range(-STEPS_AROUND, STEPS_AROUND + 1):
        step = totp.timecode(now) + offset
        if pyotp.utils.strings_equal(digits, totp.generate_otp(step)):
            return step
    return None
