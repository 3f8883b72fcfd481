import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";

/**
 * A rate of which nothing is known is shown empty: it is not 0%.
 *
 * @param {number|false|null} value share from 0 to 1
 * @param {Object} [options]
 * @returns {string}
 */
export function formatRate(value, options) {
    return typeof value === "number" ? formatPercentage(value, options) : "";
}
formatRate.extractOptions = formatPercentage.extractOptions;

registry.category("formatters").add("logistics_rate", formatRate);
