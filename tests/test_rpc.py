"""Other systems load history, run scoring and read scores over real HTTP with API keys.

The examples of docs/api.md are run as they stand there.
"""

import csv
import os
import re
import subprocess
import sys
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from demo_company import generate
from demo_customers import CHINA

DOCUMENT = Path(__file__).parents[1] / "docs" / "api.md"
MANAGER = "logistics_crm.group_logistics_manager"
MINING_MANAGER = "logistics_crm_mining.group_mining_manager"
OFFICER = "logistics_crm.group_logistics_officer"
LINE = {
    "order": "SO-1",
    "line": "1",
    "date": "2026-01-15",
    "customer": "C-1",
    "product": "P-1",
    "quantity": 2,
    "amount": 50.0,
}


def get_example(heading):
    """Return the Python blocks below a heading of the document as one program."""
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return "\n".join(re.findall(r"```python\n(.*?)```", section, re.DOTALL))


def find_nulls(value):
    """Return whether a result holds a null anywhere."""
    if isinstance(value, dict):
        return any(find_nulls(item) for item in value.values())
    if isinstance(value, list):
        return any(find_nulls(item) for item in value)
    return value is None


@pytest.fixture(scope="module")
def history():
    """Three years of 110 customers, in the company's own currency."""
    lines = [dict(row) for row in generate(date.today(), CHINA).lines]
    for line in lines:
        del line["currency"]
    return lines


@pytest.fixture(scope="module")
def server(start_odoo_server):
    """A server that runs scheduled actions, with a user per role and one for the examples."""
    server = start_odoo_server(crons=True)
    server.create_user("mary", MANAGER)
    server.create_user("ravi", MINING_MANAGER)
    server.create_user("olga", OFFICER)
    server.create_user("robot", MANAGER, MINING_MANAGER)
    return server


@pytest.fixture(scope="module")
def run_example(server, history, tmp_path_factory):
    """Give `run(heading)`: run the document's example with the history as sales.csv."""
    folder = tmp_path_factory.mktemp("api")
    with open(folder / "sales.csv", "w", newline="", encoding="utf-8") as file:
        names = list(dict.fromkeys(name for line in history for name in line))
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(history)

    def run(heading):
        return subprocess.run(
            [sys.executable, "-c", get_example(heading)],
            cwd=folder,
            env=os.environ
            | {
                "ODOO_URL": server.url,
                "ODOO_DB": server.db,
                "ODOO_KEY": server.api_key("robot"),
                "ODOO_LOGIN": "robot",
                "PYTHONIOENCODING": "utf-8",
            },
            capture_output=True,
            encoding="utf-8",
            timeout=300,
        )

    return run


@pytest.fixture(scope="module")
def json2_output(run_example):
    """What the JSON-2 example of the document prints when it runs for the first time."""
    done = run_example("JSON-2")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def xmlrpc_call(server):
    """Give `call(login, method, *arguments, **named)` over XML-RPC, which cannot carry nulls."""
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    models = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")

    def call(login, method, *arguments, **named):
        key = server.api_key(login)
        uid = common.authenticate(server.db, login, key, {})
        return models.execute_kw(server.db, uid, key, "logistics.api", method, arguments, named)

    return call


def test_json2_example_loads_scores_and_reads(json2_output, history):
    loaded = [int(n) for n in re.findall(r"^created (\d+) unchanged 0$", json2_output, re.M)]
    assert sum(loaded) == len(history)
    assert re.search(r"^segment done published$", json2_output, re.M), json2_output
    assert re.search(r"^clv done ", json2_output, re.M), json2_output
    assert re.search(r"\['.+'\]", json2_output), "no line has reasons"
    assert re.search(r"^profile C\d+\w \w+ \d+$", json2_output, re.M), json2_output


def test_json2_example_opens_one_case_and_logs_one_call(json2_output):
    cases = re.findall(r"^case (\w+) \w+ duplicate (\w+)$", json2_output, re.M)
    assert [duplicate for _code, duplicate in cases] == ["False", "True"]
    assert len({code for code, _duplicate in cases}) == 1
    assert re.search(r"^call \d+ unknown caller 0$", json2_output, re.M), json2_output
    assert json2_output.endswith("call back True duplicate True\n")


def test_example_sent_again_changes_nothing(json2_output, run_example, history):
    done = run_example("JSON-2")
    assert done.returncode == 0, done.stderr
    again = [int(n) for n in re.findall(r"^created 0 unchanged (\d+)$", done.stdout, re.M)]
    assert sum(again) == len(history)


def test_xmlrpc_example_loads_scores_and_reads(json2_output, run_example):
    done = run_example("XML-RPC")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("created 1 unchanged 0\n")
    assert len(done.stdout.splitlines()) == 8
    assert re.search(r"^case CS\w+\ncall \d+$", done.stdout, re.M), done.stdout
    assert re.match(r"profile C\d+\w [A-Z]{3} [12]$", done.stdout.splitlines()[-2])
    assert done.stdout.splitlines()[-1].startswith("promise ")


def test_every_scored_customer_has_reasons_and_no_field_is_null(json2_output, server, xmlrpc_call):
    rows = server.json2("logistics.api", "scores", "olga", code="segment").json()
    assert len(rows) >= 100
    assert not find_nulls(rows)
    assert all(row["reasons"] and all(map(str.strip, row["reasons"])) for row in rows)
    assert xmlrpc_call("olga", "scores", "segment") == rows


