"""Every letter, queued by the very deed that causes it, in each of our five languages."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language_info

from accounts import mails as account_mails
from accounts.models import User
from agency import doorbell
from agency.mail import SECRET, filled, letter_named, registered_letters
from agency.models import OutgoingMail
from billing import chase
from jobsheets import actions as jobs
from meetings import actions as meetings
from signoffs import actions as signing
from signoffs.heads import mail_heads
from signoffs.models import Signatory, SignRequest
from tests.cast import make_cast
from tests.graph import DAY, HOUR, Graph, Team, make_graph, make_side

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
LANGUAGES = [code for code, _name in settings.LANGUAGES]
#: Letters of other tests' own making.
OURS = ("accounts.", "signoffs.", "jobsheets.", "meetings.", "billing.", "reporting.")
MOST_SUBJECT = 78


@pytest.fixture(params=LANGUAGES)
def letters(request: pytest.FixtureRequest, db: None, settings: Any) -> dict[str, list[OutgoingMail]]:
    """All letters of one language, by name."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    language = request.param
    cast = make_cast()
    User.objects.update(language=language)
    for user in cast.staff:
        user.refresh_from_db()
    team = Team.of(cast)
    graph = make_graph(make_side("Quokka", "QKA", team, language=language), team, "Quokka")
    with doorbell.muted():
        rest(graph, cast.admin)
    found: dict[str, list[OutgoingMail]] = {}
    for mail in OutgoingMail.objects.filter(language=language):
        found.setdefault(mail.letter, []).append(mail)
    return found


def rest(graph: Graph, admin: User) -> None:
    """The letters that the graph's story hasn't caused."""
    now, team = graph.now, graph.team
    account_mails.invitation(team.creative, by=admin, now=now)
    account_mails.password_reset(team.creative, now=now)
    for what in sorted(account_mails.NOTICES):
        account_mails.security_notice(team.creative, what, now=now)
    meetings.send_agenda(graph.coming_meeting, by=team.ae, now=now)
    meetings.cancel_meeting(graph.coming_meeting, reason=graph.long("Nobody is there"), by=team.ae, now=now)
    jobs.hold(graph.job, graph.long("Wait for the budget"), by=team.ae, now=now)
    jobs.resume(graph.job, by=team.ae, now=now)
    escalate(graph)
    signing.remind_due(now=now + 6 * DAY)
    delegations(graph, admin)
    requests = SignRequest.objects.open().filter(account=graph.account)
    signing.withdraw_request(requests.get(pk=graph.open_request.pk), reason=graph.long("Wrong file"), by=team.ae, now=now)
    signing.expire_due(now=now + 40 * DAY)
    mail_heads(now=(now + 41 * DAY).replace(hour=20))


def escalate(graph: Graph) -> None:
    from billing import actions as billing

    billing.resume_chase(graph.invoice, by=graph.team.finance, now=graph.now)
    chase.chase_payments(graph.now + 12 * DAY)


def delegations(graph: Graph, admin: User) -> None:
    """One is refused, another confirmed."""
    now, team = graph.now, graph.team
    signing.refuse_delegate(graph.delegation, by=team.ae, now=now)
    again = signing.propose_delegate(
        Signatory.objects.get(pk=graph.delegation.signatory_id), name="Sam", email=graph.second_contact.email,
        reason=graph.long("Sam decides"), now=now + HOUR,
    )  # fmt: skip
    signatory = signing.confirm_delegate(again, graph.second_contact, by=team.ae, now=now + 2 * HOUR)
    # The engine tells who sent it; another owner of the job hears by a letter of the job's.
    jobs.hand_over_job(graph.job, team.manager, by=admin, now=now + 2 * HOUR)
    document = signatory.request.document
    given = signing.Given("approved", document.sha256, signing.Signature(typed_name="Sam"), code_passed=True)
    assert signing.record_decision(signatory, given, now=now + 3 * HOUR).counted


def test_every_letter_is_here(letters: dict[str, list[OutgoingMail]]) -> None:
    assert {name for name in registered_letters() if name.startswith(OURS)} - set(letters) == set()


