"""`make demo` and `make shell`: the demo company in a real Odoo on this machine."""

import contextlib
import json
import subprocess
import urllib.error
import urllib.request

from . import machine, paths, process, settings, templates
from .say import Stop, step

LOADER = paths.ROOT / "data" / "load_demo.py"
LOAD = """
import sys
sys.path.insert(0, folder)
import load_demo
load_demo.load(env)
"""
LOGINS = """
import json, sys
sys.path.insert(0, sys.argv[1])
import load_demo
print(json.dumps(load_demo.LOGINS))
"""
LOADED = "with demo company"


def run():
    """Bring the demo up and serve it until Ctrl-C."""
    port = settings.read().port
    require_port(port)
    ready = machine.prepare("demo", durable=True, groups=("runtime",))
    with ready.cluster:
        name = ready.settings.database
        ensure_database(ready.odoo, name)
        require_port(port)
        with serving(ready.odoo, name, port) as server:
            welcome(f"http://127.0.0.1:{port}", name)
            with contextlib.suppress(KeyboardInterrupt):
                server.wait()
                raise Stop(f"The server ended by itself; the end of its log:\n{_log_tail()}")
            step("Stopping")
    return 0


def shell():
    """Open Odoo's shell on the demo database."""
    ready = machine.prepare("demo", durable=True, groups=("runtime",), pages=False)
    with ready.cluster:
        name = ready.settings.database
        if name not in ready.odoo.databases.names():
            raise Stop(f"There is no database '{name}' yet: run 'make demo' first.")
        command = ready.odoo.command(name, "shell", "--no-http", name=f"{name}-shell")
        child = subprocess.Popen(command, env=ready.odoo.databases.environment(), cwd=paths.ROOT)
        while True:
            with contextlib.suppress(KeyboardInterrupt):
                return child.wait()


def require_port(port):
    """Stop when the demo's port is taken."""
    if process.port_taken(port):
        raise Stop(
            f"Port {port} of 127.0.0.1 is taken: stop what uses it (perhaps another 'make demo'), "
            f"or choose another port: make demo PORT={port + 1}"
        )


def ensure_database(odoo, name):
    """Bring the database to the add-ons' present code, with the demo company in it."""
    databases = odoo.databases
    code = templates.addons_stamp(odoo.tree)
    if name not in databases.names():
        _install(odoo, name, code)
    mark = databases.marked(name) or ""
    if not mark.startswith(code):
        step("Updating the database: the add-ons changed")
        _require_ours(mark, name)
        odoo.install(name, paths.ADDONS, "-u")
        mark = code + mark[len(code) :]
        databases.mark(name, mark)
    if LOADED not in mark and LOADER.exists():
        step("Loading the demo company and scoring it (about two minutes)")
        odoo.shell(name, LOAD, log="demo-load", folder=str(LOADER.parent))
        databases.mark(name, f"{code} {LOADED}")


def _install(odoo, name, code):
    step("Installing Odoo and the add-ons on a new database (about two minutes)")
    fresh = f"{name}__new"
    odoo.databases.drop(fresh)
    odoo.install(fresh, paths.ADDONS)
    templates.quieten(odoo, fresh)
    odoo.databases.mark(fresh, code)
    odoo.databases.rename(fresh, name)


def _require_ours(mark, name):
    if not mark:
        raise Stop(
            f"The database '{name}' was not made by 'make demo', so it is left alone: choose "
            "another name with DB=..., or update it with your own Odoo."
        )


@contextlib.contextmanager
def serving(odoo, name, port):
    """Serve a database with its scheduled actions while the block runs; yields the process."""
    step("Starting the server")
    path = paths.folder(paths.LOGS) / "demo-server.log"
    command = odoo.command(name, name="demo-server", http_port=port, max_cron_threads=1)
    with open(path, "w") as stream:
        child = subprocess.Popen(
            command,
            env=odoo.databases.environment(),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=paths.ROOT,
            start_new_session=True,  # Ctrl-C reaches us, and we end it in order
            preexec_fn=process.end_with_parent,
        )
    try:
        if not process.wait_until(lambda: _answers(child, port), 120) or child.poll() is not None:
            raise Stop(f"The server did not start; the end of its log:\n{_log_tail()}")
        yield child
    finally:
        process.stop(child, grace=30)


def welcome(url, name):
    """Print where the demo is and who can sign in."""
    print(f"\nLogistics CRM is served at {url} (database {name})\n")
    for login, password, role in _logins():
        print(f"    {login + ' / ' + password:<28} {role}")
    print(f"\nLog: {paths.LOGS / 'demo-server.log'}\nCtrl-C stops it.\n", flush=True)


def _logins():
    if not LOADER.exists():
        return [("admin", "admin", "Administrator")]
    said = process.output([str(paths.PYTHON), "-c", LOGINS, str(LOADER.parent)])
    return json.loads(said) if said else [("admin", "admin", "Administrator")]


def _answers(child, port):
    if child.poll() is not None:
        return True
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/web/login", timeout=30) as answer:
            return answer.status == 200
    except (OSError, urllib.error.URLError):
        return False


def _log_tail():
    return process.tail(paths.LOGS / "demo-server.log")
