"""What the demo promises: goods that are scarce, who brings them, and who is promised them."""

# Goods that only the story of the promises sells: key, name, price in USD
GOODS = (
    ("SEAL-BOLT", "High-security bolt seal, box of 50", 64),
    ("PAL-PLAS", "Plastic pallet 1200x800, nestable", 27),
    ("CRATE-FOLD", "Folding crate 60x40x32", 18),
    ("SCAN-HAND", "Handheld scanner, rugged", 890),
    ("RACK-UP", "Pallet rack upright 5 m", 142),
    ("COVER-THERMO", "Thermal pallet cover", 39),
    ("LOGGER-TEMP", "Temperature data logger, reusable", 58),
    ("LASH-BAR", "Container lashing bar", 46),
)
# Free in the first and in the second warehouse before anything is ordered
STOCK = {
    "SEAL-BOLT": (400, 300),
    "PAL-PLAS": (40, 0),
    "CRATE-FOLD": (60, 80),
    "COVER-THERMO": (70, 0),
    "LOGGER-TEMP": (10, 0),
    "LASH-BAR": (0, 150),
}
# Who brings what: (supplier, days of lead time)
SOURCES = {
    "PAL-PLAS": ("steady", 15),
    "COVER-THERMO": ("steady", 12),
    "SCAN-HAND": ("slow", 14),
    "LOGGER-TEMP": ("slow", 16),
}
# Days late of each supplier's receipts in the last year, the latest first
LATE = {
    "steady": (0, 0, 0, -1, 0, 0, 1, 0, 0, 0, -1, 0),
    "slow": (2, 1, 7, 2, 0, 3, 2, 6, 1, 2, 0, 4),
}
# Receipts under way: name -> (product, quantity, days from today, supplier)
RECEIPTS = {
    "pallets": ("PAL-PLAS", 200, 6, "steady"),
    "covers": ("COVER-THERMO", 100, 10, "steady"),
    "loggers": ("LOGGER-TEMP", 120, 9, "slow"),
    "bars": ("LASH-BAR", 80, -3, "slow"),
}
# What the receipts do once goods on them are promised: days later (earlier)
SLIPS = {"pallets": 5, "covers": 3, "loggers": -4}
# Confirmed orders: customer -> ((product, quantity), ...)
CONFIRMED = {
    "portal": (("PAL-PLAS", 120), ("SEAL-BOLT", 50)),
    "logger": (("LOGGER-TEMP", 60),),
    "logger2": (("LOGGER-TEMP", 30),),
    "counted": (("CRATE-FOLD", 50),),
    "key": (("COVER-THERMO", 20), ("SEAL-BOLT", 30)),
    "cover": (("COVER-THERMO", 30),),
}
FROM_ANYWHERE = "counted"  # the customer of a confirmed order who takes it from any warehouse
COUNTED = ("CRATE-FOLD", 5)  # what the stock count finds in the first warehouse
# Open quotations: customer, (first or second warehouse, sourcing, lines)
QUOTED = (
    ("portal", 0, "single", (("PAL-PLAS", 60), ("SEAL-BOLT", 20))),
    ("days", 0, "single", (("SEAL-BOLT", 25), ("SCAN-HAND", 4), ("RACK-UP", 12))),
    ("other", 0, "warehouse", (("COVER-THERMO", 15), ("LOGGER-TEMP", 20), ("BOX-DW-60", 40))),
    ("split", 0, "split", (("SEAL-BOLT", 480),)),
    ("second", 1, "warehouse", (("LASH-BAR", 24), ("SEAL-BOLT", 10))),
)
ASKED = (("SCAN-HAND", 10), ("SEAL-BOLT", 100))  # by leads
# How customers want to hear of new dates; mail would leave the demo
CHANNELS = {"portal": "portal", "logger": "phone", "logger2": "phone", "cover": "phone"}
PARTS = ("portal", "logger", "logger2", "counted", "key", "cover", "days", "other", "split")

# By company: names of places and firms
NAMES = {
    "main": {
        "lang": "en_US",
        "warehouses": (
            ("Tacoma", "America/Los_Angeles", 15.0),
            ("Savannah", "America/New_York", 16.5),
        ),
        "steady": "Northfield Packaging Inc.",
        "slow": "Meridian Devices Ltd.",
        "road": "Kestrel Road Haulage",
        "air": "Albion Air Cargo",
        "hours": "Warehouse, Monday to Friday",
        "days": "Deliveries on Tuesdays and Thursdays",
        "closed": "Stocktaking",
        "holiday": "Harbour festival",
        "allocation": "Cold season, key accounts",
    },
    "china": {
        "lang": "zh_CN",
        "warehouses": (("上海", "Asia/Shanghai", 16.0), ("宁波", "Asia/Shanghai", 15.0)),
        "steady": "苏州恒禾包装有限公司",
        "slow": "深圳嘉岳电子有限公司",
        "road": "顺途公路运输",
        "air": "蓝翎航空货运",
        "hours": "仓库工作时间（周一至周五）",
        "days": "周二和周四收货",
        "closed": "盘点",
        "holiday": "港口节",
        "allocation": "冬季重点客户预留",
    },
}
