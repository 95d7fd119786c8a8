"""Every string a person reads is translated, every letter is complete, every action has its sentence."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template

from agency.audit import registered_sentences
from agency.mail import registered_letters

OURS = ("agency", "accounts", "signoffs", "jobsheets", "meetings", "billing", "reporting", "desk")
TRANSLATED = [code for code, _name in settings.LANGUAGES if code != "en"]
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")


def catalogue(language: str):
    folder = {"zh-hans": "zh_Hans"}.get(language, language)
    with (settings.BASE_DIR / "locale" / folder / "LC_MESSAGES" / "django.po").open("rb") as source:
        return read_po(source, locale=folder)


def texts(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_translation_is_complete(language):
    missing = [str(message.id) for message in catalogue(language) if message.id and (message.fuzzy or not all(texts(message)))]
    assert not missing, f"{len(missing)} of {language} untranslated or fuzzy, such as {missing[:5]}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_keeps_its_placeholders(language):
    wrong = []
    for message in catalogue(language):
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {name for text in ids for name in placeholders(text)}
        wrong += [text for text in texts(message) if not placeholders(text) <= wanted]
        if isinstance(message.id, str):
            wrong += [text for text in texts(message) if placeholders(text) != wanted]
    assert not wrong, wrong[:5]


def placeholders(text: str) -> set[str]:
    return {found[1] or found[2] for found in PLACEHOLDER.finditer(text)}


def test_every_letter_has_subject_text_and_html():
    for letter in registered_letters():
        for ending in ("subject.txt", "txt", "html"):
            get_template(f"mail/{letter.replace('.', '/')}.{ending}")


def test_every_letter_template_is_registered():
    """A letter nobody registered would be sent without asking whether it is still wanted."""
    known = set(registered_letters())
    folder = settings.BASE_DIR / "templates" / "mail"
    for subject in folder.rglob("*.subject.txt"):
        name = subject.relative_to(folder).as_posix().removesuffix(".subject.txt").replace("/", ".")
        assert name in known, f"{name} has templates but isn't registered"


def test_every_recorded_action_has_its_sentence():
    """Actions are named by string in the code; each of those names must read as a sentence."""
    named = re.compile(r"""(?:audit\.record\(|record\(|action=|move\([^)]*?action=)\s*f?["']([a-z_]+\.[a-z_]+)["']""", re.S)
    known = registered_sentences()
    missing = set()
    for app in OURS:
        for source in (settings.BASE_DIR / app).rglob("*.py"):
            missing |= {name for name in named.findall(source.read_text(encoding="utf-8")) if name not in known}
    assert not missing, sorted(missing)


def test_no_template_speaks_untranslated_english():
    """Text between tags must come from a variable or a translate tag; names of things that aren't words are listed."""
    allowed = {
        "Countersign",
        "SHA-",
        "PDF",
        "AE",
        "JSON",
        "V",
        "A4",
        "D",
        "·",
        "kB",
        "MB",
        "Ctrl",
        "K",
        "IBAN",
        "BIC",
        "SWIFT",
    }
    wrong = []
    for source in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = source.read_text(encoding="utf-8")
        text = re.sub(r"\{%\s*comment.*?endcomment\s*%\}", " ", text, flags=re.S)
        text = re.sub(r"\{%\s*blocktranslate.*?endblocktranslate\s*%\}", " ", text, flags=re.S)
        text = re.sub(r"\{%\s*block \w*class\s*%\}.*?\{%\s*endblock\s*%\}", " ", text, flags=re.S)
        text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", text, flags=re.S)
        text = re.sub(r"<(style|script|title|svg)\b.*?</\1>", " ", text, flags=re.S)
        text = re.sub(r"<!--.*?-->|<[^>]*>", "\n", text, flags=re.S)
        for words in re.findall(r"[A-Za-z][A-Za-z'’-]+", re.sub(r"&\w+;", " ", text)):
            if words not in allowed:
                wrong.append(f"{source.relative_to(settings.BASE_DIR)}: {words}")
    assert not wrong, "\n".join(sorted(set(wrong))[:20])


def test_every_app_names_itself_in_words():
    for app in OURS:
        assert str(apps.get_app_config(app).verbose_name)
    assert Path(settings.LOCALE_PATHS[0]).is_dir()
