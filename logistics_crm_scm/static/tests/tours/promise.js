import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("logistics_promise_order", {
    steps: () => [
        {
            content: "The order says when all of it is there",
            trigger: ".o_field_widget[name=promise_text]:contains(for sure)",
        },
        {
            content: "The line says when it is there",
            trigger: ".o_data_row:contains(Tour bolt) .o_promise_open[data-state=offer]",
            run: "click",
        },
        { trigger: ".o_promise_popover .o_promise_parts td:contains(Free stock)" },
        { trigger: ".o_promise_explanation:contains(free in stock)" },
        {
            content: "What if it were more",
            trigger: ".o_promise_what_if input[name=quantity]",
            run: "edit 7",
        },
        { trigger: ".o_promise_answer .o_promise_parts td:contains(Planned receipt)" },
        { trigger: ".o_promise_apply", run: "click" },
        { trigger: ".o_data_row:contains(Tour bolt) td[name=product_uom_qty]:contains(7.00)" },
        ...stepUtils.saveForm(),
        { trigger: "button[name=action_promise_to_commitment]", run: "click" },
        {
            content: "The promise is the delivery date now",
            trigger: ".o_form_view:not(:has(button[name=action_promise_to_commitment]))",
        },
        { trigger: "button[name=action_confirm]:visible", run: "click" },
        {
            content: "What is confirmed is held",
            trigger: ".o_data_row:contains(Tour bolt) .o_promise_open[data-state=held]",
        },
        { trigger: "button[name=action_view_promises]:contains(Held)", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains(Tour bolt) .badge:contains(Held)" },
    ],
});

registry.category("web_tour.tours").add("logistics_promise_planner", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        { trigger: ".o_app[data-menu-xmlid='logistics_crm.menu_root']", run: "click" },
        { trigger: "[data-menu-xmlid='logistics_crm_scm.menu_supply_chain']", run: "click" },
        { trigger: "[data-menu-xmlid='logistics_crm_scm.menu_promise_line_risk']", run: "click" },
        {
            trigger: ".o_list_view .o_data_row:contains(Tour bolt) td[name=product_id]",
            run: "click",
        },
        { trigger: ".alert:contains(days later than promised)" },
        { trigger: ".o_notebook a[name=changes]", run: "click" },
        { trigger: ".o_field_widget[name=change_ids] td:contains(The truck broke down.)" },
    ],
});

registry.category("web_tour.tours").add("logistics_promise_check", {
    steps: () => [
        { trigger: "button[name=action_promise_check]", run: "click" },
        { trigger: ".modal .o_promise_headline:contains(for sure)" },
        { trigger: ".modal .o_promise_week th:contains(Today)" },
        { trigger: ".modal .o_field_widget[name=quantity] input", run: "edit 7 && press Tab" },
        { trigger: ".modal .o_promise_parts td:contains(Planned receipt)" },
        { trigger: ".modal .o_field_widget[name=quantity] input", run: "edit 700 && press Tab" },
        { trigger: ".modal .o_promise_headline:contains(No date can be promised)" },
        { trigger: ".modal-footer button:contains(Close)", run: "click" },
        { trigger: ".o_notebook a[name=promise_week]", run: "click" },
        { trigger: ".o_form_view .o_promise_week td:contains(4)" },
    ],
});
