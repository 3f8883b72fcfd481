const { DateTime } = luxon;

export const PERIODS = [6, 12, 24, 36];
export const DEFAULTS = { role: false, months: 12, segmentId: false, from: false, to: false };
const COMPACT = "yyyyMMdd"; // the parts of an address are told apart by dashes

/**
 * Read the filters of an address: role-months-segment, and the first and last day where the
 * period has dates of its own. What cannot be read is left out.
 */
export function readAddress(text) {
    const [role, months, segmentId, ...days] = String(text || "").split("-");
    const filters = { ...DEFAULTS };
    if (!PERIODS.includes(+months)) {
        return filters;
    }
    const [from, to] = days.map((day) => DateTime.fromFormat(day, COMPACT));
    if (from?.isValid && to?.isValid && from <= to) {
        Object.assign(filters, { from: from.toISODate(), to: to.toISODate() });
    }
    const segment = Number.isSafeInteger(+segmentId) && +segmentId;
    return { ...filters, role: role || false, months: +months, segmentId: segment || false };
}

export function writeAddress({ role, months, segmentId, from, to }) {
    const days = from && to ? [from, to].map((day) => day.replaceAll("-", "")) : [];
    return [role || 0, months, segmentId || 0, ...days].join("-");
}
