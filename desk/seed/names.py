"""Invented people and companies, in five languages."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from ..demo.people import ALL, COLLEAGUES, COMPANIES, Colleague, Company, Person

#: Given names, then family names; "%s %s" in this order, Chinese the other way round and closed up.
PEOPLE: dict[str, tuple[list[str], list[str]]] = {
    "en": (
        ["Grace", "Tom", "Helen", "Priya", "Callum", "Ruth", "Owen", "Amara", "Sam", "Joanna", "Declan", "Maya", "Peter", "Nadia", "Luke", "Fiona"],
        ["Bell", "Okafor", "Whitfield", "Shah", "Doyle", "Marsh", "Pritchard", "Lowe", "Hargreaves", "Stone", "Kerr", "Baxter", "Nolan", "Frost"],
    ),
    "es": (
        ["Marta", "Joan", "Pilar", "Álvaro", "Lucía", "Raúl", "Inés", "Ignacio", "Nuria", "Sergio", "Elena", "Tomás", "Ximena", "Rodrigo"],
        ["Ortega", "Ferrer", "Sanz", "Molina", "Rivas", "Peña", "Cabrera", "Iglesias", "Vidal", "Navarro", "Quintana", "Solís", "Ibáñez"],
    ),
    "ru": (
        ["Иван", "Асель", "Ольга", "Тимур", "Мария", "Дмитрий", "Алия", "Сергей", "Екатерина", "Руслан", "Наталья", "Павел"],
        ["Ким", "Нурлан", "Ткач", "Бек", "Зайченко", "Мельник", "Коваль", "Ли", "Романенко", "Цой", "Шевчук", "Гордиенко"],
    ),
    "zh-hans": (["伟", "芳", "静", "晓", "敏", "建国", "丽华", "志强", "雨桐", "浩然", "思远", "佳"], ["李", "王", "陈", "林", "赵", "周", "吴", "郑", "孙", "何", "黄", "徐"]),
    "ar": (
        ["نورة", "فهد", "سارة", "عبدالله", "ريم", "خالد", "هند", "ماجد", "لطيفة", "يوسف", "دانة", "عمر"],
        ["القحطاني", "العتيبي", "الحربي", "المطيري", "الزهراني", "الشمري", "النجار", "الخوري", "المنصور", "العلي"],
    ),
}  # fmt: skip
#: Names of companies: a first part and a trade. The account's line of business comes from `LINES`.
COMPANY: dict[str, tuple[list[str], list[str], str]] = {
    "en": (
        ["Alder", "Harrow", "Fenwick", "Brightwater", "Kestrel", "Northgate", "Oakhurst", "Pennine", "Saltmarsh", "Thornbury", "Wexford", "Larkfield", "Marlowe", "Ashdown", "Copperfield", "Dunmore", "Elmstead", "Foxglove", "Greystone", "Holloway"],
        ["Foods", "Mutual", "Homes", "Clinics", "Brewery", "Rail", "Outdoor", "Bakeries", "Energy", "Books", "Opticians", "Dairies"], "%s %s Ltd",
    ),
    "es": (
        ["Alba", "Brisa", "Castaño", "Duero", "Encina", "Faro", "Granada", "Higuera", "Islas", "Jara", "Levante", "Mirador", "Naranjo", "Olivar", "Puente", "Ribera", "Serena", "Trébol", "Umbría", "Vega"],
        ["Alimentación", "Seguros", "Hogar", "Clínicas", "Cervezas", "Viajes", "Moda", "Energía", "Libros", "Óptica", "Lácteos", "Muebles"], "%s %s, S.A.",
    ),
    "ru": (
        ["Берёза", "Восток", "Горизонт", "Долина", "Жемчуг", "Заря", "Исток", "Кедр", "Лотос", "Маяк", "Нива", "Орбита", "Причал", "Родник", "Степь", "Тополь", "Уют", "Чайка", "Янтарь", "Клевер"],
        ["Продукты", "Страхование", "Дом", "Клиника", "Напитки", "Транспорт", "Мода", "Энергия", "Книга", "Оптика", "Молоко", "Мебель"], "ТОО «%s %s»",
    ),
    "zh-hans": (
        ["安和", "百川", "长青", "东篱", "丰泽", "广源", "恒信", "嘉禾", "康悦", "蓝湾", "明德", "南山", "鹏程", "青松", "瑞丰", "盛世", "天成", "万象", "新月", "云杉"],
        ["食品", "保险", "家居", "医疗", "啤酒", "出行", "服饰", "能源", "图书", "眼镜", "乳业", "地产"], "%s%s有限公司",
    ),
    "ar": (
        ["الأفق", "البستان", "التلال", "الجوهرة", "الحديقة", "الخليج", "الديار", "الراية", "الزمرد", "السنابل", "الشروق", "الصفاء", "الضياء", "الغدير", "الفجر", "القمة", "اللؤلؤة", "المرجان", "النخيل", "الواحة"],
        ["للأغذية", "للتأمين", "للأثاث", "الطبية", "للمشروبات", "للنقل", "للأزياء", "للطاقة", "للكتب", "للبصريات", "للألبان", "العقارية"], "شركة %s %s المحدودة",
    ),
}  # fmt: skip
#: Between the names of two companies that became one.
AND = {"en": " & ", "es": " y ", "ru": " и ", "zh-hans": "", "ar": " و"}
LINES: dict[str, list[str]] = {
    "en": ["Retail", "Corporate", "Online", "Own brand", "Export"],
    "es": ["Tienda", "Corporativo", "Online", "Marca propia", "Exportación"],
    "ru": ["Розница", "Корпоративный блок", "Онлайн", "Своя марка", "Экспорт"],
    "zh-hans": ["零售", "集团", "线上", "自有品牌", "出口"],
    "ar": ["التجزئة", "الشركات", "المتجر الإلكتروني", "العلامة الخاصة", "التصدير"],
}
TITLES: dict[str, list[str]] = {
    "en": ["Head of marketing", "Brand manager", "Sales manager", "Accounts payable", "Managing director", "Product manager"],
    "es": ["Directora de marketing", "Jefe de marca", "Jefa de ventas", "Contabilidad", "Director general", "Jefe de producto"],
    "ru": [
        "Директор по маркетингу",
        "Бренд-менеджер",
        "Руководитель продаж",
        "Бухгалтерия",
        "Генеральный директор",
        "Продакт-менеджер",
    ],
    "zh-hans": ["市场总监", "品牌经理", "销售经理", "财务", "总经理", "产品经理"],
    "ar": ["مديرة التسويق", "مدير العلامة", "مدير المبيعات", "المحاسبة", "المدير العام", "مدير المنتج"],
}
NOTES: dict[str, list[str]] = {
    "en": ["Wants options, never one.", "Calls back the same day; doesn't read long mails.", ""],
    "es": ["Prefiere el teléfono antes de las diez.", "Quiere verlo impreso.", ""],
    "ru": ["Любит аргументы и цифры.", "Лучше писать утром.", ""],
    "zh-hans": ["喜欢先听结论。", "微信比邮件快。", ""],
    "ar": ["تفضّل المراسلة صباحًا.", "يطلب نسخة مطبوعة دائمًا.", ""],
}


@dataclass(frozen=True)
class Seat:
    """Where a company sits, what it pays in, and how many units of that make up a euro."""

    country: str
    zone: str
    currency: str
    rate: float
    tax: str
    address: str
    week: str = "12345"


SEATS: dict[str, list[Seat]] = {
    "en": [
        Seat("GB", "Europe/London", "GBP", 0.85, "20", "%s High Street\nBristol BS1 4QA\nUnited Kingdom"),
        Seat("IE", "Europe/Dublin", "EUR", 1, "23", "%s Camden Row\nDublin D08\nIreland"),
        Seat("US", "America/New_York", "USD", 1.1, "0", "%s Mercer Street\nNew York, NY 10013\nUSA"),
    ],
    "es": [
        Seat("ES", "Europe/Madrid", "EUR", 1, "21", "Calle Mayor %s\n46001 Valencia\nEspaña"),
        Seat("ES", "Atlantic/Canary", "EUR", 1, "7", "Calle Triana %s\n35002 Las Palmas\nEspaña"),
        Seat("MX", "America/Mexico_City", "MXN", 19, "16", "Orizaba %s, Roma Norte\n06700 Ciudad de México\nMéxico"),
    ],
    "ru": [Seat("KZ", "Asia/Almaty", "KZT", 520, "12", "пр. Абая, %s\n050008 Алматы\nКазахстан")],
    "zh-hans": [
        Seat("CN", "Asia/Shanghai", "CNY", 7.6, "6", "杭州市西湖区文三路 %s 号\n310012 中国"),
        Seat("SG", "Asia/Singapore", "SGD", 1.45, "9", "%s Robinson Road\nSingapore 068897"),
    ],
    "ar": [
        Seat("SA", "Asia/Riyadh", "SAR", 4.1, "15", "طريق الملك فهد، مبنى %s\nالرياض 12214\nالمملكة العربية السعودية", "71234"),
        Seat("KW", "Asia/Kuwait", "KWD", 0.33, "0", "شارع فهد السالم، مبنى %s\nمدينة الكويت\nالكويت", "71234"),
        Seat("AE", "Asia/Dubai", "AED", 4, "5", "شارع الشيخ زايد، مبنى %s\nدبي\nالإمارات العربية المتحدة"),
    ],
}  # fmt: skip
DIALS = {"GB": "+44", "IE": "+353", "US": "+1", "ES": "+34", "MX": "+52", "KZ": "+7", "CN": "+86", "SG": "+65", "SA": "+966", "KW": "+965", "AE": "+971"}  # fmt: skip
RATES = {seat.currency: seat.rate for seats in SEATS.values() for seat in seats}
LANGUAGES = ["en", "es", "en", "ru", "es", "zh-hans", "en", "ar"]  # as often as each is met
#: Whom an agency of sixty has beside the demo's fifteen; a larger one has them in the same proportion.
STAFF = {"ae": 14, "creative": 13, "coordinator": 5, "planner": 4, "manager": 3, "creative_director": 2, "finance": 2, "traffic": 1, "director": 1}  # fmt: skip
#: The same, one after the other, well mixed.
QUEUE = [role for _turn, role in sorted(((n + 0.5) / number, role) for role, number in STAFF.items() for n in range(number))]
STAFF_TITLES = {
    "ae": "Account executive", "creative": "Designer", "coordinator": "Account coordinator", "planner": "Strategic planner",
    "manager": "Account manager", "finance": "Finance", "creative_director": "Creative director", "traffic": "Traffic manager",
    "director": "Account director",
}  # fmt: skip


def person(rng: Random, language: str) -> str:
    given, family = PEOPLE[language]
    if language == "zh-hans":
        return rng.choice(family) + rng.choice(given)
    return f"{rng.choice(given)} {rng.choice(family)}"


def colleagues(rng: Random, number: int) -> list[Colleague]:
    """The demo's colleagues, and as many more as it takes; nobody's name twice."""
    found, names = list(COLLEAGUES), {one.name for one in COLLEAGUES}
    for n in range(number - len(found)):
        role = QUEUE[n % len(QUEUE)]
        language = rng.choice(["en", "en", "es", "es", "ru", "zh-hans", "ar"])
        name = person(rng, language)
        while name in names:
            name = person(rng, rng.choice(list(PEOPLE)))
        names.add(name)
        found.append(Colleague(f"{role.replace('_', '.')}.{n + 1}", name, (role,), STAFF_TITLES[role], language))
    return found


def companies(rng: Random, number: int, staff: list[Colleague]) -> Iterator[Company]:
    """The demo's companies, then invented ones, each name and code once; account executives are dealt evenly."""
    yield from COMPANIES
    codes, names = {company.code for company in COMPANIES}, {company.name for company in COMPANIES}
    by_role: dict[str, list[str]] = {}
    for one in staff:
        by_role.setdefault(one.roles[0], []).append(one.login)
    leads = [login for login in by_role["ae"] if login not in ("ae", "outsider")]
    dealt = 0
    for n in range(number - len(COMPANIES)):
        language = LANGUAGES[n % len(LANGUAGES)]
        name, legal = _name(rng, language)
        while name in names:
            name, legal = _name(rng, language, merged=True)
        names.add(name)
        code = _code(rng, codes)
        lines = rng.sample(LINES[language], 2 if rng.random() < 0.4 else 1)
        accounts = []
        for line in lines:
            accounts.append((line, name, leads[dealt % len(leads)]))
            dealt += 1
        yield _company(rng, code, name, legal, language, accounts, by_role)


