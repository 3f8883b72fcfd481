import { Interaction } from "@web/public/interaction";
import { registry } from "@web/core/registry";
import { rpc } from "@web/core/network/rpc";

/**
 * Offer help articles while a customer writes a question, so that some need not send it.
 */
export class ArticleSuggestions extends Interaction {
    static selector = "form:has(.o_logistics_article_suggestions)";
    dynamicContent = {
        _root: { "t-on-input": this.debounced(this.suggest, 600) },
    };

    async suggest() {
        const { name, description, category_id } = this.el.elements;
        const articles = await this.waitFor(
            rpc("/my/articles/suggest", {
                text: `${name.value} ${description.value}`,
                category: parseInt(category_id.value) || null,
            }),
        );
        this.show(articles);
    }

    show(articles) {
        const box = this.el.querySelector(".o_logistics_article_suggestions");
        box.querySelector("ul").replaceChildren(...articles.map((article) => this.link(article)));
        box.classList.toggle("d-none", !articles.length);
    }

    link(article) {
        const link = document.createElement("a");
        link.href = article.url;
        link.target = "_blank";
        link.textContent = article.name;
        const item = document.createElement("li");
        item.append(link);
        return item;
    }
}

registry
    .category("public.interactions")
    .add("logistics_crm.article_suggestions", ArticleSuggestions);
