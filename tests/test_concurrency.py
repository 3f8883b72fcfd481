"""Two people press the same button at once: the work is done once, and nobody sees a crash."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

MANAGER = "logistics_crm.group_logistics_manager"
MINING_MANAGER = "logistics_crm_mining.group_mining_manager"
COUNT = 3000
LINES = [
    {
        "order": f"SO-{n // 3}",
        "line": str(n % 3),
        "date": "2026-01-15",
        "customer": f"C-{n % 70}",
        "product": f"P-{n % 40}",
        "quantity": 1,
        "amount": 10.0,
    }
    for n in range(COUNT)
]
STORED = """
history = env["logistics.sales.history"].search([("source", "=", source)])
keys = env["logistics.source.key"].search([("source", "=", source)])
partners = env["res.partner"].search_count([("name", "=like", "C-%")])
result = [len(history), len(keys), len(history.partner_id), partners]
"""


@pytest.fixture(scope="module")
def server(odoo_server):
    odoo_server.create_user("mary", MANAGER)
    odoo_server.create_user("ravi", MINING_MANAGER)
    for login in ("mary", "ravi"):
        odoo_server.api_key(login)
    return odoo_server


def call_at_once(count, call):
    """Call from `count` threads that start together; return the results."""
    barrier = Barrier(count)

    def wait_and_call(number):
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(wait_and_call, range(count)))


def test_the_same_lines_loaded_at_once_are_stored_once(server):
    answers = call_at_once(
        3,
        lambda _number: server.json2(
            "logistics.api", "load_sales_history", "mary", source="erp", lines=LINES
        ),
    )
    assert [answer.status_code for answer in answers] == [200] * 3
    results = [answer.json() for answer in answers]
    assert sorted(result["created"] for result in results) == [0, 0, COUNT]
    assert sorted(result["unchanged"] for result in results) == [0, COUNT, COUNT]
    assert server.shell(STORED, source="erp") == [COUNT, 110, 70, 70]


def test_two_halves_with_the_same_new_customers_make_each_customer_once(server):
    halves = (LINES[::2], LINES[1::2])
    before = server.shell(STORED, source="erp")[3]
    answers = call_at_once(
        2,
        lambda number: server.json2(
            "logistics.api", "load_sales_history", "mary", source="wms", lines=halves[number]
        ),
    )
    assert [answer.json().get("created") for answer in answers] == [COUNT // 2] * 2
    assert server.shell(STORED, source="wms") == [COUNT, 110, 70, before + 70]


def test_a_task_asked_for_at_once_is_queued_once(server):
    answers = call_at_once(
        4, lambda _number: server.json2("logistics.api", "run_mining", "ravi", code="segment")
    )
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len({answer.json()["run"] for answer in answers}) == 1
    count = 'result = env["logistics.mining.run"].search_count([("task_id.code", "=", "segment")])'
    assert server.shell(count) == 1


def test_a_case_and_a_call_reported_at_once_are_stored_once(server):
    server.create_user("olga", "logistics_crm.group_logistics_officer")
    server.api_key("olga")
    partner = 'result = env["res.partner"].create({"name": "Lotus", "is_company": True}).id'
    case = {"customer": server.shell(partner), "subject": "Wet", "kind": "claim"}
    for method, values, key in (
        ("submit_case", case | {"external_id": "T-1"}, "id"),
        ("log_call", {"number": "+861065529988", "external_id": "A-1"}, "call"),
    ):
        answers = call_at_once(
            3,
            lambda _number, method=method, values=values: server.json2(
                "logistics.api", method, "olga", values=values
            ),
        )
        assert [answer.status_code for answer in answers] == [200] * 3
        assert len({answer.json()[key] for answer in answers}) == 1
        assert sorted(answer.json()["duplicate"] for answer in answers) == [False, True, True]
