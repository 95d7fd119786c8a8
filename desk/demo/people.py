"""Who works at the demo agency, and who its clients are: eight companies in five languages."""

from dataclasses import dataclass, field
from decimal import Decimal

PASSWORD = "countersign"  # noqa: S105 - printed by `make run`; refused outside embedded mode

AGENCY = {
    "name": "Norte & Oriente",
    "legal_name": "Norte y Oriente Publicidad, S.L.",
    "address": "Calle Colón 18, 4.º\n46004 Valencia\nEspaña",
    "tax_id": "ESB98765432",
    "bank_details": "Banco del Turia, Valencia",
    "iban": "ES91 2100 0418 4502 0005 1332",
    "bic": "CAIXESBBXXX",
    "currency": "EUR",
    "language": "en",
    "zone_name": "Europe/Madrid",
    "country": "ES",
    "holidays_country": "ES",
    "phone": "+34 960 000 100",
    "email": "hola@norteoriente.example",
    "website": "https://norteoriente.example",
}


@dataclass(frozen=True)
class Colleague:
    """One login: `login`@demo.example."""

    login: str
    name: str
    roles: tuple[str, ...]
    title: str
    language: str = "en"


COLLEAGUES = (
    Colleague("ae", "Ana Ruiz", ("ae",), "Account executive"),
    Colleague("coordinator", "Cora Lindqvist", ("coordinator",), "Account coordinator"),
    Colleague("planner", "Omar Haddad", ("planner",), "Strategic planner"),
    Colleague("manager", "Mónica Silva", ("manager",), "Account manager"),
    Colleague("director", "Dora Klein", ("director",), "Account director"),
    Colleague("creative", "Leo Park", ("creative",), "Art director"),
    Colleague("creative.director", "Lena Krug", ("creative_director",), "Creative director"),
    Colleague("traffic", "Tara Fox", ("traffic",), "Traffic manager"),
    Colleague("finance", "Felipe Oro", ("finance",), "Finance"),
    Colleague("admin", "Adam Root", ("administrator",), "Administrator"),
    Colleague("outsider", "Otto Berg", ("ae",), "Account executive"),
    Colleague("mei", "Tan Mei 谭梅", ("creative",), "Copywriter", "zh-hans"),
    Colleague("ivan", "Иван Белов", ("creative",), "Designer", "ru"),
    Colleague("salma", "سلمى النجار", ("ae",), "Account executive", "ar"),
    Colleague("carmen", "Carmen Vidal", ("ae",), "Account executive", "es"),
)


@dataclass(frozen=True)
class Person:
    """A contact; `signs` are the kinds of document the may-sign register allows."""

    name: str
    email: str
    title: str
    part: str = "influences"
    seniority: str = "middle"
    signs: tuple[str, ...] = ()
    invoices: bool = False
    reports: bool = False
    phone: str = ""
    letters: bool = True
    notes: str = ""


ALL = ("deliverable", "minutes", "job_sheet")


@dataclass(frozen=True)
class Company:
    """A client with its brands, accounts and people."""

    code: str
    name: str
    legal_name: str
    address: str
    tax_id: str
    language: str
    zone: str
    country: str
    currency: str
    tax_rate: Decimal
    payment_days: int
    brands: tuple[str, ...]
    accounts: tuple[tuple[str, str, str], ...]  # name, brand or "", lead's login
    people: tuple[Person, ...]
    working_week: str = "12345"
    report_slot: str = "last"
    order_number_required: bool = False
    team: tuple[str, ...] = field(default=("ae", "coordinator", "planner", "manager", "creative", "mei", "creative.director"))


