"""Hands on a keyboard and no mouse: how to reach, choose, type and press, watching every stop on the way.

A stop of the Tab key is outlined, in sight with nothing over it, and doesn't lie above the one before in the same part of
the page (WCAG 2.4.3, 2.4.7, 2.4.11).
"""

import re
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from playwright.sync_api import Locator, Page, expect

#: More than any page has: whoever needs more is caught in a circle.
MOST_STOPS = 200

#: What has the focus, and what is wrong with it. `part.ownerDocument.before` is the stop before.
STOP = """() => {
    const part = document.activeElement;
    if (!part || part === document.body) return { words: "", fault: "" };
    const words = `${part.tagName.toLowerCase()} ${(part.getAttribute("aria-label") || part.name || part.textContent).trim().slice(0, 40)}`;
    const shown = part.closest("label") || part;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown === part || getComputedStyle(part).outlineStyle !== "none" ? part : shown);
    if (outlineStyle === "none" || parseFloat(outlineWidth) < 2) return { words, fault: "has no outline" };
    const corners = [...part.getClientRects()].flatMap((box) =>
        [[box.left + 3, box.top + 3], [box.right - 3, box.bottom - 3], [box.left + box.width / 2, box.top + box.height / 2]]);
    const seen = corners.some(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top && (part.contains(top) || top.contains(part) && !getComputedStyle(top).position.match(/sticky|fixed/));
    });
    if (!seen) return { words, fault: "is covered or out of sight" };
    const box = part.getBoundingClientRect(), before = document.before;
    const group = part.closest("form, section, nav, header, footer, .cs-head, .cs-stack, body");
    document.before = { group, words, top: box.top + scrollY };
    if (before && before.group === group && box.bottom + scrollY <= before.top) return { words, fault: `lies above ${before.words}` };
    return { words, fault: "" };
}"""


def walk(page: Page) -> Iterator[tuple[str, str]]:
    """Each stop of the Tab key, once through the page: what it is, and what is wrong with it."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0); document.before = null")
    for _stop in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if not stop["words"]:  # the browser's own bar: once round
            return
        yield stop["words"], stop["fault"]
    raise AssertionError(f"The focus doesn't leave {page.url}")


def tab_to(target: Locator, same: str = "part === document.activeElement") -> None:
    """Press Tab until it has the focus, once round the page at most."""
    page = target.page
    for _stop in range(MOST_STOPS):
        if target.evaluate(f"(part) => {same}"):
            return
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        assert not stop["fault"], stop
        if not stop["words"]:
            page.evaluate("document.before = null")
    raise AssertionError(f"{target} can't be reached by keyboard on {page.url}")


def press(page: Page, button: Locator) -> None:
    """A link or a button, and the page that answers."""
    tab_to(button)
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")


def check(target: Locator, **_options: Any) -> None:
    """A box by the space bar; a radio by the arrows once its group has the focus."""
    if target.is_checked():
        return
    if target.get_attribute("type") == "radio":
        tab_to(target, "part.name === document.activeElement.name")
        for _arrow in range(10):
            if target.evaluate("(part) => part === document.activeElement"):
                break
            target.page.keyboard.press("ArrowDown")
        if not target.is_checked():
            target.page.keyboard.press("Space")
    else:
        tab_to(target)
        target.page.keyboard.press("Space")
    expect(target).to_be_checked()


def uncheck(target: Locator) -> None:
    tab_to(target)
    target.page.keyboard.press("Space")
    expect(target).not_to_be_checked()


def write(target: Locator, words: str) -> None:
    """In the place of what stands there."""
    tab_to(target)
    target.page.keyboard.press("Control+KeyA")
    target.page.keyboard.press("Delete")
    target.page.keyboard.type(words)
    expect(target).to_have_value(words)


def choose(target: Locator, label: str) -> None:
    """An option of a list, by typing its words."""
    tab_to(target)
    target.page.keyboard.type(label)
    assert target.evaluate("(part) => part.selectedOptions[0].label") == label


def write_day(target: Locator, day: date) -> None:
    """As an American browser takes it, part by part."""
    tab_to(target)
    target.page.keyboard.type(f"{day:%m%d%Y}")
    expect(target).to_have_value(day.isoformat())


def write_hour(target: Locator, hour: time) -> None:
    tab_to(target)
    target.page.keyboard.type(f"{hour:%I%M%p}")
    expect(target).to_have_value(f"{hour:%H:%M}")


def to_the_fault(page: Page, sentence: str, control: Locator) -> None:
    """A form came back: its summary has the focus, and its link leads to the control."""
    expect(page).to_have_title(re.compile("Error: "))
    expect(page.locator(".cs-errors")).to_be_focused()
    tab_to(page.locator(".cs-errors").get_by_role("link", name=sentence))
    page.keyboard.press("Enter")
    expect(control).to_be_focused()


def told(page: Page, sentence: str) -> None:
    """It is done: the sentence that says so has the focus."""
    expect(page.locator("#messages")).to_contain_text(sentence)
    expect(page.locator("#messages")).to_be_focused()
