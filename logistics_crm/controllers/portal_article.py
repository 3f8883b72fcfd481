from odoo import http
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.plain_text import storable
from .text_params import text_params


class ArticlePortal(CustomerPortal):
    """Articles that customers find by themselves."""

    def _prepare_home_portal_values(self, counters):
        """Show the entry where there is something to read."""
        values = super()._prepare_home_portal_values(counters)
        if "article_count" in counters:
            articles = request.env["logistics.article"]
            values["article_count"] = (
                articles.search_count(articles._get_portal_domain(), limit=1)
                if articles.has_access("read")
                else 0
            )
        return values

    @http.route(
        ["/my/articles", "/my/articles/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    @text_params
    def portal_my_articles(self, page=1, search="", **_params):
        """List the articles, or find them by words."""
        articles = request.env["logistics.article"]
        search = search.strip()
        domain = articles._get_portal_domain()
        if search:
            found = articles._search_text(search, domain)
            total = len(found)
        else:
            total = articles.search_count(domain)
        pager = portal_pager(
            url="/my/articles",
            total=total,
            page=page,
            step=self._items_per_page,
            url_args={"search": search} if search else None,
        )
        start, step = pager["offset"], self._items_per_page
        shown = (
            found[start : start + step]
            if search
            else articles.search(domain, limit=step, offset=start)
        )
        values = self._prepare_portal_layout_values() | {
            "articles": shown,
            "search": search,
            "pager": pager,
            "page_name": "article",
            "default_url": "/my/articles",
        }
        return request.render("logistics_crm.portal_my_articles", values)

    @http.route("/my/articles/<int:article_id>", type="http", auth="user", website=True)
    @text_params
    def portal_my_article(self, article_id, **_params):
        """Show an article with its files."""
        articles = request.env["logistics.article"]
        domain = articles._get_portal_domain() & Domain("id", "=", article_id)
        article = articles.search(domain)
        if not article:
            return request.redirect("/my/articles")
        values = self._prepare_portal_layout_values() | {
            "article": article,
            # sudo: the files belong to the article that the customer may read
            "files": article.sudo().attachment_ids,
            "page_name": "article",
        }
        return request.render("logistics_crm.portal_my_article", values)

    @http.route("/my/articles/suggest", type="jsonrpc", auth="user", readonly=True)
    def suggest(self, text="", category=None):
        """Return articles (list of {name, url}) for a question that is being written."""
        categories = request.env["logistics.case.category"].sudo()  # sudo: only its place is read
        category = categories.browse(category if isinstance(category, int) else None).exists()
        found = request.env["logistics.article"]._suggest_for_portal(
            storable(str(text)[:1000]), category
        )
        return [{"name": article.name, "url": f"/my/articles/{article.id}"} for article in found]
