"""What can go wrong outside this program, in one line that an operator can act on."""

import errno


class LauncherError(Exception):
    """The start or the supervision cannot go on; the message is one line meant for the operator."""


FULL = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up"}
REASONS = FULL | {
    errno.EACCES: "this user may not read or write it",
    errno.EPERM: "this user may not read or write it",
    errno.EROFS: "it is on a read-only disk",
    errno.ENOTDIR: "a part of its path is a file and not a folder",
    errno.EEXIST: "a file is in its place",
    errno.EMFILE: "too many files are open (ulimit -n)",
    errno.ENOMEM: "there is not enough memory",
    errno.EIO: "the disk reports a fault",
}


def explained(error: OSError, folder: str) -> str:
    """One line for the operator: which file the system refused, and why.

    Args:
        error: what the system said.
        folder: named instead when the system does not say which file it was about.
    """
    reason = REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    advice = " Free some space and start again." if error.errno in FULL else ""
    return f"{error.filename or folder}: {reason}.{advice}"
