import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";

/**
 * Say that files are too large or too many as soon as they are chosen: a body over the server's
 * limit is refused unread, and what the customer wrote would be lost with it.
 */
export class CaseFiles extends Interaction {
    static selector = "input[type='file'][data-rules]";
    dynamicContent = {
        _root: { "t-on-change": this.check },
    };

    check() {
        const fault = this.getFault([...this.el.files]);
        this.el.setCustomValidity(fault);
        this.el.classList.toggle("is-invalid", Boolean(fault));
        this.el.parentElement.querySelector(".invalid-feedback").textContent = fault;
    }

    getFault(files) {
        const rules = JSON.parse(this.el.dataset.rules);
        const large = files.find((file) => file.size > rules.file);
        if (large) {
            return rules.too_large.replace("{file}", () => large.name);
        }
        if (files.length > rules.count) {
            return rules.too_many;
        }
        const total = files.reduce((sum, file) => sum + file.size, 0);
        return total > rules.total ? rules.too_large_together : "";
    }
}

registry.category("public.interactions").add("logistics_crm.case_files", CaseFiles);
