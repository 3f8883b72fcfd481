"""What can go wrong in the set-up ends with a sentence that says what to do, and no traceback."""

import os
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from runtime import apt, cleaning, commands, demo, odoo, paths, postgres, settings, stamps, venv
from runtime.say import Stop

LC = paths.ROOT / "tools" / "lc.py"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Let the set-up work in an empty cache folder."""
    for name in ("CACHE", "DOWNLOADS", "LOGS", "RUN", "POSTGRES", "ODOO_TREE", "BIN"):
        place = tmp_path if name == "CACHE" else tmp_path / name.lower()
        monkeypatch.setattr(paths, name, place)
    return tmp_path


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """Give `fake(name, script)`: programs that stand in for the machine's."""
    folder = tmp_path / "programs"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")

    def fake(name, script):
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)

    return fake


@pytest.fixture
def cluster(cache, monkeypatch):
    """Give a server that runs as the user who runs the tests, in the empty cache folder."""
    monkeypatch.setattr(postgres, "ServerUser", partial(postgres.ServerUser, root=False))
    made = postgres.Cluster("test", durable=False)
    paths.folder(made.data)
    return made


def stopped(function, *arguments):
    """Return the sentence that a call stops with."""
    with pytest.raises(Stop) as caught:
        function(*arguments)
    return str(caught.value)


def test_a_machine_without_apt_is_told_to_name_an_odoo(cache, monkeypatch):
    monkeypatch.setattr(apt.process, "output", lambda *arguments, **options: None)
    text = stopped(odoo.ensure, settings.read({}))
    assert "no apt" in text and "ODOO=/path/to/odoo" in text


def test_a_machine_without_debian_mirror_is_told_to_name_one(cache, monkeypatch):
    monkeypatch.setattr(apt, "require", lambda *arguments: None)
    monkeypatch.setattr(apt, "debian_mirror", lambda: None)
    assert "DEBIAN_MIRROR=" in stopped(odoo.ensure, settings.read({}))


def test_no_network_is_told_with_the_end_of_apts_log(cache, programs):
    programs("apt-get", "echo 'Temporary failure resolving'; exit 100")
    source = apt.IsolatedApt("odoo", ["deb http://mirror.invalid/debian sid main"])
    text = stopped(source.update)
    assert "check the network" in text and "Temporary failure resolving" in text


def test_an_interrupted_download_is_kept_and_said_so(cache, programs):
    programs("apt-get", "echo half > odoo-19_19.0_all.deb; exit 100")
    source = apt.IsolatedApt("odoo", [])
    source._write()
    text = stopped(source.download, ["odoo-19"], paths.DOWNLOADS)
    assert "what is there already is kept" in text
    assert (paths.DOWNLOADS / "odoo-19_19.0_all.deb").exists()


def test_a_package_with_other_content_than_tested_is_refused_and_removed(cache):
    path = paths.folder(paths.DOWNLOADS) / "odoo-19_19.0_all.deb"
    path.write_text("something else")
    text = stopped(odoo._checked, "odoo-19", "19.0", {"sha256": {"19.0": "0" * 64}})
    assert "SHA-256" in text
    assert not path.exists()


def test_a_half_downloaded_package_is_fetched_again_and_whole_ones_are_kept(cache):
    pin = {"sha256": {"2": "0" * 64}}
    whole = paths.folder(paths.DOWNLOADS) / "font_1_all.deb"
    whole.write_text("whole")
    pin["sha256"]["1"] = stamps.of_file(whole)
    (paths.DOWNLOADS / "font_2_all.deb").write_text("hal")
    assert odoo._have("font", "1", pin)
    assert not odoo._have("font", "2", pin)
    assert not odoo._have("font", "3", pin)


def test_a_package_that_left_the_pool_is_replaced_by_its_suites_own_with_a_warning(capsys):
    pin = {"suite": "sid", "sha256": {"19.0.0-1": "0" * 64}}
    assert odoo._choose("odoo-19", pin, {"19.0.1-1": "sid", "18.0-1": "trixie"}) == "19.0.1-1"
    assert "tested version is gone" in capsys.readouterr().err


def test_a_tested_version_is_preferred_to_a_newer_one():
    pin = {"suite": "sid", "sha256": {"19.0.0-1": "0" * 64}}
    assert odoo._choose("odoo-19", pin, {"19.0.1-1": "sid", "19.0.0-1": "trixie"}) == "19.0.0-1"


def test_too_little_disk_names_the_place_and_the_need(tmp_path):
    text = stopped(paths.require_space, tmp_path / "not" / "there", 10**9, "Odoo")
    assert str(tmp_path) in text and "LOGISTICS_CACHE" in text


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    assert str(tmp_path / "file") in stopped(paths.folder, tmp_path / "file" / "below")


def test_a_taken_port_suggests_another():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert f"make demo PORT={port + 1}" in stopped(demo.require_port, port)
    demo.require_port(port)


