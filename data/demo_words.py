"""Words of the demo company: invented names, places, and what it sells. Data only."""

# Countries: code -> (share of customers, currency they pay in, legal form, cities)
COUNTRIES = {
    "US": (0.26, "USD", "Inc.", ("Tacoma", "Savannah", "Columbus", "Denver", "Newark")),
    "DE": (0.14, "EUR", "GmbH", ("Hamburg", "Bremen", "Dortmund", "Augsburg")),
    "GB": (0.10, "GBP", "Ltd", ("Felixstowe", "Leeds", "Bristol", "Coventry")),
    "NL": (0.08, "EUR", "B.V.", ("Rotterdam", "Venlo", "Tilburg")),
    "FR": (0.07, "EUR", "SAS", ("Le Havre", "Lyon", "Lille")),
    "IT": (0.05, "EUR", "S.r.l.", ("Genova", "Verona", "Bologna")),
    "PL": (0.05, "EUR", "Sp. z o.o.", ("Gdynia", "Poznan", "Wroclaw")),
    "ES": (0.04, "EUR", "S.L.", ("Valencia", "Zaragoza")),
    "CA": (0.04, "USD", "Ltd.", ("Halifax", "Mississauga")),
    "MX": (0.03, "USD", "S.A. de C.V.", ("Monterrey", "Queretaro")),
    "SG": (0.03, "USD", "Pte. Ltd.", ("Singapore",)),
    "CN": (0.11, "CNY", "有限公司", ("宁波", "苏州", "青岛", "东莞", "厦门", "无锡", "佛山")),
}

# Invented stems; together with a trade they make a company name.
STEMS = (
    *("Aldermere", "Ambrell", "Ardwick", "Belcarra", "Brackwell", "Brindley", "Calloway"),
    *("Carrowmore", "Castellan", "Corvane", "Dunmarrow", "Eastholm", "Elverson", "Fairlough"),
    *("Falkener", "Garrowby", "Glenmarch", "Granholt", "Harkness", "Hollinger", "Ironvale"),
    *("Juniper Hill", "Kelbrook", "Kestering", "Larchford Bay", "Larkmoor", "Lindqvist"),
    *("Marlowe", "Merriden", "Nordhaven", "Oakridge", "Ostermann", "Pemberlow", "Quillon"),
    *("Ravensworth", "Redfern", "Rosenhain", "Saltmarsh", "Selwyn", "Silverbeck", "Stanmoor"),
    *("Tarrant", "Thornbury", "Umberleigh", "Vandermeer", "Velmora", "Westerlund", "Wyndale"),
)
TRADES = (
    *("Ceramics", "Cycles", "Electronics", "Fashion", "Fasteners", "Foods", "Furniture"),
    *("Garden", "Glass", "Home", "Instruments", "Lighting", "Medical", "Optics", "Outdoor"),
    *("Paper", "Pharma", "Plastics", "Sports", "Textiles", "Tools", "Toys"),
)
HAN_FIRST = "瑞恒盛泽铭鼎嘉启浩锦"
HAN_SECOND = "川禾朗岳澄屿原樾楷霖"
HAN_TRADES = ("家具", "纺织", "电子", "五金", "玩具", "食品", "照明", "医疗器械", "塑料", "工具")

