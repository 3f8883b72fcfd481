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


CASES = """
customer = env["res.partner"].create({
    "name": "Two People", "is_company": True, "customer_rank": 1, "email": "two@people.example"})
cases = env["logistics.case"].create([
    {"name": f"Wet {number}", "partner_id": customer.id, "kind": "claim"} for number in range(count)
])
result = [customer.id, cases.ids, max(cases.message_ids.ids)]
"""
REFUSAL = "odoo.exceptions.UserError"


def assert_one_is_told(answers, *sentences):
    """One call is done, the others are refused in one of the sentences."""
    assert sorted(answer.status_code for answer in answers)[0] == 200
    refused = [answer.json() for answer in answers if answer.status_code != 200]
    assert len(refused) == len(answers) - 1
    for problem in refused:
        assert problem["name"] == REFUSAL, problem
        assert any(sentence in problem["message"] for sentence in sentences), problem["message"]


@pytest.fixture(scope="module")
def officers(server):
    for login in ("anna", "boris"):
        server.create_user(login, MANAGER)
        server.api_key(login)
    return "anna", "boris"


def test_of_two_who_answer_a_case_at_once_the_second_is_told(server, officers):
    customer, [case], seen = server.shell(CASES, count=1)
    answers = call_at_once(
        2,
        lambda number: server.json2(
            "logistics.case",
            "message_post",
            officers[number],
            ids=[case],
            body=f"It comes, says {officers[number]}.",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=[customer],
            context={"logistics_seen_message_id": seen},
        ),
    )
    assert_one_is_told(answers, "has answered this case in the meantime", "is sending an answer")
    said = 'result = env["logistics.case"].browse(case).message_ids.filtered("subtype_id").mapped('
    said += '"message_type").count("comment")'
    assert server.shell(said, case=case) == 1


def test_the_same_cases_merged_at_once_are_merged_once(server, officers):
    _customer, cases, _seen = server.shell(CASES, count=2)
    wizards = [
        server.json2(
            "logistics.case.merge",
            "create",
            login,
            vals_list=[{"case_ids": [[6, 0, cases]], "survivor_id": survivor}],
        ).json()
        for login, survivor in zip(officers, cases, strict=True)  # each into the other
    ]
    answers = call_at_once(
        2,
        lambda number: server.json2(
            "logistics.case.merge", "action_merge", officers[number], ids=wizards[number]
        ),
    )
    assert_one_is_told(answers, "already", "Somebody else is changing one of these cases")
    found = 'found = env["logistics.case"].browse(cases)\n'
    found += 'result = [found.mapped("state").count("closed"), len(found.merged_into_id)]'
    assert server.shell(found, cases=cases) == [1, 1]


CUSTOMERS = """
partners = env["res.partner"].create([
    {"name": "Twin", "is_company": True, "customer_rank": 1, "email": "twin@example.com"}
    for _number in range(2)])
env["logistics.case"].create([{"name": "Mine", "partner_id": one.id} for one in partners])
result = [partners.ids, partners.mapped("customer_code")]
"""
MERGED = """
left = env["res.partner"].browse(ids).exists()
found = [env["res.partner"].name_search(code, limit=1) for code in codes]
cases = env["logistics.case"].search([("partner_id", "in", left.ids), ("name", "=", "Mine")])
result = [len(left), {names[0][0] for names in found} == set(left.ids), len(cases)]
"""


@pytest.mark.parametrize("into", ["the same", "each other"])
def test_the_same_customers_merged_at_once_stay_one_with_both_codes(server, officers, into):
    ids, codes = server.shell(CUSTOMERS)
    survivors = ids if into == "each other" else [ids[0], ids[0]]
    wizards = [
        server.json2(
            "base.partner.merge.automatic.wizard",
            "create",
            login,
            vals_list=[
                {"partner_ids": [[6, 0, ids]], "dst_partner_id": survivor, "state": "selection"}
            ],
        ).json()
        for login, survivor in zip(officers, survivors, strict=True)
    ]
    answers = call_at_once(
        2,
        lambda number: server.json2(
            "base.partner.merge.automatic.wizard",
            "action_merge",
            officers[number],
            ids=wizards[number],
        ),
    )
    for answer in answers:
        assert answer.status_code == 200 or answer.json()["name"] == REFUSAL, answer.text
    assert any(answer.status_code == 200 for answer in answers)
    assert server.shell(MERGED, ids=ids, codes=codes) == [1, True, 2]


MAIL = """From: Two <two@mail.example>
To: service@our.example
Subject: Wet boxes
Message-Id: <{name}@mail.example>
{more}Date: Mon, 01 Jun 2026 10:00:00 +0000

All of them.
"""
MAILED = """
messages = env["mail.message"].search([("message_id", "=", f"<{name}@mail.example>")])
cases = env["logistics.case"].search([("external_id", "=", f"<{name}@mail.example>")])
result = [len(messages), len(cases), messages[:1].res_id]
"""


def test_the_same_mail_arriving_twice_at_once_makes_one_case_and_one_message(server):
    for name, more in (("first", ""), ("reply", "In-Reply-To: <first@mail.example>\n")):
        raw = MAIL.format(name=name, more=more)
        answers = call_at_once(
            3,
            lambda _number, raw=raw: server.json2(
                "mail.thread", "message_process", model="logistics.case", message=raw
            ),
        )
        assert [answer.status_code for answer in answers] == [200] * 3, answers[0].text
    assert server.shell(MAILED, name="first")[:2] == [1, 1]
    assert server.shell(MAILED, name="reply")[:2] == [1, 0]
    assert server.shell(MAILED, name="first")[2] == server.shell(MAILED, name="reply")[2]


def test_codes_drawn_at_once_never_collide(server, officers):
    for model, values in (
        ("res.partner", {"name": "Drawn", "is_company": True, "customer_rank": 1}),
        ("logistics.case", {"name": "Drawn"}),
    ):
        answers = call_at_once(
            4,
            lambda number, model=model, values=values: server.json2(
                model, "create", officers[number % 2], vals_list=[values] * 40
            ),
        )
        assert [answer.status_code for answer in answers] == [200] * 4, answers[0].text
        name = "customer_code" if model == "res.partner" else "code"
        drawn = 'result = env[model].search([("name", "=", "Drawn")]).mapped(name)'
        codes = server.shell(drawn, model=model, name=name)
        assert len(codes) == len(set(codes)) == 160
        assert all(codes)
