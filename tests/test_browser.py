"""The whole way in the web client: a file of sales becomes scores that people read.

A manager loads the file, a mining manager runs the tasks, an officer opens a customer. Each is a
user with that role alone, in a real browser, on a server that runs its scheduled actions.
"""

import csv
import re
from datetime import date

import pytest
from demo_company import generate
from demo_customers import CHINA
from playwright.sync_api import expect

HEADER = {
    "order": "Order No.",
    "line": "Line",
    "date": "Order Date",
    "customer": "Customer No.",
    "customer_name": "Customer Name",
    "customer_country": "Country",
    "product": "Item",
    "product_name": "Item Name",
    "quantity": "Quantity",
    "amount": "Amount",
    "promised": "Promised",
    "delivered": "Delivered",
}
WAIT = 240_000  # milliseconds


@pytest.fixture(scope="module")
def lines():
    return [row for row in generate(date.today(), CHINA).lines if row["quantity"] > 0]


@pytest.fixture(scope="module")
def sales_file(lines, tmp_path_factory):
    """What another system exports: the good lines, and one whose quantity is a word."""
    path = tmp_path_factory.mktemp("browser") / "sales.csv"
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER.values())
        for row in [*lines, lines[0] | {"order": "WRONG", "quantity": "several"}]:
            writer.writerow(row.get(name, "") for name in HEADER)
    return path


@pytest.fixture(scope="module")
def server(chromium, start_odoo_server):
    server = start_odoo_server(crons=True)
    server.create_user("mary", "logistics_crm.group_logistics_manager")
    server.create_user("ravi", "logistics_crm_mining.group_mining_manager")
    server.create_user("olga", "logistics_crm.group_logistics_officer")
    return server


@pytest.fixture
def page(browser):
    """A page whose console must stay free of errors."""
    browser.on("console", lambda message: keep_error(message, browser.script_errors))
    browser.set_default_timeout(WAIT)
    expect.set_options(timeout=WAIT)
    return browser


def keep_error(message, errors):
    """Keep what a page calls an error, but that the fixture blocks service workers."""
    if message.type == "error" and "Service worker registration failed" not in message.text:
        errors.append(message.text)


def test_a_file_becomes_scores_that_an_officer_reads(page, server, sales_file, lines, tmp_path):
    server.sign_in(page, "mary")
    load_file(page, server, sales_file, len(lines))
    sign_in_as(page, server, "ravi")
    for task in ("Customer Segments", "Customer Value"):
        run_task(page, server, task)
    sign_in_as(page, server, "olga")
    open_a_champion(page, server)
    read_scores(page)
    page.screenshot(path=tmp_path / "customer.png")


def sign_in_as(page, server, login):
    page.evaluate("() => localStorage.clear()")  # or the login page offers those seen before
    page.goto("about:blank")
    page.context.clear_cookies()
    server.sign_in(page, login)


def load_file(page, server, path, count):
    """Go through the import wizard, as a manager does."""
    page.goto(f"{server.url}/odoo/action-logistics_crm.action_history_import")
    page.locator("div[name=source] input, div[name=source] textarea").fill("Old ERP")
    page.locator(".o_history_upload input[type=file]").set_input_files(path)
    expect(page.locator("div[name=column_ids] tr.o_data_row")).to_have_count(len(HEADER))
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("button", name="Load the good lines")).to_be_visible()
    expect(page.locator("div[name=good_count]")).to_have_text(f"{count:,}")
    expect(page.locator("div[name=rejected_count]")).to_have_text("1")
    page.get_by_role("button", name="Load the good lines").click()
    expect(page.get_by_role("button", name="Open the loaded lines")).to_be_visible()
    expect(page.locator("div[name=created_count]")).to_have_text(f"{count:,}")


def run_task(page, server, task):
    """Press Run Now and wait until the list says that the run is done."""
    page.goto(f"{server.url}/odoo/mining-tasks")
    row = page.locator("tr.o_data_row", has_text=task)
    row.get_by_role("button", name="Run Now").click()
    page.wait_for_selector(".o_form_view, .o_notification")
    for _attempt in range(60):
        page.goto(f"{server.url}/odoo/mining-tasks")
        state = row.locator("td[name=last_state]")
        expect(state).to_have_text(re.compile("Queued|Running|Done|Failed"))
        if state.inner_text().strip() not in ("Queued", "Running"):
            break
        page.wait_for_timeout(2000)
    expect(state).to_have_text("Done")


def open_a_champion(page, server):
    """Group the customers by segment and open the first of the best."""
    page.goto(f"{server.url}/odoo/action-logistics_crm.action_logistics_customer")
    page.locator(".o_searchview_dropdown_toggler").click()
    page.get_by_role("menuitemcheckbox", name="Segment", exact=True).click()
    page.keyboard.press("Escape")
    champions = page.locator("tr.o_group_header", has_text="Champions")
    expect(champions).to_be_visible()
    champions.click()
    page.locator("tr.o_data_row td[name=complete_name], tr.o_data_row td[name=name]").first.click()


LISTS = """
from datetime import timedelta
olga = env["res.users"].search([("login", "=", "olga")])
lists = env["logistics.mining.list"].with_user(olga)
made = lists.create([{"name": name, "treatment": "export"} for name in ("Running", "Measured")])
for record in made:
    record.customer_limit = 50
    record.action_choose()
    record.action_start()
ago = [made[1].date_start - timedelta(days=days) for days in (100, 10)]
made[1].sudo().write({"date_start": ago[0], "date_end": ago[1]})
made[1].action_measure()
result = made.ids
"""


def test_no_heading_is_cut_off_on_a_usual_screen(page, server):
    page.set_viewport_size({"width": 1440, "height": 900})
    running, measured = server.shell(LISTS)
    campaign, form = "logistics_crm_mining.action_logistics_mining_list", "div[name=member_ids] "
    server.sign_in(page, "olga")
    assert find_cut_headings(page, f"{server.url}/odoo/action-{campaign}_member") == []
    for record in (running, measured):
        assert find_cut_headings(page, f"{server.url}/odoo/action-{campaign}/{record}", form) == []
    sign_in_as(page, server, "ravi")
    assert find_cut_headings(page, f"{server.url}/odoo/mining-models") == []


def find_cut_headings(page, url, place=""):
    """Return the headings of a list whose text is wider than its column."""
    page.goto(url)
    page.locator(f"{place}.o_list_table tr.o_data_row").first.wait_for()
    page.wait_for_timeout(1000)  # columns find their widths when the rows are there
    return page.locator(f"{place}.o_list_table th[data-name] .text-truncate").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)"
    )


def read_scores(page):
    """Find segment, value and the reasons for both on the customer's form."""
    page.get_by_role("tab", name="Scores").click()
    expect(page.locator("div[name=segment_id]").last).to_contain_text("Champions")
    expect(page.locator("div[name=clv_text]").last).to_contain_text(re.compile(r"[1-9]"))
    for name in ("segment_reasons", "clv_reasons"):
        expect(page.locator(f"div[name={name}]")).to_contain_text(re.compile(r"\w+ \w+.*\d"))
