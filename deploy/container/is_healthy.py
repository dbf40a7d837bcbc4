"""`python -I -S is_healthy.py ADDRESS`: ends with 0 when the address answers with a status below 400, else with 1.

For health checks within a container, where nothing else speaks HTTP. It uses the standard library alone, so that a
check costs little.
"""

import sys
import urllib.request

SECONDS_TO_ANSWER = 5.0


def main(address: str) -> int:
    """The exit code for an address."""
    try:
        with urllib.request.urlopen(address, timeout=SECONDS_TO_ANSWER):  # noqa: S310 - always http
            return 0
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
