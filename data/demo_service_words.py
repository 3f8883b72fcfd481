"""What customers of the demo company write, and what is answered. Data only.

A theme is a kind of trouble: where it belongs, how it begins, and how it ends. In the texts
`{order}`, `{product}` and `{city}` are those of the customer's last order.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """One kind of case: `share` of all, `bad` times as often in the carrier's bad season."""

    category: str
    kind: str
    share: float
    severities: tuple
    subject: str
    text: str
    question: str
    reply: str
    solution: str
    claim: float = 0.0  # share of the order's value that is claimed
    bad: float = 1.0


THEMES = (
    Theme(
        "delivery_late",
        "complaint",
        0.2,
        ("medium", "medium", "high"),
        "Order {order} has not arrived",
        "Our order {order} ({product}) was promised for last week and is still not in {city}. "
        "Our line stands still without it. When will it be here?",
        "I am sorry. The carrier missed the connection; may we deliver tomorrow before ten?",
        "Tomorrow before ten is fine, please call our gate first.",
        "Delivered this morning and signed for. The carrier was told, the surcharge is waived.",
        bad=3.0,
    ),
    Theme(
        "delivery_damaged",
        "claim",
        0.12,
        ("high", "high", "medium"),
        "Damaged goods in {order}",
        "Two pallets of {order} arrived crushed; the driver noted it on the delivery note. "
        "Photos are attached. Please take the damage over.",
        "Thank you for the photos. Please keep the goods for the surveyor and tell us their value.",
        "The surveyor was here. The invoice for the goods is attached.",
        "We accept the claim in part: stowage was ours, the packing was not. Credit note follows.",
        claim=0.18,
        bad=2.5,
    ),
    Theme(
        "delivery_damaged",
        "claim",
        0.06,
        ("medium",),
        "{order}: one carton missing",
        "We received one carton less than the packing list of {order} says.",
        "We are counting at the warehouse. Was the seal intact when the truck arrived?",
        "The seal was intact, see the picture.",
        "The carton was left at the cross dock and went out today, free of charge.",
        claim=0.04,
    ),
    Theme(
        "delivery_status",
        "inquiry",
        0.2,
        ("low", "low", "medium"),
        "Where is {order}?",
        "Could you tell me where order {order} is and when it reaches {city}?",
        "It left the terminal last night and is expected the day after tomorrow.",
        "Thanks, that helps.",
        "Arrived as announced.",
        bad=1.5,
    ),
    Theme(
        "invoice",
        "complaint",
        0.13,
        ("low", "medium"),
        "Invoice for {order} is too high",
        "The invoice for {order} has a fuel surcharge that our offer does not name. Please check.",
        "You are right, your rate includes fuel. May we send a credit note, or a new invoice?",
        "A credit note, please, our month is closed.",
        "Credit note posted.",
    ),
    Theme(
        "stock",
        "inquiry",
        0.08,
        ("low", "medium"),
        "Stock count of our pallets",
        "Our books show more pallets in your warehouse than your last list. Can you count again?",
        "We count on Thursday. Which of the two lots do you miss?",
        "Lot B of March, it should be twelve pallets.",
        "Found: twelve pallets stood in the wrong aisle. The list is corrected.",
    ),
    Theme(
        "quotation",
        "inquiry",
        0.11,
        ("low", "medium"),
        "Rate for {product}",
        "We plan to ship more this year. What is your best rate for {product}, twice a week?",
        "Gladly. Which volumes do you expect, and from which month on?",
        "About forty loads from next quarter on.",
        "The offer is out, valid for thirty days.",
    ),
    Theme(
        "service",
        "feedback",
        0.06,
        ("low",),
        "Thank you for last Friday",
        "Your dispatcher stayed until nine to get our shipment {order} out. Please thank them.",
        "I will tell the whole shift. It means a lot.",
        "They deserve it.",
        "Passed on, and read out in Monday's meeting.",
    ),
    Theme(
        "delivery",
        "complaint",
        0.04,
        ("critical",),
        "Refrigerated load of {order} is warm",
        "The logger of {order} shows nine degrees for six hours. This is medicine. Call at once!",
        "I stopped the truck; a replacement with a pre-cooled trailer leaves in forty minutes.",
        "Keep us informed every hour, please.",
        "Replacement delivered at four degrees. Cause: a defective door seal, now checked weekly.",
        claim=0.3,
    ),
)