@pytest.mark.parametrize("text", ["http", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(text):
    assert "1 to 65535" in stopped(settings.read, {"PORT": text})


@pytest.mark.parametrize("text", ["1st", 'a"b', "x" * 60, "a b"])
def test_a_database_name_that_would_need_quoting_is_refused(text):
    assert "database" in stopped(settings.read, {"DB": text})


def test_a_folder_without_odoo_is_no_odoo(tmp_path):
    assert "has no Odoo" in stopped(odoo.own_tree, tmp_path)


def test_another_version_of_odoo_is_refused(tmp_path):
    release = tmp_path / "odoo" / "release.py"
    release.parent.mkdir()
    release.write_text("version_info = (18, 0, 0, FINAL, 0, '')\n")
    text = stopped(odoo.own_tree, tmp_path)
    assert "18.0" in text and "19.0" in text


def test_a_source_checkout_is_accepted_with_both_folders_of_add_ons(tmp_path):
    release = tmp_path / "odoo" / "release.py"
    (tmp_path / "odoo" / "addons").mkdir(parents=True)
    (tmp_path / "addons").mkdir()
    release.write_text("version_info = (19, 0, 0, FINAL, 0, '')\n")
    tree = odoo.own_tree(tmp_path)
    assert tree.addons == [tmp_path / "odoo" / "addons", tmp_path / "addons"]


@pytest.mark.parametrize("value", ["True", '["crm",\n "iap"]'])
def test_modules_that_ask_the_internet_wait_to_be_asked_for(tmp_path, value):
    manifest = tmp_path / "__manifest__.py"
    manifest.write_text(f"{{'name': 'x', 'auto_install': {value}, 'license': 'LGPL-3'}}")
    odoo._install_on_request_only(manifest)
    assert manifest.read_text() == "{'name': 'x', 'auto_install': False, 'license': 'LGPL-3'}"


def test_an_unreachable_postgresql_says_which_and_what_to_check(monkeypatch):
    monkeypatch.setattr(paths, "PYTHON", Path(sys.executable))
    monkeypatch.setenv("PGHOST", "/nowhere/at/all")
    text = stopped(postgres.External().start)
    assert "PGHOST=/nowhere/at/all" in text and "PGUSER" in text


def test_a_postgresql_that_does_not_start_shows_its_log(cluster, cache, programs):
    programs("pg_ctl", "echo 'could not create shared memory'; exit 1")
    binaries = postgres.postgres_binaries.Binaries(cache / "programs", 15)
    text = stopped(cluster._launch, binaries)
    assert "PostgreSQL refused to start" in text and "shared memory" in text


def test_databases_of_another_postgresql_are_left_alone(cluster, cache):
    (cluster.data / "PG_VERSION").write_text("12\n")
    text = stopped(cluster._initialize, postgres.postgres_binaries.Binaries(cache, 15))
    assert "12" in text and "15" in text and "make clean" in text


def test_packages_that_do_not_install_point_to_the_network(cache, monkeypatch):
    monkeypatch.setattr(venv, "pip", lambda: ["false"])
    assert "check the network" in stopped(venv._with_pip, "runtime", "lock.txt")


def test_an_unsupported_python_names_the_supported_ones():
    code = (
        "import runpy, sys; sys.version_info = (3, 10, 0); sys.argv = ['lc.py', 'demo'];"
        f"runpy.run_path({str(LC)!r}, run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PATH": ""}, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "3.11, 3.12 or 3.13" in done.stderr and "Traceback" not in done.stderr


def test_a_failure_is_printed_as_its_sentence_with_exit_code_1(monkeypatch, capsys):
    def fail(arguments):
        raise Stop("The reason, and what to do.")

    monkeypatch.setitem(commands.COMMANDS, "demo", fail)
    monkeypatch.setattr(commands.signal, "signal", lambda *arguments: None)
    assert commands.main(["demo"]) == 1
    assert capsys.readouterr().err.strip() == "demo: The reason, and what to do."


def test_an_interruption_says_that_it_can_be_resumed(monkeypatch, capsys):
    def interrupt(arguments):
        raise KeyboardInterrupt

    monkeypatch.setitem(commands.COMMANDS, "demo", interrupt)
    monkeypatch.setattr(commands.signal, "signal", lambda *arguments: None)
    assert commands.main(["demo"]) == 130
    assert "go on where it stopped" in capsys.readouterr().err


def test_an_unknown_command_shows_the_usage(capsys):
    assert commands.main(["dance"]) == 2
    assert "demo|test|" in capsys.readouterr().err


def test_clean_leaves_folders_alone_that_it_did_not_make(cache):
    (cache / "photos").mkdir()
    assert "left alone" in stopped(cleaning.run)
    assert (cache / "photos").exists()


def test_clean_removes_its_own_cache(cache, monkeypatch):
    # no server runs from this folder, whatever runs from the real one meanwhile
    monkeypatch.setattr(paths, "PYTHON", cache / "python")
    cleaning.tag(cache)
    cleaning.run()
    assert not cache.exists()


def test_a_step_that_was_interrupted_is_not_taken_for_finished(tmp_path):
    assert not stamps.matches(tmp_path, "abc")
    stamps.write(tmp_path, "abc")
    assert stamps.matches(tmp_path, "abc")
    assert not stamps.matches(tmp_path, "abd")
