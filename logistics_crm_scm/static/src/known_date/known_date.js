import { registry } from "@web/core/registry";
import { DateTimeField, dateField } from "@web/views/fields/datetime/datetime_field";

/** Shows a date, and says so where it is not known; nothing where there is nothing to deliver. */
export class KnownDateField extends DateTimeField {
    static template = "logistics_crm_scm.KnownDateField";

    get isKnown() {
        return !!this.props.record.data[this.props.name];
    }

    get isToDeliver() {
        return this.props.record.data.promise_info?.state !== "none";
    }
}

registry.category("fields").add("known_date", {
    ...dateField,
    component: KnownDateField,
    isEmpty: () => false,
});
