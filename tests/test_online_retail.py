"""A real year of a wholesaler goes through the public loader into Odoo and is scored there.

Every figure is computed a second time, with pandas, from the file alone.
"""

import json

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.slow

CHUNK = 60_000
COUNTRIES = {"EIRE": "IE", "USA": "US", "RSA": "ZA", "Channel Islands": "JE"}
NOWHERE = ("Unspecified", "European Community")

# The pound is the company's own currency, so that amounts are those of the file.
PREPARE = """
pound = env["res.currency"].with_context(active_test=False).search([("name", "=", "GBP")])
pound.active = True
env.company.currency_id = pound
groups = ("base.group_user", "logistics_crm.group_logistics_manager")
result = env["res.users"].create(
    {"name": "Mary", "login": "mary", "group_ids": [(6, 0, [env.ref(g).id for g in groups])]}
).id
"""
LOAD = """
import json
api = env(user=user)["logistics.api"]
result = {"created": 0, "updated": 0, "unchanged": 0, "rejected": []}
for path in paths:
    with open(path, encoding="utf-8") as file:
        answer = api.load_sales_history("retail", json.load(file), allow_anonymous=True)
    env.cr.commit()
    for name, value in answer.items():
        result[name] += value
# not ru_maxrss, which begins with the memory of the process that started this one
with open("/proc/self/status") as status:
    peak = next(line for line in status if line.startswith("VmHWM"))
result["memory_mb"] = int(peak.split()[1]) // 1024
"""
STORED = """
from odoo.tools import SQL
[figures] = env.execute_query_dict(SQL('''
    SELECT count(*) AS lines, count(*) FILTER (WHERE partner_id IS NULL) AS anonymous,
           count(DISTINCT partner_id) AS customers, count(DISTINCT product_id) AS products,
           count(DISTINCT order_key) AS orders, count(*) FILTER (WHERE is_return) AS returns,
           sum(amount)::float8 AS revenue,
           sum(amount) FILTER (WHERE partner_id IS NOT NULL)::float8 AS customer_revenue
      FROM logistics_order_fact WHERE origin = 'history' '''))
result = figures
"""
SCORE = """
api = env["logistics.api"]
runs = [api.run_mining(code)["run"] for code in ("segment", "clv")]
env.cr.commit()
env["logistics.mining.run"]._cron_process_queue()
result = [api.mining_run(run) for run in runs]
"""
RFM = """
from odoo.tools import SQL
rows = env.execute_query(SQL('''
    SELECT k.key, s.reasons, s.details ->> 'rfm_score', s.value
      FROM logistics_mining_score s
      JOIN logistics_mining_run r ON r.id = s.run_id AND r.is_newest
      JOIN logistics_mining_task t ON t.id = s.task_id AND t.code = 'segment'
      JOIN logistics_source_key k ON k.partner_id = s.partner_id AND k.kind = 'customer' '''))
result = {key: [reasons, rfm, value] for key, reasons, rfm, value in rows}
"""
VALUES = """
api = env["logistics.api"]
result = api.scores("clv", limit=10_000)
"""


@pytest.fixture(scope="module")
def invoices(data_folder):
    """The file as it is, with the numbers that the checks need."""
    path = data_folder / "online_retail" / "online_retail.csv.gz"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame["line"] = frame.groupby("InvoiceNo").cumcount() + 1
    frame["date"] = pd.to_datetime(frame["InvoiceDate"]).dt.normalize()
    frame["quantity"] = frame["Quantity"].astype(float)
    frame["amount"] = (frame["quantity"] * frame["UnitPrice"].astype(float)).round(2)
    return frame


@pytest.fixture(scope="module")
def chunks(invoices, tmp_path_factory):
    """The file as JSON arguments of `load_sales_history`."""
    country = invoices["Country"].replace(COUNTRIES).where(~invoices["Country"].isin(NOWHERE), "")
    lines = pd.DataFrame(
        {
            "order": invoices["InvoiceNo"],
            "line": invoices["line"].astype(str),
            "date": invoices["date"].dt.strftime("%Y-%m-%d"),
            "customer": invoices["CustomerID"],
            "customer_country": country,
            "product": invoices["StockCode"],
            "product_name": invoices["Description"],
            "quantity": invoices["quantity"],
            "amount": invoices["amount"],
        }
    )
    folder = tmp_path_factory.mktemp("retail")
    paths = []
    for start in range(0, len(lines), CHUNK):
        paths.append(str(folder / f"{start}.json"))
        lines.iloc[start : start + CHUNK].to_json(paths[-1], orient="records", force_ascii=False)
    return paths


@pytest.fixture(scope="module")
def database(make_database, run_shell):
    name = make_database()
    return name, run_shell(name, PREPARE)


