"""What the set-up brings works together: servers, API keys, PDFs, a browser, quiet logs."""

import base64
import io
import xmlrpc.client

import pypdf
import pytest

PDF = """
partner = env["res.partner"].create({"name": "上海远洋物流有限公司", "is_company": True})
product = env["product.product"].create({"name": "Pallet of tea 茶叶", "list_price": 20})
order = env["sale.order"].create({
    "partner_id": partner.id,
    "order_line": [(0, 0, {"product_id": product.id, "product_uom_qty": 3})],
})
env["ir.config_parameter"].set_param("report.url", url)
env.cr.commit()
import base64
content, kind = env["ir.actions.report"]._render_qweb_pdf("sale.action_report_saleorder", order.ids)
result = [order.name, kind, base64.b64encode(content).decode()]
"""
MODULES = 'result = env["ir.module.module"].search([("state", "=", "installed")]).mapped("name")'


def test_the_server_answers_both_apis_with_a_users_own_key(odoo_server):
    user = odoo_server.create_user("runtime_user", "sales_team.group_sale_salesman")
    answer = odoo_server.json2("res.users", "read", "runtime_user", ids=[user], fields=["login"])
    assert answer.json() == [{"id": user, "login": "runtime_user"}]
    proxy = xmlrpc.client.ServerProxy(f"{odoo_server.url}/xmlrpc/2/object")
    key = odoo_server.api_key("runtime_user")
    found = proxy.execute_kw(odoo_server.db, user, key, "res.users", "read", [[user], ["login"]])
    assert found == [{"id": user, "login": "runtime_user"}]


def test_a_quotation_prints_as_a_pdf_with_chinese_text(odoo_server):
    name, kind, content = odoo_server.shell(PDF, url=odoo_server.url)
    assert kind == "pdf", "no wkhtmltopdf and no Chromium on this machine"
    pages = pypdf.PdfReader(io.BytesIO(base64.b64decode(content))).pages
    text = "".join(page.extract_text() for page in pages)
    assert name in text
    assert "上海远洋物流有限公司" in text
    assert "茶叶" in text


def test_a_user_signs_in_to_the_web_client(odoo_server, browser):
    odoo_server.sign_in(browser)
    assert browser.locator(".o_main_navbar").count() == 1


def test_nothing_that_asks_the_internet_is_installed(run_shell, cloned_database):
    installed = set(run_shell(cloned_database, MODULES))
    assert {"logistics_crm", "logistics_crm_scm", "logistics_crm_mining"} <= installed
    assert not installed & {"partner_autocomplete", "crm_iap_enrich", "crm_iap_mine"}


@pytest.mark.parametrize(
    ("module", "above"),
    [
        ("logistics_crm", {"logistics_crm_scm", "logistics_crm_mining"}),
        ("logistics_crm_scm", {"logistics_crm_mining"}),
    ],
)
def test_an_add_on_installs_without_those_above_it(
    bare_database, run_odoo, run_shell, module, above
):
    done = run_odoo(bare_database, "-i", module, "--stop-after-init")
    assert done.code == 0, done.text[-2000:]
    assert not done.grave(ours=True)
    installed = set(run_shell(bare_database, MODULES))
    assert module in installed
    assert not installed & above
