import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";

const scheme = cookie.get("color_scheme");
const TEXT = getCustomColor(scheme, "#374151", "#E4E4E4");
const GRID = getCustomColor(scheme, "rgba(0, 0, 0, .08)", "rgba(255, 255, 255, .15)");
const COLORS = {
    main: getCustomColor(scheme, "#0F766E", "#2DD4BF"),
    other: getCustomColor(scheme, "#B45309", "#FBBF24"),
    even: getCustomColor(scheme, "#9CA3AF", "#9CA3AF"),
};
const MANY = 25; // points of a curve from which on they are not marked
const WRITE = {
    percent: (value) => `${Math.round(value * 100)}%`,
    number: (value) => `${Math.round(value * 1000) / 1000}`,
};

/** What is not known comes as false, because not every client of the server can carry nulls. */
const known = (value) => (value === false ? null : value);

/** Lines are solid, those to compare with are dashed and without points; bars are filled. */
function dataset(chart, { label, data, style }) {
    const numbers = !chart.labels;
    const even = style === "even" && chart.kind === "line";
    return {
        label,
        data: numbers ? data.map(([x, y]) => ({ x, y: known(y) })) : data.map(known),
        borderColor: COLORS[style],
        backgroundColor: COLORS[style],
        borderDash: even ? [6, 6] : undefined,
        pointRadius: even || data.length > MANY ? 0 : 3,
        pointHitRadius: 10,
        borderWidth: chart.kind === "line" ? 2 : 0,
    };
}

function scale({ format, title }, category, share) {
    return {
        type: category ? "category" : "linear",
        title: { display: Boolean(title), text: title, color: TEXT },
        grid: { color: GRID, display: !category },
        ticks: { color: TEXT, ...(category ? {} : { callback: WRITE[format] }) },
        ...(share ? { min: 0, max: 1 } : { beginAtZero: true }),
    };
}

/** Return the Chart.js configuration of what the server tells about a chart. */
export function makeChart(chart) {
    const lies = chart.kind === "bars";
    const numbers = !chart.labels;
    const value = lies ? chart.x : chart.y;
    const scales = {
        x: scale(chart.x, !numbers && !lies, numbers && chart.x.format === "percent"),
        y: scale(chart.y, lies, numbers && chart.y.format === "percent"),
    };
    return {
        type: chart.kind === "line" ? "line" : "bar",
        data: {
            labels: chart.labels || undefined,
            datasets: chart.series.map((series) => dataset(chart, series)),
        },
        options: {
            responsive: true,
            maintainAspectRatio: false,
            animation: false,
            indexAxis: lies ? "y" : "x",
            plugins: {
                legend: {
                    display: chart.series.length > 1,
                    labels: { color: TEXT, boxWidth: 12 },
                },
                tooltip: { callbacks: { label: (item) => describe(item, chart, value, lies) } },
            },
            scales,
        },
    };
}

function describe(item, chart, value, lies) {
    const figure = WRITE[value.format](lies ? item.parsed.x : item.parsed.y);
    return `${item.dataset.label}: ${figure}`;
}
