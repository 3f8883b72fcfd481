import uuid

from odoo import http
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from ..tools.case_values import OPEN_STATES
from . import case_form
from .text_params import text_params

LIMITS = case_form.Limits(file=40 * case_form.MEGABYTE, total=60 * case_form.MEGABYTE)
MOST_ORDERS = 100


class CasePortal(CustomerPortal):
    """Customers read their cases, answer, and open new ones.

    Portal users have no rights on cases at all: what a case holds besides is not for them. The
    pages read it as superuser, after `_get_case_domain` or the case's token.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "logistics_case_count" in counters:
            domain = self._get_case_domain() & Domain("state", "in", OPEN_STATES)
            values["logistics_case_count"] = self._get_cases().search_count(domain)
        return values

    @http.route(["/my/cases", "/my/cases/page/<int:page>"], type="http", auth="user", website=True)
    @text_params
    def portal_my_cases(self, page=1, sortby="date", filterby="all", search=None, **_params):
        """List the cases of the user's company, the newest first."""
        sortings, filters = self._get_case_sortings(), self._get_case_filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        domain = self._get_case_domain() & Domain(filters[filterby]["domain"])
        search = (search or "").strip() or None
        if search:
            domain &= Domain("code", "ilike", search) | Domain("name", "ilike", search)
        cases = self._get_cases()
        pager = portal_pager(
            url="/my/cases",
            total=cases.search_count(domain),
            page=page,
            step=self._items_per_page,
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
        )
        shown = cases.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        request.session["my_cases_history"] = shown.ids[:100]
        values = self._prepare_portal_layout_values() | {
            "cases": shown,
            "page_name": "logistics_case",
            "pager": pager,
            "default_url": "/my/cases",
            "searchbar_sortings": sortings,
            "sortby": sortby,
            "searchbar_filters": filters,
            "filterby": filterby,
            "searchbar_inputs": {"all": {"input": "all", "label": request.env._("Search")}},
            "search_in": "all",
            "search": search,
        }
        return request.render("logistics_crm.portal_my_cases", values)

    @http.route("/my/cases/<int:case_id>", type="http", auth="public", website=True)
    @text_params
    def portal_case_page(self, case_id, access_token=None, created=None, **params):
        """Show a case with its conversation, to the customer or whoever has its link."""
        case = self._find_portal_case(case_id, access_token)
        if not case:
            return request.redirect("/my")
        values = {
            "case": case,
            "page_name": "logistics_case",
            "created": created,
            "states": dict(case._fields["state"]._description_selection(request.env)),
        }
        values = self._get_page_view_values(
            case, access_token, values, "my_cases_history", False, **params
        )
        values["token"] = case._portal_ensure_token()
        return request.render("logistics_crm.portal_case_page", values)

    @http.route(
        "/my/cases/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
        max_content_length=100 * case_form.MEGABYTE,
    )
    @text_params
    def portal_new_case(self, **params):
        """Open a case by a form; what is wrong is said beside its field and the rest is kept."""
        orders, categories = self._get_portal_orders(), self._get_portal_categories()
        errors = {}
        if request.httprequest.method == "POST":
            values = self._read_portal_form(params, orders, categories, errors)
            files = case_form.read_files(LIMITS, errors)
            if not errors:
                case = self._create_portal_case(values, files)
                return request.redirect(f"/my/cases/{case.id}?created=1")
        return request.render(
            "logistics_crm.portal_new_case",
            self._prepare_portal_layout_values()
            | {
                "page_name": "logistics_case",
                "is_new_case": True,
                "kinds": case_form.get_kinds(),
                "orders": orders,
                "categories": categories,
                "errors": errors,
                "had_files": bool(case_form.get_files()),
                "file_rules": case_form.get_file_rules(LIMITS),
                "values": params,
                "nonce": params.get("nonce") or uuid.uuid4().hex,
            },
        )

    # ------------------------------------------------------------------ helpers

    def _get_cases(self):
        # sudo: see the class
        return request.env["logistics.case"].sudo()

    def _get_case_domain(self):
        """Return the cases of the user's customer, in the companies that the user may see."""
        user = request.env.user
        customer = user.partner_id.commercial_partner_id
        return Domain("commercial_partner_id", "=", customer.id) & Domain(
            "company_id", "in", user.company_ids.ids
        )

    def _find_portal_case(self, case_id, access_token):
        user = request.env.user
        cases = self._get_cases()
        if access_token and access_token.isascii():  # `consteq` takes nothing else
            case = cases.browse(case_id).exists()
            if case.access_token and consteq(case.access_token, access_token):
                return case
        if user._is_public():
            return cases
        if user._is_internal():
            return request.env["logistics.case"].search([("id", "=", case_id)]).sudo()
        return cases.search(Domain("id", "=", case_id) & self._get_case_domain())

    def _get_case_sortings(self):
        return {
            "date": {"label": request.env._("Newest"), "order": "id desc"},
            "name": {"label": request.env._("Subject"), "order": "name, id"},
            "stage": {"label": request.env._("Stage"), "order": "stage_id, id desc"},
        }

    def _get_case_filters(self):
        return {
            "all": {"label": request.env._("All"), "domain": []},
            "open": {
                "label": request.env._("Open"),
                "domain": [("state", "in", OPEN_STATES)],
            },
            "done": {
                "label": request.env._("Done"),
                "domain": [("state", "not in", OPEN_STATES)],
            },
        }

    def _get_portal_orders(self):
        partner = request.env.user.partner_id.commercial_partner_id
        domain = [("partner_id", "child_of", partner.id), ("state", "in", ("sent", "sale"))]
        return request.env["sale.order"].search(domain, order="id desc", limit=MOST_ORDERS)

    def _get_portal_categories(self):
        # sudo: the names of categories are for customers, too
        return request.env["logistics.case.category"].sudo().search([("active", "=", True)])

    def _read_portal_form(self, params, orders, categories, errors):
        category = case_form.read_record(params, "category_id", categories, errors)
        text = case_form.read_text(params, "description", errors, required=True)
        nonce = (params.get("nonce") or uuid.uuid4().hex)[:64]
        return {
            "name": case_form.read_text(params, "name", errors, required=True),
            "kind": case_form.read_kind(params, errors),
            "category_id": category.id,
            "severity": category.severity or "medium",
            "order_id": case_form.read_record(params, "order_id", orders, errors).id,
            "description": case_form.to_html(text),
            "external_id": f"{request.env.uid}:{nonce}",
        }

    def _create_portal_case(self, values, files):
        user = request.env.user
        order = request.env["sale.order"].browse(values["order_id"] or 0).sudo()
        company = order.company_id or user.company_id
        cases = self._get_cases().with_company(company)
        case, is_new = cases._create_once(
            values
            | {"partner_id": user.partner_id.id, "channel": "portal", "company_id": company.id}
        )
        if is_new:
            case._post_customer_text(case.description, files)
        return case