CHINESE_THEMES = (
    Theme(
        "delivery_late",
        "complaint",
        0.26,
        ("medium", "high"),
        "订单{order}还没有到货",
        "订单{order}（{product}）承诺上周送达{city}，到现在还没有收到，产线已经停了，请尽快答复。",
        "非常抱歉，车辆在中转站延误。明天上午十点前送到可以吗？",
        "可以，到之前请先打电话给门卫。",
        "今早已送达并签收，加急费用免收。",
        bad=2.0,
    ),
    Theme(
        "delivery_damaged",
        "claim",
        0.18,
        ("high",),
        "{order}货物破损",
        "{order}有两托货物外箱压坏，司机已在送货单上注明，照片见附件，请赔偿。",
        "照片已收到，请保留货物等待查验，并告知货值。",
        "查验已完成，货物发票见附件。",
        "经核实装载责任在我方，同意部分赔付，随后开具红字发票。",
        claim=0.15,
    ),
    Theme(
        "delivery_status",
        "inquiry",
        0.26,
        ("low",),
        "{order}现在到哪里了？",
        "请问订单{order}现在到哪里了，什么时候能到{city}？",
        "昨晚已离港，预计后天到达。",
        "好的，谢谢。",
        "已按预计时间到达。",
    ),
    Theme(
        "invoice",
        "complaint",
        0.16,
        ("medium",),
        "{order}的发票金额不对",
        "{order}的发票多收了燃油附加费，报价里没有这一项，请核对。",
        "您说得对，合同价已含燃油费。开红字发票可以吗？",
        "可以，我们本月已结账。",
        "红字发票已开具。",
    ),
    Theme(
        "quotation",
        "inquiry",
        0.14,
        ("low",),
        "询价：{product}",
        "我们今年货量会增加，{product}每周两次的话，最优惠的价格是多少？",
        "好的，请问预计货量和开始月份？",
        "下季度开始，大约四十车。",
        "报价已发出，三十天内有效。",
    ),
)

# Mails whose sender nobody knows yet: name, address, subject, text.
STRANGERS = (
    (
        "Nora Whitfield",
        "nora.whitfield@gmail.example",
        "Pallets still at your dock",
        "Hello, we spoke last week about the pallets at your dock. Who picks them up? Nora",
    ),
    (
        "Goods-in",
        "goods-in@warehouse-partner.example",
        "Delivery {order}: wrong quantity",
        "The delivery note of {order} says 40 cartons, we counted 38.",
    ),
    (
        "Accounts",
        "accounts@{domain}",
        "Statement of account",
        "Please send us the statement of account of the last quarter.",
    ),
    (
        "王工",
        "wang@163.example",
        "想了解中欧班列价格",
        "你好，西安到杜伊斯堡40尺柜，每月四个，价格多少？",
    ),
)

# People at customers: functions with the contact role that goes with them.
FUNCTIONS = (
    ("Head of Logistics", "logistics"),
    ("Purchasing Manager", "purchasing"),
    ("Managing Director", "decision_maker"),
    ("Goods Receipt", "goods_receipt"),
    ("Accounts Payable", "accounts_payable"),
    ("Quality Manager", "quality"),
)
CHINESE_FUNCTIONS = (
    ("物流经理", "logistics"),
    ("采购经理", "purchasing"),
    ("财务", "accounts_payable"),
)
FIRST_NAMES = (
    *("Anna", "Bruno", "Clara", "David", "Elena", "Felix", "Grace", "Hugo", "Irene", "Jakob"),
    *("Karin", "Liam", "Maria", "Nils", "Olga", "Paul", "Rosa", "Simon", "Tessa", "Viktor"),
)
LAST_NAMES = (
    *("Ashworth", "Berger", "Castro", "Dahl", "Engel", "Fontaine", "Gruber", "Hale", "Ivers"),
    *("Jansen", "Keller", "Lund", "Moreau", "Novak", "Ortiz", "Price", "Quinn", "Rossi", "Stein"),
)
HAN_PEOPLE = ("李伟", "王芳", "张敏", "刘强", "陈静", "杨洋", "赵磊", "黄丽", "周涛", "吴霞")

CALL_NOTES = (
    "Asked for the arrival time of the next container.",
    "Wants a second pick-up on Fridays.",
    "Confirmed the delivery window for Monday.",
    "Complained about the waiting time at the gate.",
    "Asked whether we can store forty pallets until spring.",
)
LEADS = (
    "Contract logistics for spare parts",
    "Weekly LTL to Poland",
    "Air freight for trade fair goods",
    "Cold storage, 300 pallets",
    "Rail instead of sea from Xi'an",
    "Returns handling for the web shop",
)