def _name(rng: Random, language: str, *, merged: bool = False) -> tuple[str, str]:
    """What everyone calls a company, and its legal name; `merged` out of two, where the plain ones are taken."""
    first, trades, legal = COMPANY[language]
    head = AND[language].join(rng.sample(first, 2)) if merged else rng.choice(first)
    trade = rng.choice(trades)
    return ("" if language == "zh-hans" else " ").join((head, trade)), legal % (head, trade)


def _code(rng: Random, taken: set[str]) -> str:
    while (code := "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(3))) in taken:
        pass
    taken.add(code)
    return code


def _company(
    rng: Random,
    code: str,
    name: str,
    legal: str,
    language: str,
    accounts: list[tuple[str, str, str]],
    by_role: dict[str, list[str]],
) -> Company:
    seat = rng.choice(SEATS[language])
    team = [rng.choice(by_role[role]) for role in ("coordinator", "planner", "manager", "creative_director")]
    team += rng.sample(by_role["creative"], min(3, len(by_role["creative"])))
    if rng.random() < 0.3:
        team.append(rng.choice([login for login in by_role["ae"] if login != "outsider"]))
    return Company(
        code, name, legal, seat.address % rng.randint(1, 240), f"{seat.country}{rng.randint(10**8, 10**9 - 1)}", language, seat.zone,
        seat.country, seat.currency, Decimal(seat.tax), rng.choice([30, 30, 30, 45, 60, 14]), (name,), tuple(accounts),
        tuple(_contacts(rng, code, language, seat)), working_week=seat.week, report_slot="first" if rng.random() < 0.25 else "last",
        order_number_required=rng.random() < 0.3, team=tuple(dict.fromkeys(team)),
    )  # fmt: skip


def _contacts(rng: Random, code: str, language: str, seat: Seat) -> Iterator[Person]:
    """Who decides, two or three who work with us, bookkeeping, and now and then somebody one doesn't write to."""
    names = list(dict.fromkeys(person(rng, language) for _ in range(9)))
    titles, phone = TITLES[language], f"{DIALS[seat.country]} {rng.randint(100, 999)} 000 0"
    yield Person(names[0], f"{code.lower()}.1@client.example", titles[0], "decides", "senior", ALL, reports=True, phone=f"{phone}01", notes=rng.choice(NOTES[language]))  # fmt: skip
    for n in range(1, rng.choice([2, 3, 3, 4])):
        signs = ("deliverable", "minutes") if n == 1 else ("deliverable",) if rng.random() < 0.4 else ()
        yield Person(names[n], f"{code.lower()}.{n + 1}@client.example", rng.choice([titles[1], titles[2], titles[5]]), "influences", "middle", signs, reports=n == 1, phone=f"{phone}0{n + 1}")  # fmt: skip
    yield Person(names[-1], f"accounts.{code.lower()}@client.example", titles[3], "executes", "junior", invoices=True)
    if rng.random() < 0.3:
        yield Person(names[-2], f"{code.lower()}.9@client.example", titles[4], "decides", "top", letters=False)
