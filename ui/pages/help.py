"""F1: the page about where one stands, and what the union asked, line by line. All of it lies beside the program."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from desktop_app.paths import resource
from ui.context import AppContext
from ui.navigation import Screen
from ui.widgets import button

TOPICS = {
    "evidence": "record",
    "records": "lists",
    "senco_meeting": "senco-meeting",
    "meeting": "meetings",
    "plan": "plans",
    "forum_questions": "forum",
    "action": "actions",
    "inbox": "receive",
    "help": "index",
}
COVERAGE = "asked"


class HelpPage(QWidget):
    """A browser for the Markdown in `resources/help`, which follows links among those pages and nowhere else."""

    help_topic = "index"

    def __init__(self, app: AppContext, _screen: Screen) -> None:
        super().__init__()
        self.app = app
        self.setProperty("kind", "page")
        self.topic = ""
        self._trail: list[str] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 20, 32, 0)
        column.setSpacing(10)
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        self.back = button("‹ Back", self.go_back, "quiet")
        self.contents = button("Contents", lambda: self.show_topic("index"), "quiet")
        self.asked = button("What the union asked", lambda: self.show_topic(COVERAGE), "quiet")
        for widget in (self.back, self.contents, self.asked):
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(bar)
        self.find = QLineEdit()
        self.find.setPlaceholderText("Find on this page")
        self.find.setAccessibleName("Find on this page")
        self.find.returnPressed.connect(self._find_next)
        self.find.hide()
        column.addWidget(self.find)
        self.text = QTextBrowser()
        self.text.setOpenLinks(False)
        self.text.setSearchPaths([str(resource("help"))])
        self.text.setOpenExternalLinks(False)
        self.text.setAccessibleName("Help")
        self.text.anchorClicked.connect(self._follow)
        column.addWidget(self.text, 1)
        self.setFocusProxy(self.text)
        app.theme.changed.connect(self._again)

    # what the window calls ---------------------------------------------------------------------------------------

    def show_page(self, topic: str = "", **_options: object) -> None:
        """`topic`: a screen's or form's name, or a file of `resources/help` without its ending."""
        self.show_topic(topic or self.topic or "index")
        self.text.setFocus()

    def refresh(self) -> None:
        """Help does not change with the records."""

    def do_find(self) -> None:
        self.find.show()
        self.find.setFocus()
        self.find.selectAll()

    # pages -------------------------------------------------------------------------------------------------------

    def show_topic(self, topic: str, *, remember: bool = True) -> None:
        """Show a page; one that is not there leads to the contents."""
        name = TOPICS.get(topic, topic)
        if remember and self.topic and self.topic != name:
            self._trail.append(self.topic)
        self.topic = name
        self.back.setEnabled(bool(self._trail))
        self.text.document().setDefaultStyleSheet(self._style())
        if name in (COVERAGE, "coverage"):
            self.text.setHtml(_intro("coverage") + self._coverage())
        else:
            self.text.setHtml(_page(name) or _page("index") or "<h1>Help</h1>")
        self.text.verticalScrollBar().setValue(0)

    def go_back(self) -> None:
        if self._trail:
            self.show_topic(self._trail.pop(), remember=False)

    def _follow(self, url: QUrl) -> None:
        target = url.toString()
        if target.startswith("#"):
            self.text.scrollToAnchor(target[1:])
        elif url.isRelative():
            self.show_topic(target.partition("#")[0].removesuffix(".md"))

    def _find_next(self) -> None:
        if not self.text.find(self.find.text()):
            self.text.moveCursor(self.text.textCursor().MoveOperation.Start)
            self.text.find(self.find.text())

    def _again(self) -> None:
        if self.topic:
            self.show_topic(self.topic, remember=False)

    def _style(self) -> str:
        c = self.app.theme.colours
        return (
            f"body {{ color: {c.text}; line-height: 140%; }} a {{ color: {c.accent}; }} "
            f"h1 {{ font-size: x-large; }} h2 {{ font-size: large; margin-top: 18px; }} "
            f"th {{ text-align: left; background: {c.side}; padding: 6px; }} td {{ padding: 6px; }} "
            f"code {{ background: {c.plain_tint}; }} .muted {{ color: {c.muted}; }}"
        )

    def _coverage(self) -> str:
        """The table of what the union asked, with where each line is answered."""
        from desktop_app.services import coverage, form_library

        rows = []
        for line in coverage.asked_lines():
            form = form_library.shipped_form(line.form) if line.form in form_library.SHIPPED else None
            place = coverage.where_in_words(line, form) or "A report"
            lines = f"{line.paper} {line.lines.replace(';', ', ')}"
            rows.append(
                f"<tr><td>{escape(line.ref)}<br><span class='muted'>{escape(lines)}</span></td>"
                f"<td>{escape(line.question)}</td><td>{escape(place)}</td>"
                f"<td>{escape(coverage.reports_in_words(line))}</td></tr>"
            )
        head = "<tr><th>No.</th><th>What the union asked</th><th>Where it is here</th><th>Reports</th></tr>"
        return f"<table border='0' cellspacing='0' width='100%'>{head}{''.join(rows)}</table>"


def _page(name: str) -> str:
    path = resource("help", f"{name}.md")
    if not name or "/" in name or "\\" in name or not path.is_file():
        return ""
    return _html(path.read_text(encoding="utf-8"))


def _intro(name: str) -> str:
    path = resource("help", f"{name}.md")
    text = path.read_text(encoding="utf-8") if path.is_file() else "# What the union asked, and where it is here"
    return _html(text)


def _html(markdown: str) -> str:
    """Our own Markdown as HTML, by Qt, without Qt's fixed fonts, so that the style sheet rules."""
    import re

    document = QTextDocument()
    document.setMarkdown(markdown)
    body = document.toHtml().partition("<body")[2].partition(">")[2].rpartition("</body>")[0]
    body = re.sub(r"font-family:[^;\"]*;?|font-size:[^;\"]*;?|color:#[0-9a-f]+;?|background-color:[^;\"]*;?", "", body)
    return body.replace('border="1"', 'border="0"')


