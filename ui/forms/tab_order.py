"""The Tab key follows what the eye sees, also for questions that were made later than those below them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QWidget


def follow_layout(root: QWidget) -> list[QWidget]:
    """Chain everything in `root` that takes the keyboard in the order of its layouts; returns the chain."""
    chain = list(_focusable(root))
    for first, second in pairwise(chain):
        QWidget.setTabOrder(first, second)
    return chain


def _focusable(widget: QWidget) -> Iterator[QWidget]:
    layout = widget.layout()
    if widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
        yield widget
    if layout is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for index in range(layout.count()):
        item = layout.itemAt(index)
        if item is None:
            continue
        inner = item.layout()
        if (widget := item.widget()) is not None:
            yield from _focusable(widget)
        elif inner is not None:
            yield from _in_layout(inner)
