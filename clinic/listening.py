"""The socket on which a server of ours waits for requests."""

import socket

WAITING_CONNECTIONS = 100


def listening_socket(host: str, port: int) -> socket.socket:
    """Bound before the server starts, so that a port that cannot be had is known at once.

    Args:
        host: an IPv4 or IPv6 address, or a name that stands for an IPv4 one.
        port: the port.

    Raises:
        OSError: the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=WAITING_CONNECTIONS)
