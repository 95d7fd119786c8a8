"""The demo agency's jobs: what was ordered, how far each has come, and what it looks like."""

from dataclasses import dataclass
from typing import Literal

from .artwork import Piece

#: How far a job has come. Each stage goes through all before it, by the same actions people use.
Stage = Literal[
    "draft", "submitted", "approval", "returned", "opened", "working", "uploaded", "checked", "released", "sent", "changes", "second_sent",
    "signed", "requested", "billing_approved", "invoiced", "part_paid", "paid", "credited", "held", "cancelled",
]  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A deliverable and its artwork."""

    title: str
    specification: str
    piece: Piece


@dataclass(frozen=True)
class Order:
    """A job: `age` days since it was written, `due` days from today (negative is past), price net in the client's currency."""

    code: str
    account: str
    title: str
    kind: str
    stage: Stage
    age: int
    due: int
    price: int
    objective: str
    audience: str
    message: str
    tone: str
    items: tuple[Item, ...]
    mandatories: str = ""
    answer: str = ""  # what the client wrote
    step_age: int = 0  # days since the last step of the stage (since sent, invoiced …)
    changed: str = ""  # what the second version does about it, in the agency's words
    flaw: str = ""  # what the first quality check of the first deliverable found


def _piece(composition: str, palette: str, format_: str, headline: str, line: str, brand: str, language: str) -> Piece:
    return Piece(composition, palette, format_, headline, line, brand, language)


