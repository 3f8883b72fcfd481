"""The embedded server can be reached from any clone, by its owner only."""

import os
import stat
import tempfile
from pathlib import Path

import pytest
from runtime import paths, postgres, postgres_user
from runtime.say import Stop


def test_a_short_plain_path_keeps_its_socket_beside_the_data():
    wanted = Path("/home/mary/logistics/.cache/postgres/demo/socket")
    assert postgres.socket_folder(wanted) == wanted


@pytest.mark.parametrize(
    "clone",
    ["/home/mary/" + "deep/" * 20, "/home/mary/my projects", "/home/mary/a,b", "/home/märy"],
)
def test_a_deep_or_odd_path_gets_a_socket_that_clients_can_name(clone):
    folder = postgres.socket_folder(Path(clone) / ".cache/postgres/demo/socket")
    assert folder.parent == Path(tempfile.gettempdir())
    socket = os.fsencode(folder / postgres.SOCKET_NAME)
    assert len(socket) <= postgres.SOCKET_LIMIT
    assert not set(str(folder)) & set(" ,")


def test_two_clones_get_two_sockets():
    first, second = (
        postgres.socket_folder(Path("/" + "deep/" * 30) / name / "socket") for name in "ab"
    )
    assert first != second


def test_only_the_owner_may_enter_the_sockets_folder(tmp_path):
    postgres.private_folder(tmp_path / "socket")
    assert stat.S_IMODE((tmp_path / "socket").stat().st_mode) == 0o700


def test_a_link_in_place_of_the_sockets_folder_is_refused(tmp_path):
    (tmp_path / "socket").symlink_to("/tmp")
    with pytest.raises(Stop, match="in the way"):
        postgres.private_folder(tmp_path / "socket")


def test_no_port_is_opened_and_durability_is_only_given_up_for_tests():
    assert postgres.COMMON["listen_addresses"] == ""
    assert "fsync" not in postgres.COMMON
    assert postgres.FORGETFUL["fsync"] == "off"


def test_an_ordinary_user_runs_the_server_as_is(tmp_path):
    user = postgres_user.ServerUser(tmp_path / "demo", root=False)
    assert user.prefix == [] and user.home == tmp_path / "demo"


def test_root_runs_the_server_in_a_user_namespace(tmp_path):
    user = postgres_user.ServerUser(tmp_path / "demo", root=True, namespace=True)
    assert user.prefix[0] == "unshare" and user.home == tmp_path / "demo"


def test_root_without_namespaces_hands_the_server_to_another_account(tmp_path, monkeypatch):
    monkeypatch.setattr(postgres_user, "_may_enter", lambda folder, prefix: False)
    user = postgres_user.ServerUser(tmp_path / "demo", root=True, namespace=False)
    assert user.prefix[0] == "setpriv"
    assert user.account.pw_uid != 0
    assert paths.CACHE not in user.home.parents
