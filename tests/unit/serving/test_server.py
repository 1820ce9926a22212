import pytest

from visage.serving.server import AddressError, bind


def test_two_servers_at_one_port_are_refused_before_either_serves() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with pytest.raises(AddressError, match=f"port {port}: .*--port"):
            bind("127.0.0.1", port)
