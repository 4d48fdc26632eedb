"""The one look of the window: two palettes over Fusion, one style sheet, the bundled typeface.

Every colour used anywhere in the window is a name in `Colours`; pages set object names or the property `kind`
(``primary``, ``quiet``, ``card``, ``pill`` …), never a colour. Contrast of each text colour on each ground it is used on
is at least 4.5 : 1 (a test measures it).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from PySide6 import QtCore, QtGui
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.paths import resource

Choice = Literal["system", "light", "dark"]
BASE_POINT_SIZE = 11.5
FUSION = "Fusion"
SOON_MS = 150  # after the start: what the first key need not wait for


class Colours(NamedTuple):
    """Names for every colour, so that light and dark are one design. Values are ``#rrggbb``."""

    ground: str  # the page
    side: str  # sidebar and status line
    card: str  # a raised box on the page
    line: str  # hairlines and box borders
    field: str  # inside of an entry
    field_line: str  # an entry's border: 3 : 1 against the ground
    text: str
    muted: str  # secondary words, still 4.5 : 1
    accent: str  # links, the chosen item, filled buttons
    on_accent: str
    accent_hover: str
    tint: str  # the ground behind the chosen item
    hover: str
    focus: str  # the ring round what has the keyboard
    warn: str
    warn_tint: str
    bad: str
    bad_tint: str
    good: str
    good_tint: str
    plain_tint: str  # a neutral pill


LIGHT = Colours(
    ground="#ffffff", side="#f2f4f6", card="#ffffff", line="#e1e4e8", field="#ffffff", field_line="#7d858e",
    text="#16191d", muted="#58606a", accent="#0b6b66", on_accent="#ffffff", accent_hover="#095a56", tint="#e2f1ef",
    hover="#e9ecef", focus="#b35c00", warn="#8a4b00", warn_tint="#fdf0dc", bad="#a3232f", bad_tint="#fbe7e9",
    good="#1c6b36", good_tint="#e2f3e7", plain_tint="#eef0f3",
)  # fmt: skip
DARK = Colours(
    ground="#1b1d21", side="#131518", card="#212429", line="#383d44", field="#15171a", field_line="#858e99",
    text="#edeff2", muted="#a9b1bb", accent="#5cc7bd", on_accent="#0d1f1d", accent_hover="#74d4cb", tint="#17312f",
    hover="#282c32", focus="#f2b84b", warn="#f2b84b", warn_tint="#3a2c14", bad="#ff9ba5", bad_tint="#43202a",
    good="#86d7a0", good_tint="#1a3524", plain_tint="#2a2e34",
)  # fmt: skip


class Theme(QObject):
    """Applies the look to the application and follows the system between light and dark.

    `choice` is what the person chose; "system" follows `QStyleHints.colorScheme`. `changed` fires after a switch, for
    the few widgets that paint themselves.
    """

    changed = Signal()

    def __init__(self, app: QApplication, choice: Choice = "system", scale: float = 1.0) -> None:
        super().__init__(app)
        self._app = app
        self.choice: Choice = choice
        self.scale = scale
        self.colours = LIGHT
        self._icons: dict[tuple[str, str, int], QtGui.QIcon] = {}
        if app.property("style") != FUSION:  # given at the start, which is quicker
            app.setStyle(FUSION)
        self._settled = False
        self._dark_system = _dark_palette(app)
        self._family = _load_fonts(_FIRST_FONTS)
        self.apply()
        QTimer.singleShot(SOON_MS, self, self.settle)

    @property
    def is_dark(self) -> bool:
        return self.colours is DARK

    def choose(self, choice: Choice, scale: float | None = None) -> None:
        """Take the person's choice of light, dark or the system's, and of the size of text (1.0 is normal)."""
        self.choice = choice
        if scale is not None:
            self.scale = scale
        self.apply()

    def apply(self) -> None:
        dark = self.choice == "dark" or (self.choice == "system" and self._dark_system)
        self.colours = DARK if dark else LIGHT
        self._icons.clear()
        font = QFont(self._family) if self._family else self._app.font()
        font.setPointSizeF(BASE_POINT_SIZE * self.scale)
        self._app.setFont(font)
        self._app.setPalette(_palette(self.colours))
        self._app.setStyleSheet(style_sheet(self.colours, BASE_POINT_SIZE * self.scale))
        self.changed.emit()

    def icon(self, name: str, colour: str = "", size: int = 20) -> QtGui.QIcon:
        """A shipped line icon in one of our colours (its strokes are drawn in ``currentColor``); empty if not there."""
        colour = colour or self.colours.muted
        wanted = (name, colour, size)
        if wanted not in self._icons:
            self._icons[wanted] = _svg_icon(name, colour, size)
        return self._icons[wanted]

    def settle(self) -> None:
        """What the first key need not wait for: the other typefaces, and following the system between light and dark."""
        if self._settled:
            return
        self._settled = True
        _load_fonts(_LATER_FONTS)
        self._app.styleHints().colorSchemeChanged.connect(self._system_changed)
        self._system_changed()

    def _system_changed(self) -> None:
        said = self._app.styleHints().colorScheme()
        dark = said == QtCore.Qt.ColorScheme.Dark
        if said == QtCore.Qt.ColorScheme.Unknown or dark == self._dark_system:
            return
        self._dark_system = dark
        if self.choice == "system":
            self.apply()


