import { Component } from "@odoo/owl";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatFloat } from "@web/views/fields/formatters";

const LOOKS = {
    risk: ["fa-exclamation-triangle", "text-danger"],
    missed: ["fa-times-circle", "text-danger"],
    late: ["fa-clock-o", "text-warning-emphasis"],
    held: ["fa-lock", "text-success"],
    kept: ["fa-check-circle", "text-success"],
    offer: ["fa-check", "text-success"],
    unknown: ["fa-question-circle", "text-danger"],
    none: ["fa-minus", "text-muted"],
};

/** Returns the icon and the colour of a promise, as the server formats it. */
export function getPromiseLook(info) {
    const state = info.state === "offer" && info.late ? "late" : info.state;
    const [icon, color] = LOOKS[state] || LOOKS.none;
    return { state, icon, color };
}

/** Returns an ISO 8601 date in the user's format, without the year where it is this one. */
export function formatPromiseDate(value, short = false) {
    if (!value) {
        return "";
    }
    const day = deserializeDate(value);
    const isThisYear = day.year === luxon.DateTime.local().year;
    const parts = { weekday: "short", day: "numeric", month: "short" };
    return short && isThisYear ? day.toLocaleString(parts) : formatDate(day);
}

/** Says when, how sure, from where and why. */
export class PromiseDetails extends Component {
    static template = "logistics_crm_scm.PromiseDetails";
    static props = { info: { type: Object }, isShort: { type: Boolean, optional: true } };

    get look() {
        return getPromiseLook(this.props.info);
    }

    get hasComponents() {
        return this.props.info.parts.some((part) => part.product);
    }

    formatQuantity(part) {
        return `${formatFloat(part.quantity, { trailingZeros: false })} ${part.unit}`;
    }

    formatDay(value) {
        return formatPromiseDate(value);
    }
}

/** Shows a promise that is the value of a Json field. */
export class PromiseDetailsField extends Component {
    static template = "logistics_crm_scm.PromiseDetailsField";
    static components = { PromiseDetails };
    static props = { ...standardFieldProps };

    get info() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("promise_details", {
    component: PromiseDetailsField,
    supportedTypes: ["json"],
});
