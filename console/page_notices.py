"""What a page may say once about what was just done. Only keys travel in the cookie; the texts are these."""

NOTICES = {
    # Every page module may add its own, one line each.
    "saved": "Saved.",
    "logged_out": "You are logged out.",
    "session_over": "Your session is over. Please log in again.",
    "password_changed": "Your password is changed. Your other sessions are ended.",
    "session_ended": "The session is ended.",
    "sessions_ended": "The sessions are ended.",
    "totp_on": "Codes from your phone are now needed to log in.",
    "totp_off": "Codes from your phone are no longer needed to log in.",
    "totp_needed": "Your clinic asks for a code from your phone at each login. Please set it up now.",
    "role_changed": "The role is changed. The person has to log in again.",
    "account_disabled": "The account is switched off and its sessions are ended.",
    "account_enabled": "The account is switched on.",
    "welcome": "Your account is ready. Please log in.",
}
