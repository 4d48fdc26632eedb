"""Going to a question on the form page, until it is painted, against what Qt needs for a few plain boxes."""

from __future__ import annotations

import os

from measure import Row, milliseconds, paired

from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form
from desktop_app.paths import resource

TOPICS = (
    "plan_and_targets access_and_consequences pressure_on_staff wider_pressures health_and_care talks_with_dfe "
    "something_else"
)
LATE = "/data/access_and_consequences/c2_other"


def section_row() -> Row:
    """The last question of the evidence form's longest section, from the first section, its editors still unmade.

    The yardstick is a bare widget of the same size with the same number of plain fields as the turn makes at most:
    what Qt itself needs to make, style and paint them.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

    from ui.forms.form_page import FormPage
    from ui.theme import Theme

    app = QApplication.instance() or QApplication([])
    theme = Theme(app, "light")  # type: ignore[arg-type]
    form = load_form(resource("forms", "evidence.xml"))
    made: list[int] = []

    def going() -> float:
        session = FormSession(form, {"about": {"topics": TOPICS}}, record="bench")
        page = FormPage(theme, session, lambda _snapshot: session)
        page.resize(1060, 640)
        page.show()
        app.processEvents()

        def work() -> None:
            assert page.go_to(LATE)
            page.grab()

        time = milliseconds(work)
        made.append(len(page.view.made_rows()))
        page.close()
        page.deleteLater()
        app.processEvents()
        return time

    def bare() -> float:
        window = QWidget()
        window.resize(1060, 640)
        column = QVBoxLayout(window)
        window.show()
        app.processEvents()

        def work() -> None:
            for number in range(8):
                column.addWidget(QLabel(f"Question {number}"))
                column.addWidget(QPlainTextEdit())
            app.processEvents()
            window.grab()

        time = milliseconds(work)
        window.close()
        window.deleteLater()
        app.processEvents()
        return time

    return paired(
        "going to the last question of a section not yet shown",
        going,
        "eight labels and boxes made and painted by Qt alone",
        bare,
        at_most=1.5,
        note=lambda: f"{made[-1]} of 26 questions made before the first paint",
    )
