import { registry } from "@web/core/registry";

const saved = [];

/** Keep what the page would have the browser save. */
function watchDownloads() {
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
        if (!this.download) {
            return click.call(this);
        }
        saved.push({ name: this.download, href: this.href });
        document.body.dataset.saved = saved.map((file) => file.name).join(" ");
    };
}

function check(place, ending, start) {
    const { name, href } = saved[place];
    if (!name.endsWith(ending) || !href.startsWith(start) || href.length < 3000) {
        throw new Error(`Not what was to be saved: ${name}, ${href.slice(0, 80)}`);
    }
}

registry.category("web_tour.tours").add("logistics_dashboard", {
    steps: () => [
        { trigger: ".o_logistics_role.active:contains(Management)", run: watchDownloads },
        { trigger: "[data-card=segments] canvas" },
        {
            content: "only one segment",
            trigger: ".o_logistics_segment",
            run: "selectByLabel Champions",
        },
        { trigger: "[data-card=segments]:contains(0 of 4 customers)" },
        {
            content: "go to the sales behind the revenue, and come back to the same filters",
            trigger: ".o_logistics_figure:contains(Revenue) a",
            run: "click",
        },
        { trigger: ".o_list_view .o_data_row" },
        { trigger: ".o_back_button, .breadcrumb-item a:contains(Dashboard)", run: "click" },
        { trigger: "[data-card=segments]:contains(0 of 4 customers)" },
        { trigger: ".o_logistics_xlsx", run: "click" },
        {
            trigger: "body[data-saved*=xlsx]",
            run: () => check(0, ".xlsx", "data:application/vnd.openxmlformats"),
        },
        { trigger: "[data-card=segments] .o_logistics_png", run: "click" },
        {
            trigger: "body[data-saved*=png]",
            run: () => check(1, ".png", "data:image/png;base64,"),
        },
        {
            content: "days of one's own, which the file is about, too",
            trigger: ".o_logistics_period",
            run: "selectByLabel Own dates",
        },
        { trigger: "#o_logistics_from", run: "edit 01/31/2020" },
        { trigger: "#o_logistics_from", run: "press Enter" },
        { trigger: ".o_logistics_dashboard_content span:contains(01/31/2020 –)" },
        { trigger: "[data-card=segments]:contains(0 of 4 customers) canvas" },
        { trigger: "#o_logistics_to", run: "edit 01/30/2020" },
        { trigger: "#o_logistics_to", run: "press Enter" },
        {
            content: "a period that ends before it begins is not taken",
            trigger: ".o_notification:contains(before it begins)",
        },
        {
            trigger: ".o_logistics_dashboard_content span:contains(01/31/2020 –)",
            run: () => {
                const shown = new URLSearchParams(window.location.search).get("dashboard");
                if (!/^management-12-\d+-20200131-\d{8}$/.test(shown)) {
                    throw new Error(`The address does not keep the days: ${shown}`);
                }
            },
        },
        { trigger: ".o_logistics_role[data-role=service]", run: "click" },
        { trigger: "[data-card=case_ages]:contains(No case is open)" },
        { trigger: ".o_logistics_role[data-role=account]", run: "click" },
        {
            content: "plan a call",
            trigger: "[data-card=calls] .o_logistics_plan",
            run: "click",
        },
        { trigger: "[data-card=calls] .o_logistics_call:contains(You call them on)" },
        {
            content: "save a table as a picture, too",
            trigger: "[data-card=calls] .o_logistics_png",
            run: "click",
        },
        {
            trigger: "body[data-saved*=calls]",
            run: () => check(2, ".png", "data:image/png;base64,"),
        },
    ],
});