def each(letters: dict[str, list[OutgoingMail]]) -> Iterator[tuple[str, OutgoingMail]]:
    for name, mails in letters.items():
        for mail in mails:
            yield f"{name} ({mail.key})", mail


def test_every_letter_is_a_letter(letters: dict[str, list[OutgoingMail]]) -> None:
    wrong = {name: faults for name, mail in each(letters) if (faults := faults_of(mail))}
    assert not wrong


def faults_of(mail: OutgoingMail) -> list[str]:
    """What is wrong with a letter as its reader gets it, in short."""
    wording, faults = filled(mail), []
    whole = "\n".join([wording.subject, wording.text, wording.html])
    direction = "rtl" if get_language_info(mail.language)["bidi"] else "ltr"
    subject_faults = {
        "no subject": not wording.subject.strip(), "subject with a line break": "\n" in wording.subject,
        f"subject of {len(wording.subject)}": len(wording.subject) > MOST_SUBJECT,
    }  # fmt: skip
    faults += [fault for fault, is_so in subject_faults.items() if is_so]
    if len(wording.text.split()) < (2 if mail.language == "zh-hans" else 8):
        faults.append("hardly any text")
    html_start = wording.html[:400]
    if f'lang="{mail.language}"' not in html_start or f'dir="{direction}"' not in html_start:
        faults.append(f"HTML without language and direction: {html_start[:120]}")
    for mark in ("{{", "{%", "None", "%(", "&lt;bdi", "SafeString", "<built-in", "[]", "()"):
        if mark in whole:
            faults.append(f"“{mark}” in {whole[max(0, whole.index(mark) - 40) : whole.index(mark) + 30]!r}")
    if SECRET.search(whole) and letter_named(mail.letter).still_wanted(mail):
        faults.append(f"{SECRET.search(whole)} is still to be filled in")
    if ' raw"' in wording.html and not re.search(r"^\s*https?://\S+\s*$", wording.text, re.M):
        faults.append("a button in the HTML, but no address on a line of its own in the text")
    hosts = set(re.findall(r"https?://[^/\"'\s<>)]+", whole)) - {settings.SITE_URL, "http://www.w3.org"}
    if hosts:
        faults.append(f"leads elsewhere: {hosts}")
    if "&amp;amp;" in wording.html or "&#x27;" in wording.text or "&amp;" in wording.text:
        faults.append("escaped twice, or escaped text")
    return faults


def test_a_subject_stays_short_when_titles_are_long(db: None, settings: Any) -> None:
    """The longest title a job and its deliverable may have: the subject is cut, never the mail refused."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    team = Team.of(make_cast())
    make_graph(make_side("Quokka", "QKA", team), team, "Quokka" * 8)
    assert not [mail.subject for mail in OutgoingMail.objects.all() if len(mail.subject) > 255 or "\n" in mail.subject]


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_letters_are_translated(language: str, db: None, settings: Any) -> None:
    """Skipped until that language's translations are compiled."""
    if not (settings.BASE_DIR / "locale" / language.replace("zh-hans", "zh_Hans") / "LC_MESSAGES" / "django.mo").exists():
        pytest.skip("its translations aren't compiled")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cast = make_cast()
    english, theirs = {}, {}
    for code, found in (("en", english), (language, theirs)):
        with transaction.atomic():
            User.objects.update(language=code)
            for user in cast.staff:
                user.refresh_from_db()
            team = Team.of(cast)
            make_graph(make_side("Quokka", "QKA", team, language=code), team, "Quokka")
            for mail in OutgoingMail.objects.filter(language=code):
                found[mail.letter] = sentences(mail.text)
            transaction.set_rollback(True)
    same = {name: found & theirs[name] for name, found in english.items() if name in theirs and found & theirs[name]}
    assert not same


def sentences(text: str) -> set[str]:
    """Lines of words, without those that are only names, numbers, addresses or what people wrote."""
    lines = {line.strip() for line in text.splitlines()}
    return {line for line in lines if len(line.split()) > 3 and "Quokka" not in line and "://" not in line and "@" not in line}
