"""What the demo's promises are made of: goods, warehouses, calendars, carriers, suppliers."""

from datetime import datetime, time, timedelta

import demo_promise_words as words
from demo_records import ensure


def ensure_goods(env):
    """Return {key: product}: goods that are in stock in small numbers, shared by the companies."""
    wanted = {
        f"product_{key}".lower(): {
            "name": name,
            "default_code": key,
            "type": "consu",
            "is_storable": True,
            "list_price": price,
            "standard_price": round(price * 0.7, 2),
            "invoice_policy": "order",
            "sale_delay": 0,
            "taxes_id": False,
            "supplier_taxes_id": False,
        }
        for key, name, price in words.GOODS
    }
    return {one.default_code: one for one in ensure(env, "product.product", wanted).values()}


def ensure_warehouses(env, profile, company, today):
    """Return the company's two warehouses, with cut-offs, working days and holidays."""
    names = words.NAMES[profile.code]
    first = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    (name, tz, cutoff), (other, other_tz, other_cutoff) = names["warehouses"]
    site = ensure(
        env,
        "res.partner",
        {
            f"site_{profile.code}": {
                "name": f"{profile.name}, {other}",
                "city": other,
                "country_id": company.country_id.id,
                "tz": other_tz,
            }
        },
    )[f"site_{profile.code}"]
    second = {"name": other, "code": "W2", "company_id": company.id, "partner_id": site.id}
    key = f"warehouse2_{profile.code}"
    second = ensure(env, "stock.warehouse", {key: second})[key]
    company.partner_id.write({"tz": tz, "lang": names["lang"]})
    hours = _ensure_calendars(env, profile, company, tz, today)
    first.write({"name": name, "promise_cutoff": cutoff, "promise_calendar_id": hours[0].id})
    second.write({"promise_cutoff": other_cutoff, "promise_calendar_id": hours[1].id})
    return first | second


def _ensure_calendars(env, profile, company, tz, today):
    """Return the two warehouses' calendars: one is closed next week, the other from tomorrow."""
    names = words.NAMES[profile.code]
    hours = {"name": names["hours"], "company_id": company.id, "tz": tz}
    keys = [f"hours{number}_{profile.code}" for number in (1, 2)]
    calendars = [ensure(env, "resource.calendar", dict.fromkeys(keys, hours))[key] for key in keys]
    for key, calendar, reason, start in zip(
        keys, calendars, (names["closed"], names["holiday"]), (8, 1), strict=True
    ):
        first = get_workday(today + timedelta(days=start))
        last = get_workday(first + timedelta(days=1)) if start == 1 else first
        leave = {
            "name": reason,
            "calendar_id": calendar.id,
            "company_id": company.id,
            "date_from": datetime.combine(first - timedelta(days=1), time(12)),
            "date_to": datetime.combine(last + timedelta(days=1), time(12)),
        }
        ensure(env, "resource.calendar.leaves", {f"leave_{key}": leave})
    return calendars


def get_workday(day):
    """Return a day, or the Monday after it."""
    return day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def ensure_ways(env, profile, company, cast):
    """Give the customers of the story carriers, delivery days, and a way to be told."""
    names = words.NAMES[profile.code]
    # a carrier belongs to the company of its product
    service = {"name": "Carriage", "type": "service", "list_price": 0.0, "sale_ok": False}
    key = f"product_carriage_{profile.code}"
    wanted = {key: {**service, "company_id": company.id}}
    service = ensure(env, "product.product", wanted)[key]
    wanted = {
        f"carrier_{code}_{profile.code}": {
            "name": names[code],
            "delivery_type": "fixed",
            "product_id": service.id,
            "company_id": company.id,
            "promise_transit_days": days,
            "promise_calendar_id": company.resource_calendar_id.id if code == "road" else False,
        }
        for code, days in (("road", 3), ("air", 1))
    }
    road, air = ensure(env, "delivery.carrier", wanted).values()
    everybody = env["res.partner"].union(*cast.values()).with_company(company)
    everybody.property_delivery_carrier_id = road
    everybody.key_account_class = "b"  # by hand: scoring would make key accounts of them
    cast["key"].with_company(company).property_delivery_carrier_id = air
    cast["key"].with_company(company).key_account_class = "a"
    for part, channel in words.CHANNELS.items():
        cast[part].promise_channel = channel
    cast["days"].delivery_calendar_id = _ensure_delivery_days(env, profile, company)


def _ensure_delivery_days(env, profile, company):
    key = f"delivery_days_{profile.code}"
    hours = [
        {
            "name": "Goods in",
            "dayofweek": day,
            "hour_from": 8,
            "hour_to": 15,
            "day_period": "morning",
        }
        for day in ("1", "3")
    ]
    days = {
        "name": words.NAMES[profile.code]["days"],
        "company_id": company.id,
        "attendance_ids": [(5,), *((0, 0, values) for values in hours)],
    }
    return ensure(env, "resource.calendar", {key: days})[key]


def ensure_suppliers(env, profile, company, goods):
    """Return {code: supplier}, who are bought from in so many days."""
    names = words.NAMES[profile.code]
    wanted = {
        f"supplier_{code}_{profile.code}": {
            "name": names[code],
            "is_company": True,
            "supplier_rank": 1,
        }
        for code in words.LATE
    }
    found = ensure(env, "res.partner", wanted)
    suppliers = {code: found[f"supplier_{code}_{profile.code}"] for code in words.LATE}
    ensure(
        env,
        "product.supplierinfo",
        {
            f"source_{key}_{profile.code}".lower(): {
                "partner_id": suppliers[code].id,
                "product_tmpl_id": goods[key].product_tmpl_id.id,
                "company_id": company.id,
                "delay": days,
                "price": round(goods[key].list_price * 0.7, 2),
            }
            for key, (code, days) in words.SOURCES.items()
        },
    )
    return suppliers