ORDERS = (
    # Casa Luz, Valencia
    Order("CLZ", "Retail", "Inauguración en Valencia", "campaign", "changes", 21, 3, 18400,
          "Llenar la tienda el fin de semana de apertura: 1.500 visitas en dos días.", "Familias de 30 a 55 años que reforman su casa, a menos de 20 km.",
          "La luz cambia una casa antes que los muebles.", "Cálido, claro, mediterráneo; nada de superlativos.",
          (Item("Cartel del fin de semana", "50 × 70 cm, 3 mm de sangre, CMYK", _piece("hills", "sea", "poster", "La luz abre", "28–29 de noviembre · Valencia", "Casa Luz", "es")),
           Item("Paneles de metro", "120 × 176 cm, PDF/X-4", _piece("skyline", "citrus", "panel", "Enciende tu sábado", "Casa Luz abre en Colón", "Casa Luz", "es")),
           Item("Invitación", "A6, papel verjurado 300 g", _piece("rings", "sand", "card", "Ven a ver la luz", "Viernes 27, 19:00", "Casa Luz", "es"))),
          "Logotipo completo, dirección, horario de apertura y licencia municipal.", "El logotipo más pequeño y la fecha en negrita, por favor.", 0),
    Order("CLZ", "Retail", "Catálogo de otoño", "print", "invoiced", 74, -40, 9600, "Vender la colección de lámparas de pie en tienda y por teléfono.",
          "Clientes con tarjeta Casa Luz.", "Una lámpara para cada rincón que no usas.", "Sereno, práctico.",
          (Item("Cubierta del catálogo", "210 × 297 mm, 64 páginas", _piece("tiles", "clay", "cover", "Otoño encendido", "Catálogo 2026", "Casa Luz", "es")),), "", "", 38),
    Order("CLZ", "Taller", "Etiquetas del taller", "branding", "sent", 16, 5, 3200, "Que cada pieza hecha a mano lleve su historia.", "Compradores de artesanía y regalo.",
          "Hecho a mano, encendido en casa.", "Honesto, táctil.",
          (Item("Etiqueta colgante", "50 × 90 mm, troquel redondo", _piece("leaves", "forest", "square", "Hecho aquí", "Luz Taller, Valencia", "Luz Taller", "es")),), "Nombre del artesano y número de pieza.", "", 3),
    Order("CLZ", "Retail", "Radio de Navidad", "radio", "returned", 6, 20, 4100, "Tráfico a tienda en las dos semanas antes de Navidad.", "Todo el mundo.",
          "Regala luz.", "Humor seco, sin campanillas.", (Item("Cuña de 20 segundos", "20 s, castellano y valenciano", _piece("rings", "night", "screen", "Regala luz", "Cuña de 20 segundos", "Casa Luz", "es")),)),
    Order("CLZ", "Retail", "Rotulación del escaparate", "outdoor", "paid", 110, -70, 5400, "Que se vea la tienda desde la otra acera.", "Peatones de la calle Colón.", "Pasa, que hay luz.", "Directo.",
          (Item("Vinilo del escaparate", "420 × 180 cm, vinilo microperforado", _piece("waves", "sand", "banner", "Pasa, que hay luz", "Colón 18", "Casa Luz", "es")),), "", "", 66),
    # 晨光乳业，杭州
    Order("MLK", "鲜奶", "地铁灯箱：早晨第一杯", "outdoor", "released", 14, 2, 86000, "让通勤路上的家长记住“当日鲜送”，新客订奶增加 15%。", "28–40 岁、有学龄孩子的城市家庭，工作日乘地铁上班。",
          "早晨，从一杯鲜奶开始。", "干净、明亮，不煽情。",
          (Item("地铁灯箱画面", "120 × 180 厘米，四边出血 5 毫米", _piece("bottle", "milk", "poster", "早晨，从一杯鲜奶开始", "当日鲜送到家", "晨光鲜奶", "zh-hans")),
           Item("电梯海报", "42 × 57 厘米", _piece("waves", "milk", "panel", "六点鲜奶，七点到家", "扫码订一个月", "晨光鲜奶", "zh-hans"))), "产品许可证号、客服电话、二维码。"),
    Order("MLK", "鲜奶", "新年礼盒包装", "branding", "second_sent", 33, 8, 62000, "春节前上市，礼盒单价高于常规装 40%。", "走亲访友的家庭，看重体面和健康。", "把新鲜送给家人。", "喜庆但不俗，留白多。",
          (Item("礼盒正面", "320 × 240 毫米，烫金一处", _piece("leaves", "rose", "square", "鲜意新年", "晨光鲜奶礼盒", "晨光鲜奶", "zh-hans")),), "净含量、保质期、生产许可。", "红色再沉稳一些，品牌名放大。", 1, "红色改用更深的正红，品牌名放大了五分之一，其余未动。"),
    Order("MLK", "鲜奶", "校园订奶手册", "print", "signed", 45, -3, 28000, "秋季校园渠道签下 30 所学校。", "校长、后勤主任与家长代表。", "每天一瓶，看得见的新鲜。", "可信、有数据。",
          (Item("手册封面", "210 × 285 毫米，16 页", _piece("bottle", "forest", "cover", "每天一瓶", "校园订奶手册", "晨光鲜奶", "zh-hans")),), "", "可以付印，请多印五十册。", 4),
    Order("MLK", "鲜奶", "十一月小红书投放", "digital", "part_paid", 70, -35, 45000, "内容互动率 6% 以上，带动小程序下单。", "25–35 岁女性，爱做早餐。", "早餐有它就好看。", "轻松、真实。",
          (Item("首图三张", "1242 × 1660 像素", _piece("rings", "milk", "story", "早餐有它就好看", "晨光鲜奶", "晨光鲜奶", "zh-hans")),), "", "", 33),
    # Верба, Алматы
    Order("VRB", "Книги", "Весенний каталог", "print", "sent", 24, 6, 1450000, "Собрать предзаказы магазинов на весенний список: 120 заявок до конца января.", "Закупщики книжных сетей и независимых магазинов.",
          "Книги, которые растут вместе с читателем.", "Тепло, с иронией, без канцелярита.",
          (Item("Обложка каталога", "165 × 235 мм, мягкий переплёт", _piece("leaves", "forest", "cover", "Каталог весны", "Книги, которые растут", "Верба", "ru")),
           Item("Закладка в подарок", "50 × 180 мм, двусторонняя", _piece("books", "sand", "panel", "Читаю дальше", "Верба · весна", "Верба", "ru"))), "Выходные данные, ISBN, возрастная маркировка.", "", 3),
    Order("VRB", "Книги", "Осенняя распродажа", "digital", "invoiced", 66, -35, 620000, "Распродать остатки прошлого сезона за две недели.", "Подписчики рассылки и соцсетей.", "Осень с книгой дешевле зонта.", "Легко, по-домашнему.",
          (Item("Баннеры для сайта", "1200 × 500, 600 × 600", _piece("books", "sand", "banner", "Осень с книгой", "Скидки до 40 % до воскресенья", "Верба", "ru")),), "", "", 52),
    Order("VRB", "Книги", "Стенд на книжной ярмарке", "event", "working", 11, 17, 2300000, "Сделать стенд, у которого останавливаются с детьми.", "Семьи с детьми 4–9 лет.", "Здесь книги трогают руками.", "Игра, дерево, воздух.",
          (Item("Задняя стена стенда", "600 × 300 см", _piece("books", "citrus", "banner", "Трогать разрешается", "Верба на ярмарке", "Верба", "ru")),)),
    Order("VRB", "Книги", "Логотип детской серии", "branding", "held", 40, 30, 900000, "Отличить детскую серию на полке.", "Родители детей до семи лет.", "Маленькая ветка большого дерева.", "Мягко.",
          (Item("Знак серии", "вектор, одно- и двухцветный", _piece("leaves", "citrus", "square", "Вербёнок", "Детская серия", "Верба", "ru")),)),
    # شركة نور، الرياض
    Order("NUR", "المشروبات", "حملة رمضان", "campaign", "approval", 5, 45, 210000, "أن تكون نور المشروب الأول على مائدة الإفطار في المنطقة الوسطى.", "عائلات من 25 إلى 45 عامًا في الرياض والقصيم.",
          "لحظة الإفطار لها نور.", "دافئ ووقور، بلا مبالغة.", (Item("الملصق الرئيسي", "70 × 100 سم", _piece("hills", "night", "poster", "لحظة لها نور", "رمضان كريم", "نور", "ar")),), "الاسم القانوني ورقم الترخيص وعبارة التدوير."),
    Order("NUR", "المشروبات", "لوحات الطرق السريعة", "outdoor", "checked", 17, 4, 96000, "تذكير السائقين بالعبوة الجديدة قبل الصيف.", "سائقون بين الرياض والدمام.", "نسمة على الطريق.", "بسيط، كلمات قليلة.",
          (Item("لوحة 3 × 7.5 م", "قراءة في ثلاث ثوانٍ", _piece("waves", "milk", "banner", "نسمة على الطريق", "العبوة الجديدة من نور", "نور", "ar")),), flaw="The recycling line is missing, and the logo sits in the bleed."),
    Order("NUR", "المشروبات", "ملصق نقطة البيع", "print", "signed", 38, -5, 34000, "إبراز العبوة الجديدة في 400 متجر.", "متسوقون في البقالات.", "افتح وانتعش.", "مرح.",
          (Item("ملصق الثلاجة", "30 × 45 سم، لاصق قابل للإزالة", _piece("bottle", "citrus", "poster", "افتح وانتعش", "العبوة الجديدة", "نور", "ar")),), "", "موافقون، يُرجى طباعة عشرين نسخة إضافية.", 6),
    Order("NUR", "المشروبات", "فيديو قصير للصيف", "film", "invoiced", 60, -28, 78000, "مليون مشاهدة مكتملة.", "شباب 18–28.", "برّد يومك.", "سريع وخفيف.",
          (Item("إطار البداية", "1080 × 1920، 15 ثانية", _piece("rings", "sea", "story", "برّد يومك", "نور · صيف 2026", "نور", "ar")),), "", "", 26),
    # Harbour Lofts, London
    Order("HBL", "Property", "Launch weekend", "campaign", "uploaded", 19, -1, 22500, "Forty viewings booked before the show flat opens on 3 December.", "Couples of 30 to 45 who rent within two miles and walk to work.",
          "The city, closer.", "Dry, confident, British; no exclamation marks.",
          (Item("Hoarding panels", "2400 × 1200 mm, set of six", _piece("skyline", "ink", "screen", "The city, closer", "Opening 3 December", "Harbour Lofts", "en")),
           Item("Viewing invitation", "A6, duplexed", _piece("tiles", "sea", "card", "Come and stand in it", "Viewings from 3 December", "Harbour Lofts", "en"))), "Developer's address, EPC rating, computer-generated image notice."),
    Order("HBL", "Property", "Brochure, phase two", "print", "billing_approved", 52, -6, 14800, "Help sales close phase two without discounting.", "Buyers who have seen the show flat.", "You already know the view.", "Calm, factual.",
          (Item("Brochure cover", "250 × 250 mm, 48 pages", _piece("skyline", "night", "square", "You know the view", "Phase two", "Harbour Lofts", "en")),), "", "", 1),
    Order("HBL", "Property", "Site signage", "outdoor", "invoiced", 88, -55, 7300, "Send visitors to the right gate.", "Visitors on foot and by taxi.", "This way to the water.", "Plain.",
          (Item("Gate sign", "1200 × 800 mm, aluminium", _piece("waves", "ink", "screen", "This way to the water", "Gate B", "Harbour Lofts", "en")),), "", "", 50),
    Order("HBL", "Property", "Show flat signage", "outdoor", "submitted", 1, 12, 4800, "Nobody asks at the desk where the show flat is.", "Visitors with an appointment.", "Up here, on your left.", "Plain, friendly.",
          (Item("Lift and landing signs", "300 × 300 mm, eight pieces", _piece("tiles", "ink", "square", "Up here", "Show flat, fourth floor", "Harbour Lofts", "en")),), "Fire exits stay visible."),
    Order("HBL", "Property", "Email to the waiting list", "digital", "draft", 1, 9, 2600, "Turn the waiting list into appointments.", "1,900 people who asked for a floor plan.", "Your name is on it.", "Personal.", ()),
    # Pulse Audio, New York
    Order("PLS", "Podcasts", "New season key visual", "campaign", "sent", 13, 4, 31000, "Ten percent more first-week listeners than last season.", "Commuters of 25 to 40 who finish what they start.", "Hear it first.", "Night, neon, quiet.",
          (Item("Key visual", "3000 × 3000 px, layered", _piece("rings", "night", "square", "Hear it first", "New season, every Friday", "Pulse", "en")),
           Item("Story frame", "1080 × 1920 px", _piece("rings", "rose", "story", "Friday, 6 a.m.", "Before anyone else", "Pulse", "en"))), "Platform badges, explicit-content mark where needed.", "", 2),
    Order("PLS", "Podcasts", "Subway cards", "outdoor", "paid", 120, -80, 18200, "Make the show's name known on three lines.", "Riders of the L, F and A.", "Miss your stop.", "Funny.",
          (Item("Car card", "11 × 28 in", _piece("hills", "rose", "banner", "Miss your stop", "Worth it", "Pulse", "en")),), "", "", 75),
    Order("PLS", "Podcasts", "Host portraits", "digital", "cancelled", 30, 12, 6400, "Faces for the app.", "Subscribers.", "You know the voice.", "Close.", (Item("Portrait frame", "1200 × 1200 px", _piece("rings", "sea", "square", "You know the voice", "Now see it", "Pulse", "en")),)),
    # Café Azulejo, Ciudad de México
    Order("AZU", "Cafeterías", "Menú de temporada", "print", "opened", 4, 7, 24000, "Subir el ticket medio con tres bebidas nuevas.", "Clientes de la mañana, de 20 a 35 años.", "Huele a diciembre.", "Cercano, con picardía.",
          (Item("Menú de barra", "29,7 × 42 cm, plastificado mate", _piece("tiles", "citrus", "poster", "Huele a diciembre", "Ponche, cacao y canela", "Azulejo", "es")),)),
    Order("AZU", "Cafeterías", "Vasos de invierno", "branding", "requested", 36, -2, 41000, "Que el vaso salga en las fotos.", "Quien pide para llevar.", "Un mosaico que se calienta.", "Festivo, gráfico.",
          (Item("Vaso de 12 oz", "Desarrollo plano, 2 tintas", _piece("tiles", "rose", "square", "Caliéntame", "Invierno 2026", "Azulejo", "es")),), "", "", 0),
    Order("AZU", "Cafeterías", "Apertura en Coyoacán", "event", "invoiced", 58, -30, 36500, "Fila en la puerta el primer sábado.", "Vecinos a diez minutos a pie.", "Tu barrio ya huele bien.", "De barrio.",
          (Item("Volante", "A5, papel reciclado", _piece("hills", "clay", "card", "Tu barrio ya huele bien", "Sábado, 9:00", "Azulejo", "es")),), "", "", 27),
    Order("AZU", "Cafeterías", "Posavasos de la apertura", "print", "credited", 62, -38, 5200, "Un recuerdo que se queda en la mesa de casa.", "Invitados a la apertura.", "Llévate el mosaico.", "Gráfico.",
          (Item("Posavasos", "95 mm, cartón secante", _piece("tiles", "sand", "square", "Llévate el mosaico", "Azulejo Coyoacán", "Azulejo", "es")),), "", "", 34),
    # 海岸地产，厦门
    Order("HAI", "住宅", "示范区开放", "campaign", "sent", 15, 6, 128000, "开放首周到访 300 组。", "改善型家庭，现居岛内。", "推窗见海。", "安静、克制。",
          (Item("主画面", "1200 × 1600 毫米", _piece("waves", "sea", "poster", "推窗见海", "示范区十二月开放", "海岸线", "zh-hans")),), "预售许可证号、交付标准说明。", "", 1),
    Order("HAI", "住宅", "楼书", "print", "released", 10, 14, 96000, "让到访客户带得走、看得完。", "到访过示范区的客户。", "海，是客厅的延伸。", "文学，但说人话。", (Item("楼书封面", "280 × 280 毫米，64 页", _piece("hills", "milk", "square", "海是客厅的延伸", "海岸线楼书", "海岸线", "zh-hans")),)),
)  # fmt: skip