# Products: key, name, kind, price in USD, usual quantity, transit days, carrier
KESTREL, ALBION, PACIFIC, OWN = "Kestrel Road", "Albion Air", "Pacific Star Line", "own"
PRODUCTS = (
    ("FCL-SHA-RTM", "Sea FCL Shanghai - Rotterdam, 40' HC", "freight", 2900, 2, 34, PACIFIC),
    ("FCL-NGB-HAM", "Sea FCL Ningbo - Hamburg, 40' HC", "freight", 3050, 2, 36, PACIFIC),
    ("FCL-SHA-LGB", "Sea FCL Shanghai - Long Beach, 40' HC", "freight", 2400, 2, 17, PACIFIC),
    ("FCL-QIN-SAV", "Sea FCL Qingdao - Savannah, 40' HC", "freight", 3600, 2, 31, PACIFIC),
    ("FCL-SHA-FXT", "Sea FCL Shanghai - Felixstowe, 20'", "freight", 1850, 2, 35, PACIFIC),
    ("LCL-SHA-RTM", "Sea LCL Shanghai - Rotterdam, cbm", "freight", 92, 9, 40, PACIFIC),
    ("LCL-SHA-NYC", "Sea LCL Shanghai - New York, cbm", "freight", 105, 9, 36, PACIFIC),
    ("AIR-HKG-FRA", "Air freight Hong Kong - Frankfurt, 100 kg", "freight", 410, 6, 4, ALBION),
    ("AIR-PVG-ORD", "Air freight Shanghai - Chicago, 100 kg", "freight", 465, 6, 4, ALBION),
    ("AIR-PVG-LHR", "Air freight Shanghai - London, 100 kg", "freight", 430, 5, 4, ALBION),
    ("RAIL-XIY-DUI", "Rail freight Xi'an - Duisburg, 40'", "freight", 4300, 1, 18, PACIFIC),
    ("FTL-RTM-MUC", "Road FTL Rotterdam - Munich", "freight", 1350, 2, 2, KESTREL),
    ("FTL-HAM-WAW", "Road FTL Hamburg - Warsaw", "freight", 1180, 2, 2, KESTREL),
    ("FTL-FXT-MAN", "Road FTL Felixstowe - Manchester", "freight", 690, 2, 1, KESTREL),
    ("FTL-LGB-DEN", "Road FTL Long Beach - Denver", "freight", 2150, 2, 3, KESTREL),
    ("FTL-SAV-CMH", "Road FTL Savannah - Columbus", "freight", 1620, 2, 2, KESTREL),
    ("LTL-EU", "Road LTL within Europe, pallet", "freight", 118, 8, 3, KESTREL),
    ("LTL-US", "Road LTL within the United States, pallet", "freight", 165, 8, 4, KESTREL),
    ("EXP-PARCEL", "Express parcel, door to door", "freight", 24, 25, 2, KESTREL),
    ("REEF-RTM-MAD", "Refrigerated FTL Rotterdam - Madrid", "freight", 2480, 1, 3, KESTREL),
    ("WH-PALLET", "Pallet storage, ambient, per week", "warehouse", 4.2, 120, 0, OWN),
    ("WH-COLD", "Pallet storage, chilled, per week", "warehouse", 9.5, 60, 0, OWN),
    ("WH-INOUT", "Pallet in and out", "warehouse", 6.8, 80, 0, OWN),
    ("WH-PICK", "Order picking, per 100 lines", "warehouse", 62, 12, 1, OWN),
    ("VAS-LABEL", "Labelling, per 1,000 pieces", "service", 48, 6, 1, OWN),
    ("VAS-REPACK", "Repacking and kitting, per 100 sets", "service", 85, 5, 2, OWN),
    ("VAS-QC", "Quality inspection, per hour", "service", 46, 6, 1, OWN),
    ("VAS-RETURN", "Returns handling, per parcel", "service", 5.6, 60, 1, OWN),
    ("CUS-IMPORT", "Import clearance", "service", 135, 2, 1, OWN),
    ("CUS-EXPORT", "Export declaration", "service", 75, 2, 1, OWN),
    ("INS-CARGO", "Cargo insurance, per 10,000 USD of value", "service", 32, 5, 0, OWN),
    ("DRAY-PORT", "Port drayage, container", "freight", 380, 2, 1, KESTREL),
    ("PAL-EUR", "EUR pallet, heat treated", "goods", 14.5, 90, 2, OWN),
    ("BOX-DW-60", "Double-wall carton 60x40x40, pack of 20", "goods", 38, 25, 2, OWN),
    ("FILM-17MU", "Stretch film 17 my, 6 rolls", "goods", 41, 20, 2, OWN),
    ("STRAP-PET", "PET strapping 16 mm, coil", "goods", 57, 10, 2, OWN),
    ("BAG-DUNNAGE", "Dunnage bag 90x120, pack of 10", "goods", 44, 12, 3, OWN),
    ("DESI-BLANKET", "Container desiccant, pack of 8", "goods", 36, 12, 3, OWN),
    ("BOX-THERMO", "Insulated box 28 l with cool packs", "goods", 29, 30, 3, OWN),
    ("LABEL-GS1", "GS1-128 logistics labels, roll of 1,000", "goods", 22, 18, 2, OWN),
)

# Categories of products, by the beginning of the key.
CATEGORIES = {
    "Sea Freight": ("FCL-", "LCL-"),
    "Air Freight": ("AIR-",),
    "Rail Freight": ("RAIL-",),
    "Road Freight": ("FTL-", "LTL-", "REEF-", "DRAY-"),
    "Parcel": ("EXP-",),
    "Warehousing": ("WH-",),
    "Value-Added Services": ("VAS-",),
    "Customs and Insurance": ("CUS-", "INS-"),
    "Packaging": ("PAL-", "BOX-", "FILM-", "STRAP-", "BAG-", "DESI-", "LABEL-"),
}
