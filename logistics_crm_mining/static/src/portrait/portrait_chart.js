import { formatCurrency } from "@web/core/currency";
import { makeChart } from "../model_page/report_chart";

const LONG = 28; // letters of a label beside a bar

/**
 * Return the Chart.js configuration of a chart of the portrait: as on the page of a model, with
 * amounts of money, hints, and a click that leads to the records behind a column.
 */
export function makePortraitChart(chart, currencyId, open) {
    const config = makeChart(chart);
    const { options } = config;
    const lies = chart.kind === "bars";
    const value = lies ? chart.x : chart.y;
    const money = (amount, short) => {
        const digits = [16, short && Math.abs(amount) >= 1e6 && amount % 1e6 ? 1 : 0];
        return formatCurrency(amount, currencyId, { humanReadable: short, digits });
    };
    const axis = options.scales[lies ? "x" : "y"];
    if (value.format === "money") {
        axis.ticks.callback = (amount) => money(amount, Math.abs(amount) >= 1000);
        options.plugins.tooltip.callbacks.label = (item) => money(item.raw, false);
    }
    if (lies) {
        options.scales.y.ticks.callback = function (place) {
            const label = this.getLabelForValue(place);
            return label.length > LONG ? `${label.slice(0, LONG - 1)}…` : label;
        };
    }
    if (value.format === "percent") {
        axis.max = 1;
    }
    axis.title.display = false;
    axis.ticks.precision = value.format === "number" ? 0 : undefined;
    options.plugins.tooltip.callbacks.afterLabel = (item) => chart.hints[item.dataIndex] || "";
    config.data.datasets.forEach((one) => (one.maxBarThickness = 36));
    // the whole width of a column tells and leads on, however low it is
    options.interaction = { mode: "index", axis: lies ? "y" : "x", intersect: false };
    options.onClick = (ev, [item]) => item && open(chart.targets[item.index]);
    options.onHover = (ev, items) =>
        (ev.native.target.style.cursor = items.length ? "pointer" : "default");
    return config;
}
