"""Which column of a file is which field, guessed from the header."""

import re
import unicodedata

#: Fields that a line can have, in the order of the loader, and the price that can stand in for
#: an amount.
FIELDS = (
    "order",
    "line",
    "date",
    "customer",
    "product",
    "quantity",
    "amount",
    "currency",
    "customer_name",
    "customer_country",
    "product_name",
    "promised",
    "delivered",
)
UNIT_PRICE = "unit_price"
REQUIRED = ("order", "date", "customer", "product", "quantity", "amount")

SYNONYMS = {
    "order": """order|order no|order number|order id|order ref|order reference|sales order|so no|
        so number|invoice|invoice no|invoice number|invoice id|document no|document number|
        doc no|transaction id|receipt|订单|订单号|订单编号|订单号码|销售订单|销售单号|单号|单据编号|
        发票号|发票号码|订货单号|訂單號|訂單編號""",
    "line": """line|line no|line number|line id|order line|item no|position|pos|row|
        行号|行|行次|明细行|订单行|订单行号|序号|项次|項次""",
    "date": """date|order date|invoice date|sales date|sale date|transaction date|document date|
        posting date|day|日期|订单日期|下单日期|下单时间|销售日期|开票日期|单据日期|交易日期|
        订货日期|訂單日期""",
    "customer": """customer|customer id|customer code|customer no|customer number|customer key|
        client|client id|client code|account|account no|sold to|buyer|cust id|cust no|
        客户|客户编码|客户代码|客户编号|客户号|客户id|会员号|买家|客戶編號|客戶代碼""",
    "product": """product|product id|product code|product no|product key|sku|item|item code|
        item id|article|article no|stock code|material|material no|part no|default code|
        internal reference|产品|产品编码|产品代码|产品编号|商品|商品编码|商品代码|商品编号|物料|
        物料编码|物料编号|货号|存货编码|產品編號|料號""",
    "quantity": """quantity|qty|quantity ordered|order qty|ordered quantity|units|pieces|pcs|
        数量|销售数量|订单数量|订货数量|件数|數量""",
    "amount": """amount|amount without tax|net amount|line amount|line total|total|subtotal|
        untaxed amount|net|net value|sales|sales amount|revenue|turnover|value|
        extended price|price subtotal|
        金额|销售金额|销售额|不含税金额|未税金额|合计|小计|总额|总价|行金额|金額""",
    UNIT_PRICE: """unit price|unit price without tax|price|price unit|price each|net price|
        price per unit|        单价|销售单价|不含税单价|价格|單價""",
    "currency": """currency|currency code|curr|ccy|币种|货币|币别|货币代码|幣別""",
    "customer_name": """customer name|client name|account name|company|company name|buyer name|
        客户名称|客户名|客户简称|公司名称|单位名称|会员名称|客戶名稱""",
    "customer_country": """country|country code|customer country|ship to country|
        国家|国家地区|客户国家|国别|國家""",
    "product_name": """product name|description|product description|item name|item description|
        article name|material description|
        产品名称|产品描述|商品名称|物料名称|物料描述|品名|存货名称|
        描述|產品名稱""",
    "promised": """promised|promised date|promise date|commitment date|committed date|due date|
        requested date|requested delivery date|scheduled date|delivery due|etd promised|
        承诺交期|承诺日期|承诺交货日期|要求交期|要求交货日期|约定交期|预计交期|计划交期|交期|承諾交期""",
    "delivered": """delivered|delivered date|delivery date|date delivered|actual delivery|
        actual delivery date|effective date|ship date|shipped date|shipped|
        交货日期|交付日期|实际交期|实际交货日期|送达日期|签收日期|发货日期|出货日期|交貨日期""",
}


def normalize(name):
    """Return a column name without case, spaces, signs and brackets."""
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"[(\[（【].*?[)\]）】]", "", text) or text
    return re.sub(r"[\W_]+", "", text.lower())


KNOWN = {
    normalize(synonym): field
    for field, synonyms in SYNONYMS.items()
    for synonym in (*synonyms.split("|"), field)
}

#: Headers that mean the name where another column has the code: "Customer" beside "Customer No".
BARE = {
    normalize(word): (field, f"{field}_name")
    for field, words in (
        ("customer", ("customer", "client", "buyer", "客户", "买家")),
        ("product", ("product", "item", "article", "material", "产品", "商品", "物料")),
    )
    for word in words
}


def guess_fields(header):
    """Guess the field of each column.

    Parameters
    ----------
    header : list of str

    Returns
    -------
    list of (str or None)
        One entry per column; each field at most once, the first column that fits wins. A unit
        price is left out where the file has an amount.
    """
    names = [normalize(name) for name in header]
    coded = {KNOWN.get(name) for name in names if name not in BARE}
    taken = set()
    guesses = []
    for name in names:
        field = KNOWN.get(name)
        if name in BARE and field in coded:
            field = BARE[name][1]
        if field in taken:
            field = None
        taken.add(field)
        guesses.append(field)
    _settle_price(guesses)
    _settle_names(guesses, taken)
    return guesses


def _settle_price(guesses):
    if "amount" in guesses and UNIT_PRICE in guesses:
        guesses[guesses.index(UNIT_PRICE)] = None


def _settle_names(guesses, taken):
    """A file that names customers or products without codes has the names as keys."""
    for key, name in (("customer", "customer_name"), ("product", "product_name")):
        if key not in taken and name in taken:
            guesses[guesses.index(name)] = key


def missing_fields(fields):
    """Return the required fields that no column gives; a unit price stands in for the amount."""
    given = set(fields)
    if UNIT_PRICE in given:
        given.add("amount")
    return [field for field in REQUIRED if field not in given]