def _dark_palette(app: QApplication) -> bool:
    """Until `settle`, the system's look by the palette it gave at first, without the enumeration that says it properly."""
    if app.property("dark") is None:
        app.setProperty("dark", app.palette().color(QPalette.ColorRole.Window).lightness() < 128)
    return bool(app.property("dark"))


_FIRST_FONTS = ("SourceSans3-Regular.ttf", "SourceSans3-Bold.ttf")
_LATER_FONTS = ("SourceSans3-Italic.ttf", "NotoNaskhArabic-Regular.ttf", "NotoSansGurmukhi-Regular.ttf")


def _load_fonts(names: tuple[str, ...]) -> str:
    """Make bundled typefaces known to Qt; returns the family of Source Sans 3, or "" when they are not there."""
    family = ""
    for name in names:
        number = QFontDatabase.addApplicationFont(str(resource("fonts", name)))
        for found in QFontDatabase.applicationFontFamilies(number) if number >= 0 else ():
            if found.startswith("Source Sans 3") and (not family or len(found) < len(family)):
                family = found
    return family


def _svg_icon(name: str, colour: str, size: int) -> QtGui.QIcon:
    path = resource("icons", f"{name}.svg")
    if not path.exists():
        return QtGui.QIcon()
    from PySide6.QtSvg import QSvgRenderer

    text = path.read_text(encoding="utf-8").replace("currentColor", colour)
    icon = QtGui.QIcon()
    for factor in (1, 2):
        picture = QtGui.QPixmap(size * factor, size * factor)
        picture.fill(QtCore.Qt.GlobalColor.transparent)
        painter = QtGui.QPainter(picture)
        QSvgRenderer(text.encode()).render(painter)
        painter.end()
        picture.setDevicePixelRatio(factor)
        icon.addPixmap(picture)
    return icon


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    roles = QPalette.ColorRole
    for role, colour in {
        roles.Window: c.ground, roles.WindowText: c.text, roles.Base: c.field, roles.AlternateBase: c.side,
        roles.Text: c.text, roles.Button: c.card, roles.ButtonText: c.text, roles.BrightText: c.bad,
        roles.Highlight: c.accent, roles.HighlightedText: c.on_accent, roles.Link: c.accent, roles.LinkVisited: c.accent,
        roles.ToolTipBase: c.card, roles.ToolTipText: c.text, roles.PlaceholderText: c.muted, roles.Accent: c.accent,
        roles.Light: c.card, roles.Midlight: c.hover, roles.Mid: c.line, roles.Dark: c.field_line, roles.Shadow: c.line,
    }.items():  # fmt: skip
        palette.setColor(role, QColor(colour))
    for role in (roles.WindowText, roles.Text, roles.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(c.muted))
    return palette