@pytest.fixture(scope="module")
def loaded(database, run_shell, chunks):
    """What the loader answered, all chunks added up."""
    name, user = database
    return run_shell(name, LOAD, paths=chunks, user=user)


@pytest.fixture(scope="module")
def scored(loaded, database, run_shell):
    """The runs of `segment` and `clv`, as other systems see them."""
    return run_shell(database[0], SCORE)


def summarize(invoices):
    """Return per customer: days since the last order, order days, net revenue of 36 months."""
    known = invoices[invoices["CustomerID"] != ""]
    cutoff = known["date"].max()
    known = known[known["date"] > cutoff - pd.DateOffset(months=36)]
    bought = known[known["quantity"] > 0].groupby("CustomerID")["date"]
    first = known["CustomerID"].map(bought.min())
    netted = known[known["date"] >= first].groupby("CustomerID")["amount"].sum()
    return pd.DataFrame(
        {"days": (cutoff - bought.max()).dt.days, "orders": bought.nunique(), "amount": netted}
    )


def test_every_line_is_stored_in_bounded_memory(loaded, invoices):
    assert loaded["rejected"] == []
    assert loaded["created"] == len(invoices) == 541_909
    assert loaded["memory_mb"] < 1000


def test_counts_are_those_of_the_file(loaded, database, run_shell, invoices):
    stored = run_shell(database[0], STORED)
    known = invoices["CustomerID"] != ""
    assert stored == {
        "lines": len(invoices),
        "anonymous": int((~known).sum()),
        "customers": invoices.loc[known, "CustomerID"].nunique(),
        "products": invoices["StockCode"].nunique(),
        "orders": invoices["InvoiceNo"].nunique(),
        "returns": int((invoices["quantity"] < 0).sum()),
        "revenue": pytest.approx(invoices["amount"].sum(), abs=0.01),
        "customer_revenue": pytest.approx(invoices.loc[known, "amount"].sum(), abs=0.01),
    }


def test_a_repeated_invoice_line_is_named_and_stored_once(loaded, database, run_shell, chunks):
    with open(chunks[0], encoding="utf-8") as file:
        line = json.load(file)[0]
    lines = [line, line | {"quantity": 1}]
    code = 'result = env["logistics.api"].load_sales_history("retail", lines)'
    answer = run_shell(database[0], code, lines=lines)
    assert (answer["created"], answer["updated"], answer["unchanged"]) == (0, 0, 1)
    assert [(row["order"], row["field"]) for row in answer["rejected"]] == [(line["order"], "line")]


def test_loading_the_year_again_changes_nothing(loaded, database, run_shell, chunks, invoices):
    name, user = database
    before = run_shell(name, STORED)
    again = run_shell(name, LOAD, paths=chunks, user=user)
    assert (again["created"], again["updated"]) == (0, 0)
    assert again["unchanged"] == len(invoices)
    assert run_shell(name, STORED) == before


def test_segments_rest_on_the_figures_of_the_file(scored, database, run_shell, invoices):
    assert scored[0]["published"], scored[0]["reason"]
    expected = summarize(invoices).dropna()
    stored = run_shell(database[0], RFM)
    assert set(stored) == set(expected.index)
    found = pd.DataFrame.from_dict(
        {
            key: {reason["code"]: reason for reason in reasons} | {"rfm": rfm, "value": value}
            for key, (reasons, rfm, value) in stored.items()
        },
        orient="index",
    ).loc[expected.index]
    assert (found["recency"].str["days"].astype(int) == expected["days"]).all()
    assert (found["frequency"].str["orders"].astype(int) == expected["orders"]).all()
    assert np.allclose(found["value"].astype(float), expected["amount"], atol=0.01)


def test_the_best_fifth_has_the_highest_score(scored, database, run_shell, invoices):
    expected = summarize(invoices).dropna()
    stored = run_shell(database[0], RFM)
    money = expected["amount"].rank(pct=True)
    scores = pd.Series({key: int(rfm[2]) for key, (_reasons, rfm, _value) in stored.items()})
    assert (scores[money.index[money > 0.81]] == 5).all()
    assert (scores[money.index[money < 0.19]] == 1).all()


def test_a_model_that_sees_no_drop_out_says_so_and_falls_back(scored, database, run_shell):
    run = scored[1]
    assert run["state"] == "done"
    assert run["metrics"]["degenerate"] == "no_dropout"
    assert run["metrics"]["model"] == "shrunken_rate"
    rows = run_shell(database[0], VALUES)
    if run["published"]:
        assert len(rows) > 4000 and all(row["reasons"] for row in rows)
    else:
        assert rows == [] and len(run["reason"].split()) > 5
