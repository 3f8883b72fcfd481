"""Articles and 8D texts of the demo company. Data only."""

# category, audience, title, text
ARTICLES = (
    (
        "delivery_status",
        "portal",
        "Where is my shipment?",
        "Name the order on any inquiry. Sea freight is updated when the vessel reports, road "
        "freight at every terminal. The day of arrival is certain from the last terminal on.",
    ),
    (
        "delivery_damaged",
        "portal",
        "Damaged goods: what to do at the gate",
        "Write the damage on the delivery note before signing, take photos of the goods and the "
        "packing, keep both for the surveyor, and tell us within seven days.",
    ),
    (
        "delivery_late",
        "staff",
        "Late delivery: what we may offer",
        "Up to two days: an apology and a firm date. From the third day: waive the surcharge. "
        "A line that stands still goes to the dispatcher by telephone at once.",
    ),
    (
        "invoice",
        "staff",
        "Fuel surcharge on rates that include it",
        "Agreements before last year include fuel. Check the rate's remark, credit the surcharge, "
        "and correct the agreement so that it does not happen again.",
    ),
    (
        "stock",
        "staff",
        "Counting again on request",
        "Counts are on Thursdays. Ask for the lot; most differences are pallets in a wrong aisle.",
    ),
)
CHINESE_ARTICLES = (
    (
        "delivery_status",
        "portal",
        "如何查询货物状态？",
        "咨询时请提供订单号。海运以船舶报告为准，公路运输在每个中转站更新。",
    ),
    (
        "delivery_damaged",
        "portal",
        "收货时发现破损怎么办？",
        "签收前在送货单上注明破损，拍摄货物和包装照片，保留实物待查验，并在七天内通知我们。",
    ),
)

# step, days after the first answer, what was done
STEPS = (
    ("d1", 1, "Quality, the dispatcher and the warehouse lead of the terminal."),
    ("d2", 1, "Two pallets arrived crushed at the lower edge; noted on the delivery note."),
    ("d3", 2, "All loads of this lane are checked and photographed before they leave."),
    (
        "d4",
        7,
        "Heavy pallets stood on light ones: the load plan knows nothing of stacking.",
    ),
    ("d5", 10, "The product says whether it may be stacked; the load plan puts those below."),
    ("d6", 20, "Done for all products of this customer; three loads without damage since."),
    ("d7", 28, "The rule is part of the training of new loaders and of the yearly audit."),
    ("d8", 30, "Closed with the customer, who thanked the team."),
)
