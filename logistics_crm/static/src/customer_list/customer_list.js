import { registry } from "@web/core/registry";
import { SearchModel } from "@web/search/search_model";
import { listView } from "@web/views/list/list_view";

/** Tell a typed or scanned code from a name: some digits and next to no letters. */
function looksLikeCode(text) {
    const count = (pattern) => (String(text).match(pattern) || []).length;
    return count(/\d/g) >= 4 && count(/\p{L}/gu) <= 6;
}

/**
 * A code names one partner, customer or not: the filter that the list opens with gives way to it.
 */
export class CustomerSearchModel extends SearchModel {
    addAutoCompletionValues(searchItemId, autocompleteValue) {
        if (looksLikeCode(autocompleteValue.value)) {
            this.query = this.query.filter(
                (element) => this.searchItems[element.searchItemId].name !== "is_customer",
            );
        }
        super.addAutoCompletionValues(searchItemId, autocompleteValue);
    }
}

registry
    .category("views")
    .add("logistics_customer_list", { ...listView, SearchModel: CustomerSearchModel });
