"""Pages as the web client asks for them: one call, with the fields of the view."""

import ast

from lxml import etree

from odoo.tools.safe_eval import safe_eval

OURS = "logistics_crm"


def form_specification(env, action_id, odoo_only=False):
    """Return the `web_read` specification of an action's form, as the web client makes it.

    Parameters
    ----------
    env : odoo.api.Environment
        Of the user who opens it.
    action_id : str
        External id of the action.
    odoo_only : bool
        Leave out the fields that our add-ons define, wherever they stand.
    """
    action = env["ir.actions.actions"]._for_xml_id(action_id)
    view_id = next((view for view, mode in action["views"] if mode == "form"), False)
    view = env[action["res_model"]].get_views([(view_id, "form")])["views"]["form"]
    model = env[action["res_model"]]
    specification = _view_specification(model, etree.fromstring(view["arch"]))
    specification |= {"display_name": {}, "write_date": {}}
    return _without_ours(model, specification) if odoo_only else specification


def _view_specification(model, arch):
    """Return the fields of a view; of its lists the columns, and the fields of inline forms."""
    specification = {}
    for node in _field_nodes(arch):
        field = model._fields[node.get("name")]
        always_invisible = node.get("invisible") in ("1", "True")
        asked = specification.setdefault(field.name, {})
        if field.type == "many2one":
            names = {} if always_invisible else {"display_name": {}}
            asked["fields"] = names | asked.get("fields", {})
        elif field.type in ("one2many", "many2many") and not always_invisible:
            asked |= _list_specification(model.env[field.comodel_name], node, asked)
    for name in _widget_dependencies(arch):
        specification.setdefault(name, {})["fields"] = {"display_name": {}}
    return specification


def _field_nodes(arch):
    for node in arch:
        if node.tag == "field":
            yield node
        else:
            yield from _field_nodes(node)


def _list_specification(comodel, node, asked):
    fields = dict(asked.get("fields", {}))
    if (node.get("widget") or "").endswith("tags"):
        fields |= {"display_name": {}, "color": {}}
    modes = (node.get("mode") or "list,kanban").split(",")
    shown = next((view for mode in modes for view in node.findall(mode)), None)
    if shown is not None:
        for view in (shown, *node.findall("form")):
            fields = _view_specification(comodel, view) | fields
    limit = int(shown.get("limit") or 40) if shown is not None else 40
    return {"fields": fields, "limit": limit} if fields else {}


def _widget_dependencies(arch):
    """Return the fields that widgets of ours read without a node in the view."""
    if arch.find(".//widget[@name='logistics_customer_timeline']") is not None:
        return ["commercial_partner_id"]
    return []


def _without_ours(model, specification):
    kept = {}
    for name, inner in specification.items():
        field = model._fields[name]
        if any(module.startswith(OURS) for module in field._modules[:1]):
            continue
        if inner.get("fields") and field.comodel_name:
            fields = _without_ours(model.env[field.comodel_name], inner["fields"])
            inner = {**inner, "fields": fields}
        kept[name] = inner
    return kept


def open_form(env, customers, specification):
    """Return a call that reads one customer after the other."""

    def read(number):
        partner = env["res.partner"].browse(customers[number % len(customers)])
        (values,) = partner.web_read(specification)
        assert values["id"]

    return read


def open_timeline(env, customers):
    """Return a call that reads what the page's own timeline shows first, customer by customer."""
    names = ("kind", "date", "is_day", "title", "preview", "amount", "currency_id")
    specification = _specification(env["logistics.timeline"], {*names, "user_id", "partner_id"})
    specification["partner_id"]["fields"]["name"] = {}
    return _search_timeline(env, customers, specification, limit=21, count_limit=1)


def open_timeline_list(env, customers):
    """Return a call that reads the first page of all touches as a list, and counts them."""
    view = env["logistics.timeline"].get_views([(False, "list")])["views"]["list"]["arch"]
    names = {node.get("name") for node in etree.fromstring(view).iter("field")}
    specification = _specification(env["logistics.timeline"], names)
    return _search_timeline(env, customers, specification, limit=80)


def _search_timeline(env, customers, specification, **page):
    def read(number):
        domain = [("commercial_partner_id", "=", customers[number % len(customers)])]
        env["logistics.timeline"].web_search_read(domain, specification, **page)

    return read


def open_kanban(env, action_id, group_by, filtered=False):
    """Return a call that reads a board: its columns with their first cards, and its bars.

    With `filtered`, the filters that the action switches on hold.
    """
    action = env["ir.actions.actions"]._for_xml_id(action_id)
    model = env[action["res_model"]]
    view_id = next(view for view, mode in action["views"] if mode == "kanban")
    views = model.get_views(
        [(view_id, "kanban"), ((action["search_view_id"] or [False])[0], "search")]
    )
    arch = etree.fromstring(views["views"]["kanban"]["arch"])
    domain = ast.literal_eval(action["domain"] or "[]") if filtered else []
    if filtered:
        search = etree.fromstring(views["views"]["search"]["arch"])
        domain += _default_filters(env, action, search)
    bar = arch.find(".//progressbar")
    names = {node.get("name") for node in arch.iter("field")} - {None}
    specification = _specification(model, names)

    def read(_number):
        groups = model.web_read_group(
            domain,
            [group_by],
            ["__count"],
            auto_unfold=True,
            unfold_read_specification=specification,
        )
        assert groups["length"]
        if bar is not None:
            shown = {"field": bar.get("field"), "colors": ast.literal_eval(bar.get("colors"))}
            model.read_progress_bar(domain, group_by, shown)

    return read


def _default_filters(env, action, search):
    context = safe_eval(action["context"] or "{}", {"uid": env.uid})
    wanted = {name.removeprefix("search_default_") for name, value in context.items() if value}
    found = search.iter("filter")
    domains = [node.get("domain") for node in found if node.get("name") in wanted]
    return [term for text in domains if text for term in safe_eval(text, {"uid": env.uid})]


def _specification(model, names):
    specification = {}
    for name in names & model._fields.keys():
        related = model._fields[name].type in ("many2one", "many2many", "reference")
        specification[name] = {"fields": {"display_name": {}}} if related else {}
    return specification


def find_customers(env):
    """Return ids of ordinary customers and of those with the longest history, by name of kind."""
    from odoo.tools import SQL

    query = """
        SELECT partner_id FROM logistics_sales_history
         GROUP BY partner_id HAVING count(*) %s ORDER BY %s LIMIT 10
    """
    few = SQL(query, SQL("BETWEEN 3 AND 30"), SQL("partner_id"))
    many = SQL(query, SQL("> 30"), SQL("count(*) DESC"))
    return {
        "usual history": [row[0] for row in env.execute_query(few)],
        "longest history": [row[0] for row in env.execute_query(many)],
    }
