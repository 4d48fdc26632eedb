"""Every form these records have met: the shipped ones, the office's, and the versions old records were filled with.

A *package* is an XForm and the list files it names (design page "Forms", paragraph "Files"); a record names the package
it was filled with, and a package once met is kept for ever. Packages lie in the store as blobs, so that a record opens
on a laptop whose program ships another version.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from desktop_app.errors import FormError, NotFound
from desktop_app.forms.definition import FormDefinition
from desktop_app.paths import resource
from desktop_app.records.revision import FormRef
from desktop_app.storage import blobs
from desktop_app.storage.database import Store

SHIPPED = ("evidence", "senco_meeting", "meeting", "plan", "forum_questions", "action")
_INDEX = "form_packages"
_CURRENT = "forms_in_use"
# Form id to the packages that were in use before, oldest first.
_BEFORE = "forms_used_before"
_FIGURES = 30  # of a version; Python reads no number of thousands of figures


@lru_cache(maxsize=16)
def shipped_form(form_id: str) -> FormDefinition:
    """The form of this id as the program ships it. Raises `NotFound`."""
    from desktop_app.forms.xform import load_form

    if form_id not in SHIPPED:
        raise NotFound(f"There is no form called “{form_id}”.", do="See the forms with: branch-evidence forms list")
    return load_form(resource("forms", f"{form_id}.xml"))


def form_from(name: str) -> FormDefinition:
    """A form by shipped id or by the path of an XForm or XLSForm. Raises `FormError` or `NotFound`."""
    if name in SHIPPED:
        return shipped_form(name)
    path = Path(name)
    if not path.exists():
        raise NotFound(f"There is no form or file called “{name}”.", do="Check the name.")
    from desktop_app.forms.xform import load_form

    return load_form(path)


def lower(version: str, other: str) -> bool:
    """Whether one version of a form comes before another: only where both count in plain figures, as ODK's do."""
    counted = all(each.isascii() and each.isdigit() and len(each) <= _FIGURES for each in (version, other))
    return counted and int(version) < int(other)


def reference(form: FormDefinition) -> FormRef:
    """How a record names the form it was filled with."""
    return FormRef(form.id, form.version, form.package)


class FormLibrary:
    """The forms of one set of records."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._loaded: dict[str, FormDefinition] = {}

    def ids(self) -> list[str]:
        """Ids of the forms that can be filled: the shipped ones first, then those the office added."""
        return [*SHIPPED, *sorted(set(self._in_use()) - set(SHIPPED))]

    def current(self, form_id: str) -> FormDefinition:
        """The version of a form that new records use. Raises `NotFound`."""
        package = self._in_use().get(form_id)
        return self.package(package) if package else shipped_form(form_id)

    def package(self, package: str) -> FormDefinition:
        """The form with this package id. Raises `NotFound` when these records have never met it."""
        if package in self._loaded:
            return self._loaded[package]
        for form_id in SHIPPED:
            if shipped_form(form_id).package == package:
                return self._remember(shipped_form(form_id))
        entry = self._index().get(package)
        if entry is None:
            raise NotFound(
                "This record was filled with a version of its form that is not on this computer.",
                safe="Its answers are kept.",
                do="Ask the sender for a newer file: each file carries its forms.",
                code="E-NOFORM",
            )
        from desktop_app.forms.xform import load_xform

        lists = {name: b"".join(blobs.read(self._store, digest)) for name, digest in entry["lists"].items()}
        return self._remember(load_xform(b"".join(blobs.read(self._store, entry["xml"])), lists))

    def knows(self, package: str) -> bool:
        """True when `package` would find it."""
        return (
            package in self._loaded
            or package in self._index()
            or any(shipped_form(form_id).package == package for form_id in SHIPPED)
        )

    def keep(self, form: FormDefinition) -> None:
        """Keep a form's package in the store, so that records filled with it always open."""
        index = self._index()
        if form.package not in index:
            xml, _ = blobs.put(self._store, form.xml, f"{form.id}.xml", "application/xml")
            lists = {name: blobs.put(self._store, data, name, "text/csv")[0] for name, data in form.lists.items()}
            index[form.package] = {
                "id": form.id,
                "version": form.version,
                "title": form.title,
                "xml": xml,
                "lists": lists,
            }
            self._store.set_setting(_INDEX, json.dumps(index))
        self._loaded[form.package] = form

    def use(self, form: FormDefinition) -> None:
        """Make this version the one new records use."""
        if not form.id:
            raise FormError("The form has no id.", do="Give it a form_id on the settings sheet.")
        with self._store.atomic():
            self.keep(form)
            was = self.current(form.id) if form.id in self.ids() else None
            if was is not None and was.package != form.package:
                self.keep(was)
                before = self._before()
                earlier = [package for package in before.get(form.id, []) if package != form.package]
                before[form.id] = [*(package for package in earlier if package != was.package), was.package]
                self._store.set_setting(_BEFORE, json.dumps(before))
            self._store.set_setting(_CURRENT, json.dumps({**self._in_use(), form.id: form.package}))

    def used_before(self, form_id: str) -> list[FormDefinition]:
        """The versions of a form that were in use here before the one now, newest first."""
        return [self.package(package) for package in reversed(self._before().get(form_id, []))]

    def follows(self, form: FormDefinition) -> bool:
        """Whether a form from a reply comes after the one in use: replies may come twice, late and in any order."""
        if form.id not in self.ids():
            return True
        now = self.current(form.id)
        if form.package == now.package or form.package in self._before().get(form.id, []):
            return False
        return not lower(form.version, now.version)

    def newer(self, ref: FormRef) -> FormDefinition | None:
        """The version in use here, when it comes after the one a record was filled with.

        Never the other way: a record that came from a laptop with a newer form stays in that form.
        """
        if ref.id not in self.ids():
            return None
        now = self.current(ref.id)
        if now.package == ref.package:
            return None
        replaced = ref.package in self._before().get(ref.id, [])
        return now if replaced or lower(ref.version, now.version) else None

    def _remember(self, form: FormDefinition) -> FormDefinition:
        self._loaded[form.package] = form
        return form

    def _index(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = json.loads(self._store.setting(_INDEX) or "{}")
        return found

    def _before(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = json.loads(self._store.setting(_BEFORE) or "{}")
        return found

    def _in_use(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self._store.setting(_CURRENT) or "{}")
        return found
