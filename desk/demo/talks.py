"""The demo agency's meetings: minutes signed, with the client, being written, too late; and what is in the diary."""

from dataclasses import dataclass
from datetime import timedelta

from accounts.models import Contact, User
from meetings import actions
from meetings.actions import LineFacts, MeetingFacts, StepFacts
from signoffs import actions as signing
from signoffs.models import Signatory

from .directory import Directory
from .play import Days, Story
from .stories import given


@dataclass(frozen=True)
class Talk:
    """A meeting `day` days from today (negative is past) and how far its minutes are: "", draft, sent, signed, disputed, filed."""

    code: str
    account: str
    title: str
    kind: str
    day: int
    hour: int
    minutes: str
    place: str
    agenda: tuple[str, ...]
    agreed: tuple[str, ...] = ()
    ours: str = ""  # a next step of ours
    theirs: str = ""  # a next step of the client's
    objection: str = ""
    by: str = ""  # who calls it, if not the account's lead


TALKS = (
    Talk("CLZ", "Retail", "Seguimiento semanal", "status", 0, 11, "", "Oficinas de Casa Luz", ("Cartel del fin de semana, versión 2", "Paneles de metro", "Invitaciones: lista y reparto")),
    Talk("CLZ", "Retail", "Arranque de la inauguración", "meeting", -20, 10, "signed", "Norte & Oriente, sala 1", ("Objetivo y fechas", "Concepto «La luz abre»", "Presupuesto de medios"),
         ("1.500 visitas en dos días; se cuenta en la puerta.", "Se sigue con «La luz abre»; el logotipo va abajo.", "El metro queda en dos estaciones: Colón y Xàtiva."), "Enviar el cartel para aprobación", "Confirmar la licencia municipal"),
    Talk("CLZ", "Taller", "Etiquetas: materiales", "call", -1, 12, "draft", "", ("Papel y troquel", "Numeración de piezas"), ("Papel algodón de 350 g.", "La numeración la pone el taller."), by="coordinator"),
    Talk("MLK", "鲜奶", "礼盒第二稿说明会", "presentation", -4, 9, "sent", "视频会议", ("红色的方向", "品牌名大小", "上市时间"), ("红色改为更沉稳的朱红，金色只用一处。", "品牌名放大百分之二十。", "一月八日前完成印前。"), "提交礼盒第二稿", "提供最新生产许可信息"),
    Talk("VRB", "Книги", "Запуск весеннего каталога", "meeting", -18, 13, "signed", "Офис «Вербы»", ("Список книг", "Обложка", "Сроки печати"),
         ("В список вошли 34 книги; три ждут прав.", "Обложка — ветка, растущая из корешка.", "В типографию сдаём 12 декабря."), "Прислать обложку на согласование", "Подтвердить права на три книги"),
    Talk("VRB", "Книги", "Стенд: планировка", "call", -2, 9, "", "", ("План стенда", "Что трогают руками", "Монтаж")),
    Talk("NUR", "المشروبات", "عرض فكرة رمضان", "presentation", -6, 10, "disputed", "مكتب نور، الرياض", ("الفكرة الرئيسية", "الجدول الزمني", "الميزانية"), ("اعتماد «لحظة لها نور» فكرةً للحملة.", "التسليم الأول في 10 ديسمبر.", "الميزانية 210 آلاف ريال شاملة الإنتاج."), "إرسال أمر العمل للاعتماد", "تأكيد رقم الترخيص", "الميزانية 210 آلاف ريال من دون الإنتاج، وليست شاملة له."),
    Talk("HBL", "Property", "Launch weekend, final check", "meeting", 0, 16, "", "Site office, Wharf Lane", ("Hoarding proofs", "Invitation list", "Who opens the door"), by="coordinator"),
    Talk("HBL", "Property", "Brochure wash-up", "call", -9, 15, "signed", "", ("What worked", "Reprint"), ("Two calls a day came from the brochure; the QR code earned its place.", "No reprint before February."), "Send the fold samples back", ""),
    Talk("PLS", "Podcasts", "Season launch plan", "meeting", 1, 17, "", "Video call", ("Key visual", "Launch day by the hour")),
    Talk("AZU", "Cafeterías", "Carta de invierno", "call", -3, 17, "sent", "", ("Tres bebidas", "Precio y foto"), ("Ponche, cacao y canela; el té sale.", "Fotos con luz de mañana en Roma Norte."), "Proponer la carta en dos formatos", "Mandar precios finales"),
    Talk("HAI", "住宅", "示范区动线确认", "meeting", -12, 10, "signed", "厦门项目部", ("导视", "物料到场时间"), ("入口改为北门。", "所有物料提前两天到场。"), "更新导视清单", "确认开放日期"),
)  # fmt: skip
INTERNAL = (
    Talk("", "", "Next week's work", "internal", 0, 17, "", "Room 2", ("Who is where", "Job sheets due", "Overtime"), by="manager"),
    Talk("", "", "Who is where", "internal", -3, 17, "filed", "Room 2", ("Capacity until Christmas", "New copywriter"),
         ("Ivan has the fair stand to himself; Leo takes the two Valencia posters.", "She starts on the first; her machine stands in room 3."), by="manager"),
)  # fmt: skip
#: What the internal meeting left to do, and who does it.
OURS = (("Move the fair stand to the week after next", "traffic"), ("Invite the new copywriter to Countersign", "admin"), ("Show her the clients' manners", "coordinator"))  # fmt: skip


