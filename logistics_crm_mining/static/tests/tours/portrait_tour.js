import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("logistics_portrait", {
    steps: () => [
        {
            content: "open the portrait from the customer",
            trigger: ".o_form_view button[name=action_open_portrait]",
            run: "click",
        },
        { trigger: ".o_logistics_portrait_header h1:contains(Tour Customer)" },
        {
            content: "the sentences say what is due, by the product's own rhythm",
            trigger: ".o_logistics_portrait_sentences li:contains(Due again):contains(Tour Pallet)",
        },
        { trigger: "[data-card=rhythm] canvas" },
        { trigger: "[data-card=amounts] td:contains(Revenue)" },
        {
            content: "see the lines behind an offer, and come back",
            trigger: "[data-card=offer] tr[data-kind=due] a:contains(usually every 20)",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row:nth-child(4)" },
        {
            trigger: ".o_back_button, .breadcrumb-item a:contains(Portrait of Tour Customer)",
            run: "click",
        },
        {
            content: "choose the product and begin a quotation",
            trigger: "[data-card=offer] tr[data-kind=due] input[type=checkbox]",
            run: "click",
        },
        {
            trigger: "[data-card=offer] button:contains(Quote what is chosen):contains(1)",
            run: "click",
        },
        { trigger: ".o_form_view .o_field_widget[name=partner_id] input:value(Tour Customer)" },
        { trigger: ".o_field_widget[name=order_line] .o_data_row:contains(Tour Pallet)" },
        {
            content: "leave it, back to the portrait and the customer",
            trigger: ".o_form_button_cancel",
            run: "click",
        },
        { trigger: ".o_logistics_portrait_header a:contains(Tour Customer)", run: "click" },
        { trigger: ".o_form_view button[name=action_open_portrait]" },
    ],
});
