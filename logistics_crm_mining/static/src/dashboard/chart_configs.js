import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";

const scheme = cookie.get("color_scheme");
const TEXT = getCustomColor(scheme, "#374151", "#E4E4E4");
const GRID = getCustomColor(scheme, "rgba(0, 0, 0, .08)", "rgba(255, 255, 255, .15)");
const REVENUE = getCustomColor(scheme, "#0F766E", "#2DD4BF");
const EXPECTED = getCustomColor(scheme, "#B45309", "#FBBF24");
const percent = (value) => `${Math.round(value * 100)}%`;

function baseOptions() {
    return {
        responsive: true,
        maintainAspectRatio: false,
        animation: false,
        plugins: { legend: { labels: { color: TEXT, boxWidth: 12 } } },
    };
}

function axis(extra = {}) {
    return {
        ticks: { color: TEXT, ...extra.ticks },
        grid: { color: GRID, ...extra.grid },
        ...extra.rest,
    };
}

/** Customers per segment as bars; segments at risk stand out. */
export function segmentConfig(segments, money, onSegment) {
    const colors = segments.map((segment) => (segment.at_risk ? EXPECTED : REVENUE));
    return {
        type: "bar",
        data: {
            labels: segments.map((segment) => segment.name),
            datasets: [
                {
                    label: _t("Customers"),
                    data: segments.map((s) => s.customers),
                    backgroundColor: colors,
                },
            ],
        },
        options: {
            ...baseOptions(),
            indexAxis: "y",
            onClick: (ev, [item]) => item && onSegment(segments[item.index]),
            onHover: (ev, items) =>
                (ev.native.target.style.cursor = items.length ? "pointer" : "default"),
            plugins: {
                legend: { display: false },
                tooltip: {
                    callbacks: {
                        afterLabel: (item) => {
                            const segment = segments[item.dataIndex];
                            return [
                                `${_t("Revenue")}: ${money(segment.revenue)}`,
                                `${_t("Expected in 12 months")}: ${money(segment.expected_12m)}`,
                            ];
                        },
                    },
                },
            },
            scales: { x: axis({ ticks: { precision: 0 } }), y: axis({ grid: { display: false } }) },
        },
    };
}

/** Revenue of the period and expected value of each segment, side by side. */
export function valueConfig(segments, money, onSegment) {
    return {
        type: "bar",
        data: {
            labels: segments.map((segment) => segment.name),
            datasets: [
                {
                    label: _t("Revenue"),
                    data: segments.map((s) => s.revenue),
                    backgroundColor: REVENUE,
                },
                {
                    label: _t("Expected in 12 months"),
                    data: segments.map((s) => s.expected_12m),
                    backgroundColor: EXPECTED,
                },
            ],
        },
        options: {
            ...baseOptions(),
            onClick: (ev, [item]) => item && onSegment(segments[item.index]),
            onHover: (ev, items) =>
                (ev.native.target.style.cursor = items.length ? "pointer" : "default"),
            plugins: {
                ...baseOptions().plugins,
                tooltip: {
                    callbacks: { label: (item) => `${item.dataset.label}: ${money(item.raw)}` },
                },
            },
            scales: {
                x: axis({ grid: { display: false } }),
                y: axis({ ticks: { callback: (value) => money(value, true) } }),
            },
        },
    };
}

/** Cumulative share of revenue over customers ranked from the largest (a Lorenz-type curve). */
export function concentrationConfig(concentration) {
    return {
        type: "line",
        data: {
            datasets: [
                {
                    label: _t("Share of revenue"),
                    data: concentration.points.map(([x, y]) => ({ x, y })),
                    borderColor: REVENUE,
                    backgroundColor: REVENUE + "22",
                    fill: true,
                    pointRadius: 0,
                    pointHitRadius: 12,
                },
                {
                    label: _t("Largest 20% of customers"),
                    data: [{ x: concentration.top_share, y: concentration.top_revenue }],
                    borderColor: EXPECTED,
                    backgroundColor: EXPECTED,
                    pointRadius: 6,
                    showLine: false,
                },
            ],
        },
        options: {
            ...baseOptions(),
            plugins: {
                ...baseOptions().plugins,
                tooltip: {
                    callbacks: {
                        title: () => "",
                        label: (item) =>
                            _t("%(customers)s of customers make %(revenue)s of revenue", {
                                customers: percent(item.raw.x),
                                revenue: percent(item.raw.y),
                            }),
                    },
                },
            },
            scales: {
                x: axis({
                    ticks: { callback: percent },
                    rest: {
                        type: "linear",
                        min: 0,
                        max: 1,
                        title: { display: true, text: _t("Customers, largest first"), color: TEXT },
                    },
                }),
                y: axis({ ticks: { callback: percent }, rest: { min: 0, max: 1 } }),
            },
        },
    };
}

/** Share of lines delivered on time, and on time in full, by month. */
export function deliveryConfig(delivery, onMonth) {
    const line = (label, key, color) => ({
        label,
        data: delivery.map((row) => (row[key] === false ? null : row[key])),
        borderColor: color,
        backgroundColor: color,
        tension: 0.25,
        spanGaps: true,
    });
    const datasets = [line(_t("On time"), "on_time", REVENUE)];
    if (delivery.some((row) => row.otif !== false && row.otif !== null)) {
        datasets.push(line(_t("On time in full"), "otif", EXPECTED));
    }
    return {
        type: "line",
        data: { labels: delivery.map((row) => row.month), datasets },
        options: {
            ...baseOptions(),
            interaction: { mode: "index", intersect: false },
            onClick: (ev, [item]) => item && onMonth(delivery[item.index].month),
            plugins: {
                ...baseOptions().plugins,
                tooltip: {
                    callbacks: {
                        label: (item) => `${item.dataset.label}: ${(item.raw * 100).toFixed(1)}%`,
                        footer: ([item]) => _t("%s lines", delivery[item.dataIndex].lines),
                    },
                },
            },
            scales: {
                x: axis({ grid: { display: false } }),
                y: axis({ ticks: { callback: percent }, rest: { suggestedMax: 1 } }),
            },
        },
    };
}
