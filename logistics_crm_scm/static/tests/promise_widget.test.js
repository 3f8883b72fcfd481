import { expect, test } from "@odoo/hoot";
import { click, edit, queryOne } from "@odoo/hoot-dom";
import { animationFrame, runAllTimers } from "@odoo/hoot-mock";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

const OFFER = {
    state: "offer",
    headline: "By 03/04/2026 for sure, likely 03/03/2026",
    date: "2026-03-04",
    likely_date: "2026-03-03",
    trust: "Very sure: 97 % of comparable dates were kept.",
    wanted_date: false,
    late: false,
    explanation: "4 Units free in stock in Rotterdam.",
    parts: [
        {
            source: "stock",
            source_name: "Free stock",
            product: false,
            quantity: 4,
            unit: "Units",
            date: "2026-03-02",
            document: false,
            warehouse: "Rotterdam",
        },
    ],
};
const UNKNOWN = { ...OFFER, state: "unknown", headline: "No date can be promised.", date: false };

class OrderLine extends models.Model {
    _name = "order.line";
    order_id = fields.Many2one({ relation: "order" });
    product_uom_qty = fields.Float();
    state = fields.Selection({ selection: [["draft", "Quotation"]] });
    promise_date = fields.Date();
    promise_info = fields.Json();
    _records = [
        {
            id: 1,
            product_uom_qty: 4,
            state: "draft",
            promise_date: "2026-03-04",
            promise_info: OFFER,
        },
        { id: 2, product_uom_qty: 9, state: "draft", promise_info: { ...OFFER, late: true } },
        { id: 3, product_uom_qty: 1, state: "draft", promise_info: UNKNOWN },
        { id: 4, product_uom_qty: 1, state: "draft", promise_info: false },
    ];
}

class Order extends models.Model {
    _name = "order";
    commitment_date = fields.Datetime();
    line_ids = fields.One2many({ relation: "order.line", relation_field: "order_id" });
    _records = [{ id: 1, line_ids: [1, 2, 3, 4] }];
}

defineModels([OrderLine, Order]);
defineMailModels();

const ARCH = /* xml */ `
    <form>
        <field name="commitment_date" />
        <field name="line_ids">
            <list editable="bottom">
                <field name="product_uom_qty" />
                <field name="promise_date" widget="promise" readonly="1" />
            </list>
        </field>
    </form>`;

async function mountOrder() {
    await mountView({ type: "form", resModel: "order", resId: 1, arch: ARCH });
}

test("each line shows what it promises, none where there is nothing to deliver", async () => {
    await mountOrder();
    expect(".o_promise_open").toHaveCount(3);
    expect(".o_promise_open[data-state=offer]").toHaveCount(1);
    expect(".o_promise_open[data-state=late]").toHaveCount(1);
    expect(".o_promise_open[data-state=unknown]").toHaveText("Not known");
});

test("a click says when, how sure, from where and why", async () => {
    await mountOrder();
    await click(".o_promise_open[data-state=offer]");
    await animationFrame();
    expect(".o_promise_headline").toHaveText(OFFER.headline);
    expect(".o_promise_popover").toHaveText(/97 % of comparable dates/);
    expect(".o_promise_parts tbody tr").toHaveText(/Free stock\s+4 Units/);
    expect(".o_promise_explanation").toHaveText(OFFER.explanation);
});

test("what if: another quantity is asked once, and applied", async () => {
    onRpc("sale.order.line", "promise_what_if", ({ args }) => {
        expect.step(`${args[0]}, ${args[2]}, ${args[3]}, ${args[4]}`);
        return { ...UNKNOWN };
    });
    await mountOrder();
    await click(".o_promise_open[data-state=offer]");
    await animationFrame();
    await click(".o_promise_what_if input[name=quantity]");
    await edit("12", { instantly: true });
    await runAllTimers();
    await animationFrame();
    expect.verifySteps(["1, 1, 12, false"]);
    expect(".o_promise_answer .o_promise_headline").toHaveText("No date can be promised.");
    await click(".o_promise_apply");
    await animationFrame();
    expect(".o_promise_popover").toHaveCount(0);
    expect(queryOne(".o_data_row:eq(0) td[name=product_uom_qty]")).toHaveText("12.00");
});

