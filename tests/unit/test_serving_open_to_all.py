"""The development user picker is for one's own machine: it is not served to a network."""

from __future__ import annotations

import socket

import pytest

from orderdesk.commands.serving import _must_not_be_open_to_all
from orderdesk.desk.auth import DeskAuth
from orderdesk.domain.errors import ConfigurationError

PICKER = DeskAuth(mode="development", session_secret="s" * 32, environment="development")
PROXY = DeskAuth(mode="proxy", session_secret="s" * 32, proxy_secret="p" * 32)


@pytest.mark.parametrize(("host", "auth"), [("127.0.0.1", PICKER), ("127.0.0.1", PROXY), ("0.0.0.0", PROXY)])
def test_a_desk_is_served_where_strangers_cannot_sign_in(host: str, auth: DeskAuth) -> None:
    with socket.socket() as listening:
        listening.bind((host, 0))
        _must_not_be_open_to_all(auth, listening)


def test_the_picker_is_not_served_to_a_network() -> None:
    with socket.socket() as listening:
        listening.bind(("0.0.0.0", 0))
        with pytest.raises(ConfigurationError, match="ORDERDESK_PROXY_SECRET"):
            _must_not_be_open_to_all(PICKER, listening)