def tell(talk: Talk, directory: Directory, days: Days) -> Story:
    """One meeting: called, told, held, minuted, sent and signed, as far as the talk goes."""
    account = directory.accounts.get((talk.code, talk.account))
    by = directory.users[talk.by] if talk.by or not account else account.lead
    starts = days.ahead(talk.day, talk.hour) if talk.day >= 0 else days.ago(-talk.day - 1, talk.hour)
    now = yield min(days.ago(-talk.day + 3, 11, 20), days.ago(2, 11, 20))
    signers = [directory.deciding(account)] if account else []
    logins = (
        ("creative", "coordinator") if account else ("traffic", "admin", "coordinator", "planner", "creative.director", "finance")
    )
    team = [directory.users[login] for login in logins]
    facts = MeetingFacts(
        title=talk.title,
        kind=talk.kind,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=60),
        place=talk.place,
        contacts=signers,
        colleagues=[user for user in team if account is None or on_team(account, user)],
        agenda=list(talk.agenda),
    )
    meeting = actions.create_meeting(account, facts, by=by, now=now)
    if account and talk.day >= -2:
        now = yield now + timedelta(hours=1)
        actions.send_agenda(meeting, by=by, now=now)
    if not talk.minutes:
        return
    now = yield starts + timedelta(minutes=80)
    minutes = actions.start_minutes(meeting, by=by, now=now)
    owners: list[tuple[str, User | Contact]] = [(text, directory.users[who]) for text, who in OURS]
    if account:
        owners = [(talk.ours, by), (talk.theirs, signers[0])]
    due = now + timedelta(days=6, hours=2) if account else days.ahead(1, 12)
    actions.edit_minutes(
        minutes,
        lines=[LineFacts(topic, "", agreed) for topic, agreed in zip(talk.agenda, talk.agreed, strict=False)],
        steps=[StepFacts(text, who, due) for text, who in owners if text],
        present=[attendee.pk for attendee in meeting.attendees.all()],
        revision=minutes.revision,
        by=by,
        now=now,
    )
    if talk.minutes == "draft":
        return
    now = yield days.at_work(now + timedelta(hours=2))
    minutes.refresh_from_db()
    if talk.minutes == "filed":
        actions.file_minutes(minutes, revision=minutes.revision, by=by, now=now)
        return
    request = actions.send_minutes(minutes, signers=signers, revision=minutes.revision, by=by, now=now)
    if talk.minutes == "sent":
        return
    client = signers[0].client
    now = yield days.at_work(now + timedelta(hours=20), client.zone, client.working_week)
    request.refresh_from_db()
    signatory = Signatory.objects.get(request=request)
    signed = talk.minutes == "signed"
    lines = {} if signed else {"3": talk.objection}
    answer = given(signatory, "confirm" if signed else "wrong", lines=lines)
    signing.record_decision(signatory, answer, now=now)


def on_team(account: object, user: object) -> bool:
    return account.team.current().filter(user=user).exists()  # type: ignore[attr-defined]