def test_scores_of_one_customer_by_code_and_by_id_are_the_same(json2_output, server):
    first = server.json2("logistics.api", "scores", "olga", code="segment", limit=1).json()[0]
    for key in (first["code"], first["customer"]):
        answer = server.json2("logistics.api", "scores", "olga", code="segment", customers=[key])
        assert answer.json() == [first]


def test_a_profile_is_the_same_over_both_doors_and_holds_no_null(json2_output, server, xmlrpc_call):
    scored = server.json2("logistics.api", "scores", "olga", code="segment", limit=1).json()[0]
    code = scored["code"]
    profile = server.json2("logistics.api", "customer_profile", "olga", customer=code).json()
    assert not find_nulls(profile)
    assert profile["scores"]["segment"]["reasons"] == scored["reasons"]
    assert xmlrpc_call("olga", "customer_profile", scored["customer"]) == profile


def test_a_run_tells_what_it_read_and_never_null(json2_output, server, history):
    run = server.json2("logistics.api", "run_mining", "ravi", code="clv").json()
    state = server.json2("logistics.api", "mining_run", "ravi", run_id=run["run"]).json()
    assert set(state) == {
        *("id", "task", "state", "progress", "rows", "seconds", "metrics", "baseline"),
        *("published", "reason"),
    }
    assert not find_nulls(state)
    assert state["published"] or state["reason"]


def test_dashboards_reach_a_client_that_cannot_carry_nulls(server):
    models = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/object")
    common = xmlrpc.client.ServerProxy(f"{server.url}/xmlrpc/2/common")
    key = server.api_key("olga")
    uid = common.authenticate(server.db, "olga", key, {})
    for role in ("management", "account", "service"):
        asked = (server.db, uid, key, "logistics.dashboard", "get_data", [role])
        assert models.execute_kw(*asked)["role"] == role
    asked = (server.db, uid, key, "logistics.dashboard", "plan_call", [True])
    with pytest.raises(xmlrpc.client.Fault, match="There is no such customer") as fault:
        models.execute_kw(*asked)
    assert "Traceback" not in fault.value.faultString


def test_who_press_plan_a_call_at_the_same_moment_plan_one(server):
    companies = [{"name": f"Asked by many {number}", "is_company": True} for number in range(4)]
    customers = server.json2("res.partner", "create", "olga", vals_list=companies).json()

    def plan(customer):
        return server.json2("logistics.dashboard", "plan_call", "olga", partner_id=customer)

    for customer in customers:
        with ThreadPoolExecutor(4) as pool:
            answers = [answer.json() for answer in pool.map(plan, [customer] * 4)]
        assert sorted(answer["is_new"] for answer in answers) == [False, False, False, True]
        assert len({answer["text"] for answer in answers}) == 1


def test_a_bad_line_is_named_with_its_field_and_the_good_one_is_kept(server):
    lines = [LINE | {"order": "SO-2"}, LINE | {"order": "SO-3", "quantity": "many"}]
    answer = server.json2(
        "logistics.api", "load_sales_history", "mary", source="bad", lines=lines
    ).json()
    assert (answer["created"], len(answer["rejected"])) == (1, 1)
    (rejected,) = answer["rejected"]
    assert (rejected["order"], rejected["line"]) == ("SO-3", "1")
    assert rejected["field"] == "quantity"
    assert len(rejected["reason"].split()) > 3


@pytest.mark.parametrize(
    ("method", "login", "arguments", "named"),
    [
        ("load_sales_history", "mary", {"source": "", "lines": [LINE]}, "source"),
        ("load_sales_history", "mary", {"source": "bad", "lines": "SO-1"}, "lines"),
        ("run_mining", "ravi", {"code": "no such task"}, "code"),
        ("mining_run", "ravi", {"run_id": 10**6}, "run_id"),
        ("scores", "olga", {"code": "segment", "limit": 0}, "limit"),
        ("submit_case", "olga", {"values": {"subject": "Wet", "kind": "claim"}}, "customer"),
        ("log_call", "olga", {"values": {"number": "1234567", "outcome": "busy"}}, "outcome"),
        ("scores", "olga", {"code": "segment", "customers": ["no such code"]}, "customers"),
        ("customer_profile", "olga", {"customer": "no such code"}, "customer"),
    ],
)
def test_an_error_is_a_sentence_that_names_the_argument(
    server, xmlrpc_call, method, login, arguments, named
):
    answer = server.json2("logistics.api", method, login, **arguments)
    assert 400 <= answer.status_code < 500
    message = answer.json()["message"]
    assert named in message.lower() and "Traceback" not in message
    with pytest.raises(xmlrpc.client.Fault) as fault:
        xmlrpc_call(login, method, **arguments)
    assert fault.value.faultString.strip() == message.strip()


@pytest.mark.parametrize(
    ("method", "login", "arguments"),
    [
        ("load_sales_history", "olga", {"source": "erp", "lines": [LINE]}),
        ("load_sales_history", "ravi", {"source": "erp", "lines": [LINE]}),
        ("run_mining", "olga", {"code": "segment"}),
        ("run_mining", "mary", {"code": "segment"}),
    ],
)
def test_who_lacks_the_role_is_refused(server, method, login, arguments):
    answer = server.json2("logistics.api", method, login, **arguments)
    assert answer.status_code == 403
    assert answer.json()["name"] == "odoo.exceptions.AccessError"


def test_a_wrong_key_is_refused(server):
    server.api_key("mary")
    server._keys["mary-wrong"] = "0" * 40
    answer = server.json2("logistics.api", "scores", "mary-wrong", code="segment")
    assert answer.status_code == 401
