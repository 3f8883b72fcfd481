import { registry } from "@web/core/registry";

function openSegments() {
    return [
        {
            content: "open the model that says how many groups there are",
            trigger: "td[name=quality_text]:contains(groups by how they order)",
            run: "click",
        },
        { trigger: ".o_logistics_model_headline li:contains(moved up)" },
        { trigger: "[data-card=segments] canvas" },
    ];
}

registry.category("web_tour.tours").add("logistics_model_page", {
    steps: () => [
        ...openSegments(),
        { trigger: "[data-card=groups] td:contains(all customers:)" },
        { trigger: "[data-card^=moves_earlier] th:contains(Champions)" },
        { trigger: ".o_logistics_model_limits li:contains(others rose)" },
        {
            content: "open the run whose scores are shown",
            trigger: ".o_logistics_model_runs tr:contains(Shown to people) a",
            run: "click",
        },
        { trigger: ".o_form_view [name=figures_text]:contains(groups by how they order)" },
        { trigger: ".o_logistics_report [data-card=segments] canvas" },
        {
            content: "go back to the model, and on to one that was never run",
            trigger: ".o_back_button, .breadcrumb-item a:contains(Customer Segments)",
            run: "click",
        },
        { trigger: ".o_logistics_model_page" },
        { trigger: ".o_pager_next", run: "click" },
        { trigger: ".o_logistics_model_empty:contains(Press Run Now)" },
        { trigger: ".o_logistics_model_limits li:contains(steady rate)" },
    ],
});

registry.category("web_tour.tours").add("logistics_model_page_reader", {
    steps: () => [
        ...openSegments(),
        { trigger: ".o_logistics_model_runs tr:contains(Shown to people):not(:has(a))" },
        { trigger: ".o_form_view:not(:has(button[name=action_run_now]))" },
        { trigger: ".o_form_view:not(:has(button[name=action_view_runs]))" },
    ],
});
