"""Where this machine is in its network."""

import ipaddress
import socket

_ELSEWHERE = ("192.0.2.1", 9)
"""An address that nobody has (RFC 5737); asking how to get there sends nothing."""


def network_address() -> str | None:
    """The address by which others in the network reach this machine; None where it is in none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith(("127.", "0.")) else address


def is_address(text: str) -> bool:
    """Whether that is an address of one machine, in numbers (IPv4), as a browser writes it."""
    try:
        address = ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return not (address.is_unspecified or address.is_multicast or address.is_reserved)
