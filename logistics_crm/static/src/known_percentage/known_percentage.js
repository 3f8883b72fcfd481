import { registry } from "@web/core/registry";
import { PercentageField, percentageField } from "@web/views/fields/percentage/percentage_field";
import { formatPercentage } from "@web/views/fields/formatters";

/** A share, or nothing where it is not known: Odoo's own percentage says 0 % then. */
export function formatKnownPercentage(value, options) {
    return typeof value === "number" ? formatPercentage(value, options) : "";
}
formatKnownPercentage.extractOptions = formatPercentage.extractOptions;

export class KnownPercentageField extends PercentageField {
    get formattedValue() {
        const isKnown = typeof this.props.record.data[this.props.name] === "number";
        return isKnown ? super.formattedValue : "";
    }
}

registry
    .category("fields")
    .add("known_percentage", { ...percentageField, component: KnownPercentageField });
registry.category("formatters").add("known_percentage", formatKnownPercentage);
