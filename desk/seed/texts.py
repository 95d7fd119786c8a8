"""What people write, in five languages: the demo agency's words, and more of the same kind so that years of them read like life."""

from dataclasses import dataclass, field

from ..demo.jobs import ORDERS
from ..demo.people import COMPANIES
from ..demo.talks import TALKS

_LANGUAGE = {company.code: company.language for company in COMPANIES}


@dataclass
class Words:
    """One language's texts. `subjects` are (title, kind of job); `pieces` are (title, specification)."""

    subjects: list[tuple[str, str]]
    turns: list[str]  # what tells two jobs of the same subject apart; %(year)s may stand in it
    long_titles: list[str]
    pieces: list[tuple[str, str]]
    changes: list[str]  # what a client wants changed
    small_changes: list[str]
    declines: list[str]
    notes: list[str]  # what a maker says about a new version
    flaws: list[str]
    reasons: list[str]  # why a job stops or a paper is taken back
    meetings: list[tuple[str, str]]  # title, kind
    places: list[str]
    points: list[str]
    agreed: list[str]
    discussed: list[str]
    ours: list[str]
    theirs: list[str]
    objections: list[str]
    lines: list[str]  # of an invoice; %(title)s is the job
    introductions: list[str]  # of a status report
    chase: list[str]  # why reminders are paused
    backgrounds: list[str]
    objectives: list[str] = field(default_factory=list)
    audiences: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    tones: list[str] = field(default_factory=list)