COMPANIES = (
    Company(
        "CLZ", "Casa Luz", "Casa Luz Iluminación y Hogar, S.A.", "Avenida del Puerto 112\n46021 Valencia\nEspaña", "ESA46112233",
        "es", "Europe/Madrid", "ES", "EUR", Decimal("21"), 30, ("Casa Luz", "Luz Taller"),
        (("Retail", "Casa Luz", "ae"), ("Taller", "Luz Taller", "ae")),
        (
            Person("Marta Ortega", "m.ortega@casaluz.example", "Directora de marketing", "decides", "senior", ALL, reports=True, phone="+34 600 000 001", notes="Directa y rápida; prefiere el teléfono antes de las diez."),
            Person("Joan Ferrer", "j.ferrer@casaluz.example", "Jefe de producto", "executes", "middle", ("deliverable",), reports=True),
            Person("Pilar Sanz", "contabilidad@casaluz.example", "Contabilidad", "executes", "middle", invoices=True),
            Person("Ignacio Luz", "i.luz@casaluz.example", "Presidente", "decides", "top", letters=False, notes="Solo a través de la dirección de cuentas."),
        ),
    ),
    Company(
        "MLK", "晨光乳业", "晨光乳业股份有限公司", "杭州市西湖区文三路 268 号\n310012 中国", "91330100MA2XXXXX0X",
        "zh-hans", "Asia/Shanghai", "CN", "CNY", Decimal("6"), 30, ("晨光鲜奶",), (("鲜奶", "晨光鲜奶", "ae"),),
        (
            Person("李伟", "li.wei@chenguang.example", "市场总监", "decides", "senior", ALL, reports=True, phone="+86 571 0000 0002", notes="喜欢先听结论，再看细节。"),
            Person("王芳", "wang.fang@chenguang.example", "品牌经理", "influences", "middle", ("deliverable", "minutes"), reports=True),
            Person("陈静", "caiwu@chenguang.example", "财务", "executes", "middle", invoices=True),
        ),
    ),
    Company(
        "VRB", "Верба", "ТОО «Издательский дом Верба»", "пр. Абая 52\n050008 Алматы\nКазахстан", "БИН 050640009988",
        "ru", "Asia/Almaty", "KZ", "KZT", Decimal("12"), 45, ("Верба", "Вербёнок"), (("Книги", "Верба", "ae"),),
        (
            Person("Иван Орлов", "orlov@verba.example", "Директор по маркетингу", "decides", "senior", ALL, reports=True, phone="+7 727 000 00 03", notes="Читает каждое слово; любит аргументы и цифры."),
            Person("Асель Нурланова", "asel@verba.example", "Бренд-менеджер", "influences", "middle", ("deliverable",), reports=True),
            Person("Ольга Ким", "buh@verba.example", "Бухгалтерия", "executes", "middle", invoices=True),
        ),
        team=("ae", "coordinator", "planner", "manager", "ivan", "creative", "creative.director"),
    ),
    Company(
        "NUR", "شركة نور", "شركة نور للمشروبات المحدودة", "طريق الملك فهد، برج العليا\nالرياض 12214\nالمملكة العربية السعودية", "300000000000003",
        "ar", "Asia/Riyadh", "SA", "SAR", Decimal("15"), 30, ("نور",), (("المشروبات", "نور", "salma"),),
        (
            Person("نورة القحطاني", "noura@nur.example", "مديرة التسويق", "decides", "senior", ALL, reports=True, phone="+966 11 000 0004", notes="تفضّل المراسلة صباحًا وتردّ في اليوم نفسه."),
            Person("فهد العتيبي", "fahad@nur.example", "مدير العلامة التجارية", "influences", "middle", ("deliverable", "minutes"), reports=True),
            Person("قسم المحاسبة", "accounts@nur.example", "المحاسبة", "executes", "middle", invoices=True),
        ),
        working_week="71234", team=("ae", "salma", "coordinator", "planner", "manager", "creative", "mei", "creative.director"),
    ),
    Company(
        "HBL", "Harbour Lofts", "Harbour Lofts Developments Ltd", "7 Wharf Lane\nLondon SE1 2AA\nUnited Kingdom", "GB123456789",
        "en", "Europe/London", "GB", "GBP", Decimal("20"), 30, ("Harbour Lofts",), (("Property", "Harbour Lofts", "ae"),),
        (
            Person("Grace Bell", "grace.bell@harbourlofts.example", "Head of marketing", "decides", "senior", ALL, reports=True, phone="+44 20 0000 0005", notes="Wants options, never one."),
            Person("Tom Okafor", "tom.okafor@harbourlofts.example", "Sales manager", "influences", "middle", ("deliverable",)),
            Person("Accounts payable", "ap@harbourlofts.example", "Accounts payable", "executes", "junior", invoices=True),
        ),
        report_slot="first", order_number_required=True,
    ),
    Company(
        "PLS", "Pulse Audio", "Pulse Audio, Inc.", "48 Mercer Street\nNew York, NY 10013\nUSA", "EIN 12-3456789",
        "en", "America/New_York", "US", "USD", Decimal("0"), 45, ("Pulse",), (("Podcasts", "Pulse", "ae"),),
        (
            Person("Dana Cole", "dana.cole@pulse.example", "VP Marketing", "decides", "senior", ALL, reports=True, phone="+1 212 000 0006"),
            Person("Mike Tran", "mike.tran@pulse.example", "Brand manager", "executes", "middle", ("deliverable",), reports=True),
            Person("Billing", "billing@pulse.example", "Billing", "executes", "junior", invoices=True),
        ),
    ),
    Company(
        "AZU", "Café Azulejo", "Café Azulejo, S.A. de C.V.", "Orizaba 88, Roma Norte\n06700 Ciudad de México\nMéxico", "CAZ140512AB3",
        "es", "America/Mexico_City", "MX", "MXN", Decimal("16"), 30, ("Azulejo",), (("Cafeterías", "Azulejo", "carmen"),),
        (
            Person("Lucía Rivas", "lucia@azulejo.example", "Gerente de marca", "decides", "senior", ALL, reports=True, phone="+52 55 0000 0007"),
            Person("Raúl Peña", "raul@azulejo.example", "Operaciones", "executes", "middle", ("deliverable",)),
            Person("Facturación", "facturas@azulejo.example", "Administración", "executes", "junior", invoices=True),
        ),
        team=("ae", "carmen", "coordinator", "planner", "manager", "creative", "mei", "creative.director"),
    ),
    Company(
        "HAI", "海岸地产", "海岸地产（厦门）有限公司", "厦门市思明区环岛路 99 号\n361005 中国", "91350200MA3XXXXX1Y",
        "zh-hans", "Asia/Shanghai", "CN", "CNY", Decimal("6"), 30, ("海岸线",), (("住宅", "海岸线", "outsider"),),
        (
            Person("林晓", "lin.xiao@haian.example", "营销总监", "decides", "senior", ALL, reports=True, phone="+86 592 0000 0008"),
            Person("赵敏", "zhao.min@haian.example", "推广主管", "executes", "middle", ("deliverable",), reports=True),
            Person("财务部", "caiwu@haian.example", "财务", "executes", "junior", invoices=True),
        ),
        team=("outsider", "planner", "manager", "mei", "creative", "creative.director"),
    ),
)  # fmt: skip