def set_kind(widget: QWidget, kind: str) -> None:
    """Give `widget` one of the style sheet's kinds, also after it was first shown."""
    widget.setProperty("kind", kind)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def style_sheet(c: Colours, points: float) -> str:
    """The whole style sheet. Sizes in points follow the person's text size; paddings are in pixels."""

    def pt(factor: float) -> str:
        # Nothing anyone must read is under 11 pt at the normal size (product.md: 11 pt or more).
        return f"{max(points * factor, 11.0 * points / BASE_POINT_SIZE):.1f}pt"

    # The boxes one ticks grow with the words beside them.
    box = round(16 * points / BASE_POINT_SIZE)
    ring = round(5 * points / BASE_POINT_SIZE)
    tick = resource("icons", "tick-dark.svg" if c is DARK else "tick-light.svg").as_posix()
    # Qt reads the picture itself; its own grey is seen on light and on dark.
    arrow = resource("icons", "chevron-down.svg").as_posix()
    return f"""
QWidget {{ color: {c.text}; }}
QMainWindow, QDialog, QStackedWidget#content, QWidget[kind="page"] {{ background: {c.ground}; }}
QWidget[kind="side"] {{ background: {c.side}; }}
QWidget#sidebar {{ background: {c.side}; border-right: 1px solid {c.line}; }}
QWidget#foot {{ background: {c.side}; border-top: 1px solid {c.line}; }}
QLabel {{ background: transparent; }}
QLabel[kind="h1"] {{ font-size: {pt(1.55)}; font-weight: 600; }}
QLabel[kind="h2"] {{ font-size: {pt(1.1)}; font-weight: 600; }}
QLabel[kind="h3"] {{ font-weight: 600; }}
QLabel[kind="figure"] {{ font-size: {pt(1.8)}; font-weight: 600; }}
QLabel[kind="big"] {{ font-size: {pt(1.25)}; }}
QLabel[kind="muted"] {{ color: {c.muted}; font-size: {pt(0.96)}; }}
QLabel[kind="error"] {{ color: {c.bad}; }}
QLabel[kind="warn"] {{ color: {c.warn}; }}
QLabel[kind="good"] {{ color: {c.good}; }}
QLabel[kind="mono"] {{ font-family: "Source Code Pro", "DejaVu Sans Mono", "Consolas", monospace; font-size: {pt(1.1)}; }}
QLabel[kind="pill"], QLabel[kind="pill-warn"], QLabel[kind="pill-bad"], QLabel[kind="pill-good"],
QLabel[kind="pill-accent"] {{ border-radius: 11px; padding: 3px 10px; font-size: {pt(0.96)}; }}
QLabel[kind="pill"] {{ background: {c.plain_tint}; color: {c.muted}; border: 1px solid {c.line}; }}
QLabel[kind="pill-warn"] {{ background: {c.warn_tint}; color: {c.warn}; border: 1px solid {c.warn_tint}; }}
QLabel[kind="pill-bad"] {{ background: {c.bad_tint}; color: {c.bad}; border: 1px solid {c.bad_tint}; }}
QLabel[kind="pill-good"] {{ background: {c.good_tint}; color: {c.good}; border: 1px solid {c.good_tint}; }}
QLabel[kind="pill-accent"] {{ background: {c.tint}; color: {c.accent}; border: 1px solid {c.tint}; }}
QFrame[kind="card"] {{ background: {c.card}; border: 1px solid {c.line}; border-radius: 10px; }}
QFrame[kind="card-drop"] {{ background: {c.card}; border: 1px dashed {c.field_line}; border-radius: 10px; }}
QFrame[kind="card-over"] {{ background: {c.tint}; border: 2px dashed {c.accent}; border-radius: 10px; }}
QFrame[kind="notice"] {{ background: {c.warn_tint}; border: 1px solid {c.warn_tint}; border-radius: 8px; }}
QFrame[kind="notice"] QLabel {{ color: {c.warn}; }}
QFrame[kind="notice-bad"] {{ background: {c.bad_tint}; border: 1px solid {c.bad_tint}; border-radius: 8px; }}
QFrame[kind="notice-bad"] QLabel {{ color: {c.bad}; }}
QFrame[kind="notice-good"] {{ background: {c.good_tint}; border: 1px solid {c.good_tint}; border-radius: 8px; }}
QFrame[kind="notice-good"] QLabel {{ color: {c.good}; }}
QFrame[kind="line"] {{ background: {c.line}; border: none; max-height: 1px; min-height: 1px; }}
QFrame#toast {{ background: {c.text}; border-radius: 8px; }}
QFrame#toast QLabel {{ color: {c.ground}; }}
QFrame#toast QPushButton {{ background: transparent; color: {c.ground}; border: 1px solid {c.ground}; }}
QFrame#toast QPushButton:focus {{ border: 2px solid {c.focus}; padding: 6px 13px; }}

QPushButton {{ background: {c.card}; color: {c.text}; border: 1px solid {c.field_line}; border-radius: 7px;
    padding: 7px 14px; min-height: 20px; }}
QPushButton, QToolButton, QCheckBox, QRadioButton {{ outline: none; }}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:pressed {{ background: {c.tint}; }}
QPushButton:focus {{ border: 2px solid {c.focus}; padding: 6px 13px; }}
QPushButton:disabled {{ color: {c.muted}; border-color: {c.line}; background: {c.side}; }}
QPushButton:checked {{ background: {c.tint}; color: {c.accent}; border-color: {c.accent}; }}
QPushButton[kind="primary"] {{ background: {c.accent}; color: {c.on_accent}; border: 1px solid {c.accent}; font-weight: 600; }}
QPushButton[kind="primary"]:hover {{ background: {c.accent_hover}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {c.focus}; }}
QPushButton[kind="primary"]:disabled {{ background: {c.plain_tint}; color: {c.muted}; border-color: {c.line}; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; color: {c.text}; }}
QPushButton[kind="quiet"]:hover {{ background: {c.hover}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {c.focus}; }}
QPushButton[kind="link"] {{ background: transparent; border: 1px solid transparent; color: {c.accent}; padding: 2px 4px;
    text-align: left; text-decoration: underline; min-height: 18px; }}
QPushButton[kind="link"]:hover {{ color: {c.accent_hover}; background: {c.hover}; }}
QPushButton[kind="link"]:disabled {{ color: {c.muted}; text-decoration: none; }}
QPushButton[kind="link"]:focus {{ border: 2px solid {c.focus}; padding: 1px 3px; }}
QPushButton[kind="chip"] {{ background: {c.tint}; color: {c.accent}; border: 1px solid {c.tint}; border-radius: 12px;
    padding: 2px 10px; min-height: 18px; }}
QPushButton[kind="chip"]:hover {{ border-color: {c.accent}; }}
QPushButton[kind="chip"]:focus {{ border: 2px solid {c.focus}; padding: 1px 9px; }}
QPushButton[kind="door"] {{ text-align: left; padding: 14px 16px; border: 1px solid {c.field_line}; border-radius: 10px; }}
QPushButton[kind="door"]:focus {{ border: 2px solid {c.focus}; padding: 13px 15px; }}
QPushButton[kind="row"] {{ background: transparent; border: 1px solid transparent; border-radius: 7px; padding: 0; }}
QPushButton[kind="row"]:hover {{ background: {c.hover}; }}
QPushButton[kind="row"]:focus {{ border: 2px solid {c.focus}; padding: 0; }}
QPushButton::menu-indicator {{ subcontrol-position: right center; subcontrol-origin: padding; right: 6px; }}
QToolButton {{ background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 5px; }}
QToolButton:hover {{ background: {c.hover}; }}
QToolButton:focus {{ border: 2px solid {c.focus}; padding: 4px; }}
QToolButton:checked {{ background: {c.tint}; color: {c.accent}; }}

QPushButton[kind="nav"] {{ background: transparent; border: 1px solid transparent; border-radius: 7px; text-align: left;
    padding: 0; }}
QPushButton[kind="nav"]:hover {{ background: {c.hover}; }}
QPushButton[kind="nav"]:checked {{ background: {c.tint}; }}
QPushButton[kind="nav"]:focus {{ border: 2px solid {c.focus}; }}
QLabel[kind="nav-on"] {{ color: {c.accent}; font-weight: 600; }}

QLineEdit, QPlainTextEdit, QTextEdit, QDateTimeEdit, QSpinBox, QDoubleSpinBox, QComboBox {{
    background: {c.field}; color: {c.text}; border: 1px solid {c.field_line}; border-radius: 6px; padding: 6px 8px;
    selection-background-color: {c.accent}; selection-color: {c.on_accent}; }}
QLineEdit, QDateTimeEdit, QSpinBox, QDoubleSpinBox, QComboBox {{ min-height: 22px; }}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QDateTimeEdit:focus, QSpinBox:focus,
QDoubleSpinBox:focus, QComboBox:focus {{ border: 2px solid {c.focus}; padding: 5px 7px; }}
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled {{ background: {c.side}; color: {c.muted}; }}
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"], QComboBox[wrong="true"] {{ border: 2px solid {c.bad}; padding: 5px 7px; }}
QTextBrowser {{ background: {c.ground}; border: none; padding: 0; }}
QTextBrowser:focus {{ border: 2px solid {c.focus}; padding: 0; }}
QComboBox::drop-down {{ border: none; width: 28px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 16px; height: 16px; }}
QComboBox QAbstractItemView, QCompleter, QListView[kind="popup"] {{ background: {c.card}; color: {c.text};
    border: 1px solid {c.field_line}; selection-background-color: {c.tint}; selection-color: {c.accent}; outline: 0; }}
QCheckBox, QRadioButton {{ spacing: 9px; padding: 4px; border: 2px solid transparent; border-radius: 6px; background: transparent; }}
QCheckBox:focus, QRadioButton:focus {{ border: 2px solid {c.focus}; }}
QCheckBox::indicator, QRadioButton::indicator, QListView::indicator {{ width: {box}px; height: {box}px; border: 1px solid {c.field_line};
    background: {c.field}; }}
QCheckBox::indicator, QListView::indicator {{ border-radius: 4px; }}
QRadioButton::indicator {{ border-radius: {(box + 2) // 2}px; }}
QCheckBox::indicator:hover, QRadioButton::indicator:hover {{ border-color: {c.accent}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url("{tick}"); }}
QRadioButton::indicator:checked {{ width: {box + 2 - 2 * ring}px; height: {box + 2 - 2 * ring}px; border: {ring}px solid {c.accent}; background: {c.on_accent}; }}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {{ border-color: {c.line}; }}
QGroupBox {{ border: 1px solid {c.line}; border-radius: 8px; margin-top: 14px; padding-top: 8px; font-weight: 600; }}
QGroupBox::title {{ subcontrol-origin: margin; left: 10px; padding: 0 4px; }}

QTableView, QListView, QTreeView {{ background: {c.ground}; border: 1px solid {c.line}; border-radius: 8px; outline: 0;
    gridline-color: {c.line}; selection-background-color: {c.tint}; selection-color: {c.text};
    alternate-background-color: {c.side}; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 2px solid {c.focus}; }}
QTableView[kind="rows"], QListView[kind="rows"] {{ border: none; border-radius: 0; }}
QHeaderView::section {{ background: {c.side}; color: {c.muted}; border: none; border-bottom: 1px solid {c.line}; padding: 6px 8px; }}
QTabWidget::pane {{ border: none; border-top: 1px solid {c.line}; }}
QTabBar::tab {{ background: transparent; color: {c.muted}; padding: 8px 14px; border: none; border-bottom: 3px solid transparent; }}
QTabBar::tab:selected {{ color: {c.accent}; border-bottom: 3px solid {c.accent}; font-weight: 600; }}
QTabBar:focus {{ outline: 0; }}
QTabBar::tab:focus, QTabBar::tab:selected:focus {{ border: 2px solid {c.focus}; border-radius: 6px; }}
QScrollArea {{ border: none; background: transparent; }}
QScrollArea > QWidget > QWidget[kind="page"] {{ background: {c.ground}; }}
QScrollBar:vertical {{ background: transparent; width: 12px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 12px; margin: 0; }}
QScrollBar::handle {{ background: {c.field_line}; border-radius: 4px; margin: 2px; }}
QScrollBar::handle:vertical {{ min-height: 28px; }}
QScrollBar::handle:horizontal {{ min-width: 28px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSplitter::handle {{ background: {c.line}; }}
QSplitter::handle:horizontal {{ width: 1px; }}
QProgressBar {{ background: {c.plain_tint}; border: none; border-radius: 5px; min-height: 10px; max-height: 10px; text-align: center; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: 5px; }}
QMenu {{ background: {c.card}; border: 1px solid {c.field_line}; padding: 4px; }}
QMenu::item {{ padding: 7px 22px 7px 12px; border-radius: 5px; }}
QMenu::item:selected {{ background: {c.tint}; color: {c.accent}; }}
QMenu::item:disabled {{ color: {c.muted}; }}
QToolTip {{ background: {c.card}; color: {c.text}; border: 1px solid {c.field_line}; padding: 4px 6px; }}
"""  # noqa: E501 - a style rule reads best on one line