WORDS: dict[str, Words] = {
    "en": Words(
        subjects=[
            ("Launch weekend", "campaign"), ("Spring catalogue", "print"), ("Loyalty card mailing", "print"), ("Shop window", "outdoor"),
            ("Radio spot", "radio"), ("Recruitment posters", "outdoor"), ("Packaging refresh", "branding"), ("Trade fair stand", "event"),
            ("Annual report", "print"), ("Email to the waiting list", "digital"), ("Social media series", "digital"), ("Site signage", "outdoor"),
            ("Price list", "print"), ("Product film", "film"), ("Bus shelter panels", "outdoor"), ("Brand guidelines", "branding"),
            ("Customer magazine", "print"), ("Opening invitations", "event"), ("Landing page", "digital"), ("Strategy paper", "strategy"),
            ("Pitch for the new range", "pitch"), ("Press advertisement", "print"), ("App banners", "digital"), ("Vehicle lettering", "outdoor"),
        ],
        turns=["", "", "", "phase two", "Bristol", "Leeds", "spring %(year)s", "autumn %(year)s", "second wave", "for the sales team", "north", "reprint", "students", "%(year)s"],
        long_titles=["Launch of the new membership tiers in all forty-two branches, with training cards for the staff at the desk",
                     "Everything for the move: signage, letterheads, vehicle lettering and the notice to customers in four counties"],
        pieces=[
            ("Poster", "A2, portrait, CMYK"), ("Window vinyl", "3000 × 1200 mm, reversed"), ("Leaflet", "DL, six panels, 150 g"), ("Web banner", "970 × 250, 300 × 600 px"),
            ("Story frame", "1080 × 1920 px"), ("Folder", "A4, two pockets"), ("Roll-up", "850 × 2000 mm"), ("Cover", "210 × 297 mm, 48 pages"),
            ("End frame", "1920 × 1080 px, 3 s"), ("Shelf card", "105 × 74 mm"), ("Invitation", "A6, duplexed"), ("Letterhead", "A4, one colour"),
        ],
        changes=["Please make the logo smaller and the date bold.", "The second line promises too much; legal won't pass it. Try something we can prove.", "Wrong shade of blue: ours is 288, this is 286.",
                 "We moved the opening to the 14th. Everything with a date on it has to change.", "Can the child look at the product? She looks at the exit.", "Too much text for a bus that drives past."],
        small_changes=["Approved; please correct the telephone number to 0117 496 0018.", "Fine for print. One space too many before the comma in line three.", "Good. Print fifty more than ordered, please."],
        declines=["This isn't what we talked about on Monday. Please call me.", "The campaign is stopped on our side; the board decided this morning."],
        notes=["Logo smaller, date in bold.", "New headline, picture as before.", "Colours set to the client's own.", "Text cut by a third."],
        flaws=["The licence number is missing.", "Two hairlines of 0.1 pt around the panel.", "The picture has 96 dpi only.", "The bleed is missing on the left."],
        reasons=["The client moved the budget to the key visual.", "The budget isn't confirmed yet.", "The product comes later than planned."],
        meetings=[("Weekly status", "status"), ("Kick-off", "meeting"), ("First layouts", "presentation"), ("Budget call", "call"), ("Wash-up", "call"), ("Media plan", "meeting"), ("Next quarter", "meeting")],
        places=["Our office, room 2", "Their office", "Video call", ""],
        points=["Where we stand", "Headline and picture", "Dates for print", "Budget left", "Who signs", "Media bookings", "What went wrong last time", "Next steps"],
        agreed=["We go on with the second layout; the picture stays.", "Artwork leaves on Thursday, noon.", "The budget covers two rounds; a third is a change order.", "Legal reads the claim before anybody else.",
                "No price on the poster.", "The list of addresses comes as a spreadsheet, not as a PDF."],
        discussed=["Three layouts were shown; the first was thought too loud.", "The printer needs five working days.", "Sales want the number larger than the logo."],
        ours=["Send the revised layout", "Ask the printer for a firm date", "Book the photographer", "Write the change order", "Send the schedule again with the new dates"],
        theirs=["Send the product photographs", "Confirm the legal line", "Name who signs while Helen is away", "Send the purchase order number"],
        objections=["We said 7,200 including fitting, not without it.", "The date we agreed was the 12th."],
        lines=["%(title)s", "%(title)s: layout and artwork", "%(title)s, first instalment", "%(title)s: two rounds of changes", "Photography", "Print management", "Courier and proofs"],
        introductions=["A calm week: everything that was due went out.", "We wait for two signatures; then the printer can begin."],
        chase=["Disputed: the client says that the second round was included.", "Promised by telephone for the end of the month; no reminder before."],
        backgrounds=["Third year of the range. Last year's campaign sold well in the north and hardly in the south.", "New management, new shops, the same customers.", "The competitor has halved its prices; we don't follow."],
    ),
    "es": Words(
        subjects=[
            ("Campaña de rebajas", "campaign"), ("Catálogo de primavera", "print"), ("Escaparate", "outdoor"), ("Cuña de radio", "radio"), ("Vídeo para redes", "film"), ("Rediseño de envases", "branding"),
            ("Estand de feria", "event"), ("Memoria anual", "print"), ("Boletín de clientes", "digital"), ("Vallas de carretera", "outdoor"), ("Carta de temporada", "print"), ("Página de aterrizaje", "digital"),
            ("Manual de marca", "branding"), ("Inauguración", "event"), ("Folleto comercial", "print"), ("Marquesinas", "outdoor"), ("Plan estratégico", "strategy"), ("Concurso de la nueva línea", "pitch"), ("Anuncio de prensa", "print"), ("Serie para redes sociales", "digital"),
        ],
        turns=["", "", "", "segunda oleada", "Sevilla", "Bilbao", "primavera de %(year)s", "otoño de %(year)s", "para el equipo de ventas", "reimpresión", "zona norte", "%(year)s"],
        long_titles=["Traslado de la sede: rotulación, papelería, vehículos y aviso a todos los clientes de las cuatro provincias", "Lanzamiento de la tarjeta de socio en las cuarenta y dos tiendas, con fichas para el personal de caja"],
        pieces=[
            ("Cartel", "50 × 70 cm, CMYK"), ("Vinilo", "300 × 120 cm"), ("Folleto", "A5, 8 páginas, 150 g"), ("Banner", "970 × 250 y 300 × 600 px"), ("Historia", "1080 × 1920 px"), ("Carpeta", "A4 con dos solapas"),
            ("Cubierta", "210 × 297 mm, 48 páginas"), ("Tarjetón", "A6, papel verjurado"), ("Expositor", "85 × 200 cm"), ("Etiqueta", "50 × 90 mm"),
        ],
        changes=["El logotipo más pequeño y la fecha en negrita, por favor.", "La segunda frase promete demasiado; jurídico no la aprueba.", "El azul no es el nuestro.", "Hemos movido la apertura al día 14: cambia todo lo que lleve fecha.",
                 "Demasiado texto para leerlo desde el coche."],
        small_changes=["Conforme; corregid el teléfono, por favor: 963 000 018.", "Aprobado. Sobra un espacio antes de la coma."],
        declines=["No es lo que hablamos el lunes. Llámame, por favor.", "La campaña se para por nuestra parte."],
        notes=["Logotipo más pequeño y fecha en negrita.", "Titular nuevo, misma imagen.", "Colores de la marca corregidos."],
        flaws=["Falta el número de licencia.", "La foto tiene 96 ppp.", "Falta la sangre a la izquierda."],
        reasons=["El cliente ha movido el presupuesto.", "El presupuesto aún no está confirmado.", "El producto llega más tarde."],
        meetings=[("Seguimiento semanal", "status"), ("Arranque", "meeting"), ("Primeras propuestas", "presentation"), ("Llamada de presupuesto", "call"), ("Balance", "call"), ("Plan de medios", "meeting")],
        places=["Nuestra oficina, sala 1", "Oficinas del cliente", "Videollamada", ""],
        points=["Situación", "Titular e imagen", "Fechas de imprenta", "Presupuesto", "Quién firma", "Reservas de medios", "Próximos pasos"],
        agreed=["Se sigue con la segunda propuesta; la foto se queda.", "Las artes finales salen el jueves a mediodía.", "El presupuesto cubre dos rondas de cambios.", "Jurídico lee el reclamo antes que nadie.", "Sin precio en el cartel."],
        discussed=["Se enseñaron tres propuestas; la primera parece ruidosa.", "La imprenta necesita cinco días."],
        ours=["Enviar la propuesta corregida", "Pedir fecha a la imprenta", "Reservar al fotógrafo", "Preparar el pedido de cambio"],
        theirs=["Mandar las fotos de producto", "Confirmar el texto legal", "Decir quién firma en vacaciones", "Enviar el número de pedido"],
        objections=["Quedamos en 7.200 con montaje, no sin montaje.", "La fecha acordada era el 12."],
        lines=["%(title)s", "%(title)s: diseño y artes finales", "%(title)s, primer plazo", "Fotografía", "Gestión de imprenta", "Mensajería y pruebas"],
        introductions=["Semana tranquila: salió todo lo previsto.", "Esperamos dos firmas; después puede empezar la imprenta."],
        chase=["En discusión: el cliente dice que la segunda ronda estaba incluida.", "Prometido por teléfono para fin de mes."],
        backgrounds=["Tercer año de la gama. La última campaña vendió en la costa y poco en el interior.", "Nueva dirección, tiendas nuevas, la misma clientela."],
    ),
    "ru": Words(
        subjects=[
            ("Рекламная кампания", "campaign"), ("Весенний каталог", "print"), ("Оформление витрины", "outdoor"), ("Радиоролик", "radio"), ("Ролик для соцсетей", "film"), ("Новая упаковка", "branding"),
            ("Выставочный стенд", "event"), ("Годовой отчёт", "print"), ("Рассылка подписчикам", "digital"), ("Щиты вдоль трассы", "outdoor"), ("Прайс-лист", "print"), ("Посадочная страница", "digital"), ("Фирменный стиль", "branding"),
            ("Открытие магазина", "event"), ("Буклет", "print"), ("Ситилайты", "outdoor"), ("Стратегия бренда", "strategy"), ("Тендер на новую линейку", "pitch"), ("Макет в прессу", "print"),
        ],
        turns=["", "", "", "вторая волна", "Алматы", "Астана", "весна %(year)s", "осень %(year)s", "для отдела продаж", "дотиражирование", "%(year)s"],
        long_titles=["Переезд офиса: вывески, бланки, автомобили и уведомление всем клиентам в четырёх областях", "Запуск карты постоянного покупателя во всех сорока двух магазинах с памятками для кассиров"],
        pieces=[
            ("Плакат", "А2, CMYK"), ("Обложка", "165 × 235 мм"), ("Буклет", "А5, 8 полос, 150 г"), ("Баннер для сайта", "970 × 250, 300 × 600"), ("Сторис", "1080 × 1920"), ("Папка", "А4, два кармана"), ("Ролл-ап", "85 × 200 см"),
            ("Ценник", "105 × 74 мм"), ("Приглашение", "А6, дизайнерская бумага"),
        ],
        changes=["Сделайте логотип меньше, а дату — жирной.", "Вторая строка обещает лишнее, юристы не пропустят.", "Синий не наш.", "Открытие перенесли на 14-е: всё, где есть дата, надо менять.", "Слишком много текста для щита."],
        small_changes=["Согласовано, исправьте только телефон: 727 000 00 18.", "Хорошо. Лишний пробел перед запятой в третьей строке."],
        declines=["Это не то, о чём мы говорили в понедельник. Позвоните мне.", "Кампанию с нашей стороны остановили."],
        notes=["Логотип меньше, дата жирным.", "Новый заголовок, изображение прежнее.", "Цвета приведены к фирменным."],
        flaws=["Нет номера лицензии.", "Разрешение картинки 96 dpi.", "Слева нет вылетов."],
        reasons=["Клиент перенёс бюджет на другую работу.", "Бюджет ещё не утверждён.", "Товар выйдет позже."],
        meetings=[("Еженедельный статус", "status"), ("Запуск работы", "meeting"), ("Первые макеты", "presentation"), ("Звонок о бюджете", "call"), ("Итоги", "call"), ("Медиаплан", "meeting")],
        places=["Наш офис, переговорная 1", "Офис клиента", "Видеозвонок", ""],
        points=["Где мы сейчас", "Заголовок и изображение", "Сроки печати", "Остаток бюджета", "Кто подписывает", "Бронь размещения", "Дальнейшие шаги"],
        agreed=["Работаем со вторым макетом, фотография остаётся.", "Макеты уходят в четверг в полдень.", "В бюджет входят два круга правок.", "Юристы читают слоган первыми.", "Цену на плакате не ставим."],
        discussed=["Показали три макета; первый показался шумным.", "Типографии нужно пять рабочих дней."],
        ours=["Прислать исправленный макет", "Узнать срок в типографии", "Забронировать фотографа", "Подготовить допсоглашение"],
        theirs=["Прислать фотографии товара", "Подтвердить юридический текст", "Назвать, кто подписывает в отпуск", "Прислать номер заказа"],
        objections=["Мы говорили о 1 450 000 с монтажом, а не без него.", "Договаривались на 12-е число."],
        lines=["%(title)s", "%(title)s: дизайн и вёрстка", "%(title)s, первый платёж", "Фотосъёмка", "Сопровождение печати"],
        introductions=["Спокойная неделя: всё, что обещали, ушло.", "Ждём две подписи, после них начнёт типография."],
        chase=["Спор: клиент считает, что второй круг правок входил в цену.", "Обещали по телефону оплатить до конца месяца."],
        backgrounds=["Третий год линейки. Прошлая кампания хорошо продавала на юге и слабо на севере.", "Новое руководство, новые магазины, прежние покупатели."],
    ),
    "zh-hans": Words(
        subjects=[
            ("新品上市", "campaign"), ("春季画册", "print"), ("橱窗陈列", "outdoor"), ("电台广告", "radio"), ("短视频", "film"), ("包装升级", "branding"), ("展会展台", "event"), ("年度报告", "print"), ("会员推送", "digital"),
            ("地铁灯箱", "outdoor"), ("价目表", "print"), ("落地页", "digital"), ("品牌手册", "branding"), ("开业活动", "event"), ("宣传单页", "print"), ("公交站台", "outdoor"), ("年度策略", "strategy"), ("新品类比稿", "pitch"), ("小红书投放", "digital"),
        ],
        turns=["", "", "", "第二波", "杭州", "成都", "%(year)s 春", "%(year)s 秋", "销售用", "加印", "校园", "%(year)s"],
        long_titles=["总部搬迁整套物料：导视、信纸、车身贴以及发给四省客户的搬迁通知函和社交媒体公告", "会员等级在四十二家门店同时上线，含收银台员工培训卡片与店内广播文案"],
        pieces=[
            ("主海报", "120 × 180 厘米"), ("单页", "A5，八页，157 克"), ("网页横幅", "970 × 250 像素"), ("首图", "1242 × 1660 像素"), ("手册封面", "210 × 285 毫米"), ("易拉宝", "80 × 200 厘米"), ("价签", "105 × 74 毫米"), ("请柬", "A6，特种纸"), ("片尾画面", "1920 × 1080，3 秒"),
        ],
        changes=["标志再小一点，日期加粗。", "第二句承诺太满，法务不会通过。", "蓝色不是我们的标准色。", "开业改到 14 号，有日期的都要改。", "字太多，开车看不完。"],
        small_changes=["可以付印，请把电话改成 0571 0000 0018。", "通过。第三行逗号前多了一个空格。"],
        declines=["和周一说的不一样，请给我打电话。", "我们这边项目停了。"],
        notes=["标志缩小，日期加粗。", "换标题，画面不变。", "颜色改为标准色。"],
        flaws=["缺许可证号。", "图片只有 96 dpi。", "左侧没有出血。"],
        reasons=["客户把预算挪到别的项目。", "预算还没批下来。", "产品推迟上市。"],
        meetings=[("每周例会", "status"), ("启动会", "meeting"), ("初稿提案", "presentation"), ("预算沟通", "call"), ("复盘", "call"), ("媒介计划", "meeting")],
        places=["我方会议室一", "客户公司", "视频会议", ""],
        points=["目前进度", "标题与画面", "印刷时间", "剩余预算", "谁签字", "媒体预订", "下一步"],
        agreed=["按第二稿继续，照片不变。", "周四中午交付完稿。", "预算含两轮修改，第三轮另签变更单。", "广告语先由法务过目。", "海报上不出现价格。"],
        discussed=["看了三稿，第一稿太闹。", "印厂需要五个工作日。"],
        ours=["提交修改稿", "向印厂确认时间", "预约摄影师", "准备变更单"],
        theirs=["提供产品照片", "确认法律声明", "告知休假期间由谁签字", "提供订单号"],
        objections=["我们说的是含安装七千二，不是不含。", "约定的日期是 12 号。"],
        lines=["%(title)s", "%(title)s：设计与完稿", "%(title)s：首期款", "摄影", "印刷管理"],
        introductions=["本周平稳，该发的都发了。", "还等两份签字，之后印厂可以开工。"],
        chase=["有争议：客户认为第二轮修改已含在内。", "电话里答应月底付款。"],
        backgrounds=["系列第三年，去年南方卖得好，北方一般。", "新管理层，新门店，老顾客。"],
    ),
    "ar": Words(
        subjects=[
            ("حملة الإطلاق", "campaign"), ("كتالوج الربيع", "print"), ("واجهة المتجر", "outdoor"), ("إعلان إذاعي", "radio"), ("فيديو قصير", "film"), ("تجديد العبوة", "branding"), ("جناح المعرض", "event"), ("التقرير السنوي", "print"),
            ("رسالة المشتركين", "digital"), ("لوحات الطرق", "outdoor"), ("قائمة الأسعار", "print"), ("صفحة الهبوط", "digital"), ("دليل الهوية", "branding"), ("حفل الافتتاح", "event"), ("مطوية", "print"), ("ورقة الاستراتيجية", "strategy"), ("عرض الخط الجديد", "pitch"), ("إعلان صحفي", "print"),
        ],
        turns=["", "", "", "الموجة الثانية", "الرياض", "جدة", "ربيع %(year)s", "خريف %(year)s", "لفريق المبيعات", "إعادة طباعة", "%(year)s"],
        long_titles=["انتقال المقر: اللوحات والأوراق الرسمية والسيارات وإشعار جميع العملاء في المناطق الأربع", "إطلاق بطاقة العضوية في جميع الفروع الاثنين والأربعين مع بطاقات تدريب لموظفي الصندوق"],
        pieces=[
            ("ملصق", "70 × 100 سم"), ("مطوية", "A5، ثماني صفحات"), ("لافتة إلكترونية", "970 × 250 بكسل"), ("إطار القصة", "1080 × 1920 بكسل"), ("غلاف", "210 × 297 مم"), ("حامل عرض", "85 × 200 سم"), ("بطاقة سعر", "105 × 74 مم"), ("دعوة", "A6، ورق فاخر"),
        ],
        changes=["نرجو تصغير الشعار وإبراز التاريخ.", "السطر الثاني يعد بأكثر مما نستطيع، ولن يقبله القسم القانوني.", "الأزرق ليس لوننا.", "نُقل الافتتاح إلى يوم 14، فيجب تعديل كل ما يحمل تاريخًا.", "النص أطول من أن يُقرأ من السيارة."],
        small_changes=["موافقون، يُرجى تصحيح رقم الهاتف.", "جيد. هناك مسافة زائدة قبل الفاصلة."],
        declines=["ليس هذا ما اتفقنا عليه يوم الأحد. اتصلوا بي من فضلكم.", "توقفت الحملة من جهتنا."],
        notes=["الشعار أصغر والتاريخ أوضح.", "عنوان جديد والصورة كما هي.", "صُحّحت الألوان."],
        flaws=["رقم الترخيص ناقص.", "دقة الصورة 96 فقط.", "لا يوجد هامش قص من اليسار."],
        reasons=["نقل العميل الميزانية إلى عمل آخر.", "لم تُعتمد الميزانية بعد.", "تأخر المنتج."],
        meetings=[("المتابعة الأسبوعية", "status"), ("اجتماع الانطلاق", "meeting"), ("عرض التصاميم الأولى", "presentation"), ("مكالمة الميزانية", "call"), ("المراجعة", "call"), ("خطة الإعلام", "meeting")],
        places=["مكتبنا، القاعة 1", "مكتب العميل", "اتصال مرئي", ""],
        points=["أين وصلنا", "العنوان والصورة", "مواعيد الطباعة", "المتبقي من الميزانية", "من يوقّع", "حجوزات الإعلام", "الخطوات التالية"],
        agreed=["نتابع على التصميم الثاني وتبقى الصورة.", "تُسلَّم الملفات النهائية ظهر الخميس.", "تشمل الميزانية جولتين من التعديلات.", "يقرأ القسم القانوني العبارة أولًا.", "لا سعر على الملصق."],
        discussed=["عُرضت ثلاثة تصاميم وبدا الأول صاخبًا.", "تحتاج المطبعة إلى خمسة أيام عمل."],
        ours=["إرسال التصميم المعدّل", "تأكيد موعد المطبعة", "حجز المصوّر", "إعداد أمر التغيير"],
        theirs=["إرسال صور المنتج", "تأكيد النص القانوني", "تسمية من يوقّع في الإجازة", "إرسال رقم أمر الشراء"],
        objections=["اتفقنا على المبلغ شاملًا التركيب لا من دونه.", "كان الموعد المتفق عليه يوم 12."],
        lines=["%(title)s", "%(title)s: التصميم والملفات النهائية", "%(title)s، الدفعة الأولى", "التصوير", "إدارة الطباعة"],
        introductions=["أسبوع هادئ: خرج كل ما كان مقررًا.", "ننتظر توقيعين ثم تبدأ المطبعة."],
        chase=["خلاف: يرى العميل أن الجولة الثانية مشمولة.", "وعدوا هاتفيًا بالدفع آخر الشهر."],
        backgrounds=["العام الثالث للمجموعة. نجحت الحملة السابقة في الغرب أكثر من الشرق.", "إدارة جديدة ومتاجر جديدة وزبائن أوفياء."],
    ),
}  # fmt: skip


def _share_the_demo() -> None:
    """The demo agency's own sheets and talks are part of the words."""
    for order in ORDERS:
        words = WORDS[_LANGUAGE[order.code]]
        words.subjects.append((order.title, order.kind))
        words.objectives.append(order.objective)
        words.audiences.append(order.audience)
        words.messages.append(order.message)
        words.tones.append(order.tone)
        words.pieces += [(item.title, item.specification) for item in order.items]
    for talk in TALKS:
        words = WORDS[_LANGUAGE[talk.code]]
        words.meetings.append((talk.title, talk.kind))
        words.points += talk.agenda
        words.agreed += talk.agreed


_share_the_demo()
