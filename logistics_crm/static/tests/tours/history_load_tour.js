import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const CSV = [
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID",
    "T1,P1,Tea,2,2024-01-05,3.50,C1",
    "T1,P2,Coffee,1,2024-01-05,4.00,C1",
    "T2,P1,Tea,two,2024-01-06,3.50,C2",
    "T3,P1,Tea,1,2024-02-31,3.50,C2",
].join("\n");

registry.category("web_tour.tours").add("logistics_history_load", {
    steps: () => [
        stepUtils.showAppsMenuItem(),
        { trigger: ".o_app[data-menu-xmlid='logistics_crm.menu_root']", run: "click" },
        { trigger: "[data-menu-xmlid='logistics_crm.menu_sales']", run: "click" },
        { trigger: "[data-menu-xmlid='logistics_crm.menu_history_import']", run: "click" },
        {
            content: "Choose a file",
            trigger: ".o_history_upload input[type=file]:not(:visible)",
            run() {
                const transfer = new DataTransfer();
                transfer.items.add(new File([CSV], "tour_2024.csv", { type: "text/csv" }));
                this.anchor.files = transfer.files;
                this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
            },
        },
        {
            content: "The columns are guessed",
            trigger:
                ".o_field_widget[name=column_ids] .o_data_row:contains(UnitPrice):contains(Unit price)",
        },
        {
            content: "The amount is computed, and what cannot be read is marked",
            trigger: ".o_history_preview td:contains(7.00)",
        },
        { trigger: ".o_history_preview td.table-danger:contains(two)" },
        { trigger: "button[name=action_check]", run: "click" },
        {
            content: "Two lines are good, two come with their reasons",
            trigger: ".o_history_rejects:contains(two):contains(2024-02-31)",
        },
        { trigger: ".o_field_widget[name=good_count]:contains(2)" },
        { trigger: "button[name=action_download_rejected]" },
        { trigger: "button[name=action_apply]", run: "click" },
        { trigger: ".o_field_widget[name=created_count]:contains(2)" },
        { trigger: "button[name=action_open_lines]", run: "click" },
        { trigger: ".o_breadcrumb:contains(Lines of tour)" },
        { trigger: ".o_list_view .o_data_row:nth-child(2)" },
    ],
});
