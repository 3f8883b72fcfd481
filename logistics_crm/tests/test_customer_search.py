from odoo.tests import HttpCase, tagged

from .common import LogisticsUsersMixin

SEARCH = """
(async () => {
    const wait = async (get) => {
        while (!get()) {
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
        return get();
    };
    const input = await wait(() => document.querySelector(".o_searchview_input"));
    await wait(() => document.querySelector(".o_searchview_facet"));
    input.focus();
    input.value = "%s";
    input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    await wait(() => document.querySelector(".o_searchview_autocomplete .focus"));
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    await wait(() =>
        [...document.querySelectorAll(".o_data_row")].some((row) =>
            row.textContent.includes("Found by its code"),
        ),
    );
    console.log("test successful");
})();
"""


@tagged("post_install", "-at_install")
class TestCustomerSearch(LogisticsUsersMixin, HttpCase):
    def test_a_code_typed_into_the_list_finds_a_partner_who_has_bought_nothing(self):
        self._create_users()
        prospect = self.env["res.partner"].create(
            {"name": "Found by its code", "is_company": True, "user_id": self.user.id}
        )
        self.assertFalse(prospect.customer_rank)
        self.browser_js(
            "/odoo/logistics-customers",
            SEARCH % prospect.customer_code,
            login=self.user.login,
            timeout=60,
        )