test("what if: nothing is asked of no quantity, and it is said", async () => {
    onRpc("sale.order.line", "promise_what_if", () => expect.step("asked"));
    await mountOrder();
    await click(".o_promise_open[data-state=offer]");
    await animationFrame();
    for (const quantity of ["0", "-3", ""]) {
        await click(".o_promise_what_if input[name=quantity]");
        await edit(quantity, { instantly: true });
        await runAllTimers();
        await animationFrame();
        expect(".o_promise_no_quantity").toHaveText("Give a quantity of more than 0.");
    }
    expect.verifySteps([]);
    expect(".o_promise_apply").toHaveCount(0);
});

test("what if: too much, and a day too far away, are said in words", async () => {
    onRpc("sale.order.line", "promise_what_if", () => expect.step("asked"));
    await mountOrder();
    await click(".o_promise_open[data-state=offer]");
    await animationFrame();
    await click(".o_promise_what_if input[name=quantity]");
    await edit("1000000000000", { instantly: true });
    await runAllTimers();
    await animationFrame();
    expect(".o_promise_no_quantity").toHaveText("Give a quantity of at most 999,999,999,999.");
    await click(".o_promise_what_if input[name=quantity]");
    await edit("4", { instantly: true });
    const wanted = queryOne(".o_promise_what_if input[name=wanted]");
    wanted.value = "9999-12-31";
    wanted.dispatchEvent(new Event("input", { bubbles: true }));
    await runAllTimers();
    await animationFrame();
    expect(".o_promise_no_quantity").toHaveText("Give a day before the year 9000.");
    expect(".o_promise_apply_date").toHaveCount(0);
    expect.verifySteps([]);
});

test("a date that is not known says so where there is something to deliver", async () => {
    const none = { ...UNKNOWN, state: "none" };
    OrderLine._records.push({ id: 5, product_uom_qty: 1, state: "draft", promise_info: none });
    await mountView({
        type: "list",
        resModel: "order.line",
        arch: /* xml */ `
            <list>
                <field name="promise_info" column_invisible="1" />
                <field name="promise_date" widget="known_date" />
            </list>`,
    });
    expect(".o_data_row:eq(0) td[name=promise_date]").not.toHaveText("Not known");
    expect(".o_data_row:eq(2) td[name=promise_date]").toHaveText("Not known");
    expect(".o_data_row:eq(4) td[name=promise_date]").toHaveText("");
});

test("what if: another day is asked about, and becomes the delivery date of the order", async () => {
    onRpc("sale.order.line", "promise_what_if", ({ args }) => {
        expect.step(`${args[3]}, ${args[4]}`);
        return { ...UNKNOWN };
    });
    onRpc("sale.order.line", "promise_moment", ({ args }) => `${args[3]} 20:00:00`);
    onRpc("order", "web_save", ({ args }) => expect.step(args[1].commitment_date));
    await mountOrder();
    await click(".o_promise_open[data-state=offer]");
    await animationFrame();
    expect(".o_promise_apply_date").toHaveCount(0);
    const wanted = queryOne(".o_promise_what_if input[name=wanted]");
    wanted.value = "2019-03-20"; // hoot cannot type into an empty date
    wanted.dispatchEvent(new Event("input", { bubbles: true }));
    await runAllTimers();
    await animationFrame();
    expect.verifySteps(["4, 2019-03-20"]);
    await click(".o_promise_apply_date");
    await animationFrame();
    expect(".o_promise_popover").toHaveCount(0);
    await click(".o_form_button_save");
    await animationFrame();
    expect.verifySteps(["2019-03-20 20:00:00"]); // noon at the warehouse
});
