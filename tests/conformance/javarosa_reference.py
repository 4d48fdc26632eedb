"""JavaRosa itself, taken through the same steps as our engine: the jar that pyxform ships, in a JVM inside this
process.

Needs a Java runtime (no compiler). ``available()`` says whether there is one.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TEMPLATE = -2
# The record saved before, for forms that look at it, in the folder of the form's lists.
LAST_SAVED = "last-saved.xml"


def jar() -> Path | None:
    spec = importlib.util.find_spec("pyxform")
    if spec is None or spec.origin is None:
        return None
    found = Path(spec.origin).parent / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar"
    return found if found.is_file() else None


def available() -> bool:
    if jar() is None or importlib.util.find_spec("jpype") is None:
        return False
    import jpype

    try:
        jpype.getDefaultJVMPath()
    except jpype.JVMNotFoundException:
        return False
    return True


class JavaRosa:
    """One JVM; every run parses its form anew."""

    def __init__(self) -> None:
        import jpype
        import jpype.imports

        self.jpype = jpype
        if not jpype.isJVMStarted():
            jpype.startJVM("-Xss16m", "-Xmx1g", classpath=[str(jar())], convertStrings=True)
        from java.util import Locale

        Locale.setDefault(Locale.UK)
        self.j = jpype.JPackage("org").javarosa
        self._storage()
        self.j.model.xform.XFormsModule().registerModule()

    def _storage(self) -> None:
        storage = self.j.core.util.externalizable
        del storage
        manager = self.j.core.services.storage.StorageManager
        dummy = self.j.core.services.storage.util.DummyIndexedStorageUtility

        @self.jpype.JImplements("org.javarosa.core.services.storage.IStorageFactory")
        class Factory:
            @self.jpype.JOverride
            def newStorage(self, name: Any, kind: Any) -> Any:
                return dummy()

        manager.setStorageFactory(Factory())

    def _references(self, folders: list[Path]) -> None:
        jpype = self.jpype

        @jpype.JImplements("org.javarosa.core.reference.Reference")
        class File:
            def __init__(self, uri: str) -> None:
                name = uri.rpartition("/")[2]
                found = next((folder / name for folder in folders if (folder / name).is_file()), folders[0] / name)
                self.path, self.uri = found, uri

            @jpype.JOverride
            def doesBinaryExist(self) -> bool:
                return self.path.is_file()

            @jpype.JOverride
            def getStream(self) -> Any:
                from java.io import FileInputStream

                return FileInputStream(str(self.path))

            @jpype.JOverride
            def getURI(self) -> str:
                return self.uri

            @jpype.JOverride
            def getLocalURI(self) -> str:
                return str(self.path)

            @jpype.JOverride
            def isReadOnly(self) -> bool:
                return True

            @jpype.JOverride
            def getOutputStream(self) -> Any:
                return None

            @jpype.JOverride
            def remove(self) -> None:
                return None

            @jpype.JOverride
            def probeAlternativeReferences(self) -> Any:
                return jpype.JArray(jpype.JClass("org.javarosa.core.reference.Reference"))(0)

        @jpype.JImplements("org.javarosa.core.reference.ReferenceFactory")
        class Files:
            @jpype.JOverride
            def derives(self, uri: str) -> bool:
                return uri.lower().startswith("jr://file")

            @jpype.JOverride
            def derive(self, uri: str, context: Any = None) -> Any:
                return File(uri)

        manager = self.j.core.reference.ReferenceManager.instance()
        manager.reset()
        manager.addReferenceFactory(Files())

    def open(self, form: Path) -> Run:
        """A new record. Raises what JavaRosa throws when it refuses the form."""
        self._references([form.parent, form.parent / f"{form.stem}-media"])
        from java.io import File

        if (form.parent / f"{form.stem}-media" / LAST_SAVED).is_file():
            parse = self.j.xform.util.XFormUtils.getFormFromFormXml
            definition = parse(str(form), f"jr://file/{LAST_SAVED}")
            model = self.j.form.api.FormEntryModel(definition)
            controller = self.j.form.api.FormEntryController(model)
        else:
            init = self.j.test.FormParseInit(File(str(form)))
            definition = init.getFormDef()
            controller = init.getFormEntryController()
        definition.initialize(True, self.j.core.model.instance.InstanceInitializationFactory())
        run = Run(self, definition, controller)
        run.walk()
        return run

    def run(self, form: Path, steps: list[dict[str, str]]) -> dict[str, Any]:
        """``{"refused": why}`` or ``{"steps": […], "nodes": […], "valid": bool}`` as ``fill`` answers."""
        try:
            run = self.open(form)
        except self.jpype.JException as error:
            return {"refused": str(error).splitlines()[0]}
        answers = [run.step(step) for step in steps]
        nodes = run.nodes()
        valid = run.valid()
        return {"steps": answers, "nodes": nodes, "valid": valid}


class Run:
    """A form that JavaRosa has open."""

    def __init__(self, java: JavaRosa, definition: Any, controller: Any) -> None:
        self.java = java
        self.definition = definition
        self.controller = controller
        self.model = controller.getModel()
        self.error = java.jpype.JException
        self.begin = java.j.core.model.FormIndex.createBeginningOfFormIndex()
        self.repeats: set[str] = set()
        self._find_repeats(definition)

    def _find_repeats(self, element: Any) -> None:
        for child in element.getChildren() or []:
            if isinstance(child, self.java.j.core.model.GroupDef):
                if child.getRepeat():
                    self.repeats.add(str(child.getBind().getReference().genericize().toString(False)))
                self._find_repeats(child)

    def walk(self) -> None:
        """From the first question to the last, which makes the rows of counted repeats."""
        self.controller.jumpToIndex(self.begin)
        while not self.model.getFormIndex().isEndOfFormIndex():
            self.controller.stepToNextEvent()

    def path(self, element: Any) -> str:
        pieces = []
        here = element
        while here is not None and here.getName() is not None:
            generic = str(here.getRef().genericize().toString(False))
            name = str(here.getName())
            pieces.append(f"{name}[{here.getMult() + 1}]" if generic in self.repeats else name)
            here = here.getParent()
        return "/" + "/".join(reversed(pieces))

    def leaves(self) -> list[Any]:
        found: list[Any] = []

        def visit(element: Any) -> None:
            if element.getMult() == TEMPLATE:
                return
            count = element.getNumChildren()
            children = [element.getChildAt(place) for place in range(count)]
            if not children:
                found.append(element)
            for child in children:
                visit(child)

        visit(self.definition.getMainInstance().getRoot())
        return found

    def nodes(self) -> list[dict[str, Any]]:
        return [
            {
                "path": self.path(element),
                "relevant": bool(element.isRelevant()),
                "required": bool(element.isRequired()),
                "readonly": not bool(element.isEnabled()),
                "value": self.value(element),
            }
            for element in self.leaves()
        ]

    def value(self, element: Any) -> str:
        data = element.getValue()
        if data is None:
            return ""
        try:
            return str(self.java.j.xform.util.XFormAnswerDataSerializer().serializeAnswerData(data))
        except self.error:
            return str(data.uncast().getString())

    def index(self, path: str) -> Any:
        """The place in the form of an instance path (a question, a row, or the prompt for a new row)."""
        index = self.model.incrementIndex(self.begin)
        while index.isInForm():
            reference = index.getReference()
            if reference is not None and self.reference_path(reference) == path:
                return index
            index = self.model.incrementIndex(index)
        return None

    def reference_path(self, reference: Any) -> str:
        pieces = []
        for depth in range(reference.size()):
            name = str(reference.getName(depth))
            generic = str(reference.getSubReference(depth).genericize().toString(False))
            pieces.append(f"{name}[{reference.getMultiplicity(depth) + 1}]" if generic in self.repeats else name)
        return "/" + "/".join(pieces)

    def step(self, step: dict[str, str]) -> str:
        try:
            if "set" in step:
                status = self.set(step["set"], step.get("value", ""))
            elif "add" in step:
                status = self.add(step["add"])
            else:
                status = self.remove(step["remove"])
            self.walk()
        except self.error:
            return "error"
        return status

    def set(self, path: str, text: str) -> str:
        index = self.index(path)
        if index is None or not isinstance(self.definition.getChild(index), self.java.j.core.model.QuestionDef):
            return "error"
        element = self.definition.getMainInstance().resolveReference(index.getReference())
        if element is None:
            return "error"
        question = self.definition.getChild(index)
        data = None
        if text:
            data = self.java.j.xform.util.XFormAnswerDataParser.getAnswerData(text, element.getDataType(), question)
            if isinstance(data, self.java.j.core.model.data.MultipleItemsData) and len(data.getValue()) == 0:
                data = None
        code = int(self.controller.answerQuestion(index, data, True))
        return {0: "ok", 1: "required", 2: "constraint"}[code]

    def add(self, path: str) -> str:
        """A new last row, where the form would offer one."""
        place = 0
        while True:
            place += 1
            index = self.index(f"{path}[{place}]")
            if index is None:
                return "error"
            if self.definition.getMainInstance().resolveReference(index.getReference()) is None:
                break
        if not self.model.isIndexRelevant(index):
            return "error"
        self.controller.newRepeat(index)
        return "ok"

    def remove(self, path: str) -> str:
        index = self.index(path)
        if index is None or self.definition.getMainInstance().resolveReference(index.getReference()) is None:
            return "error"
        self.controller.deleteRepeat(index)
        return "ok"

    def texts(self) -> dict[str, tuple[str, str]]:
        """Label and hint of every question there is, by path, in the language JavaRosa shows; without those that it
        cannot work out."""
        found: dict[str, tuple[str, str]] = {}
        for path, index in self._questions():
            prompt = self.java.j.form.api.FormEntryPrompt(self.definition, index)
            try:
                found[path] = (str(prompt.getLongText() or ""), str(prompt.getHelpText() or ""))
            except self.error:
                continue
        return found

    def choices(self) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        """Path, and name and label of every choice, question by question. JavaRosa drops answers that are no choice
        any more while it lists them."""
        for path, index in self._questions():
            prompt = self.java.j.form.api.FormEntryPrompt(self.definition, index)
            try:
                listed = prompt.getSelectChoices() or []
                yield path, [(str(c.getValue()), str(prompt.getSelectChoiceText(c) or "")) for c in listed]
            except self.error:
                continue

    def _questions(self) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        instance = self.definition.getMainInstance()
        index = self.model.incrementIndex(self.begin)
        while index.isInForm():
            reference = index.getReference()
            question = isinstance(self.definition.getChild(index), self.java.j.core.model.QuestionDef)
            if question and reference is not None and instance.resolveReference(reference) is not None:
                path = self.reference_path(reference)
                if path not in seen:
                    seen.add(path)
                    yield path, index
            index = self.model.incrementIndex(index)

    def languages(self) -> list[str]:
        return [str(language) for language in self.model.getLanguages() or []]

    def submission(self) -> bytes:
        """The record as JavaRosa hands it on; its last events have run."""
        self.definition.postProcessInstance()
        payload = self.java.j.model.xform.XFormSerializingVisitor().createSerializedPayload(
            self.definition.getMainInstance()
        )
        return bytes(payload.getPayloadStream().readAllBytes())

    def valid(self) -> bool:
        try:
            return self.definition.validate(True) is None
        except self.error:
            return False


def java_home() -> str:
    return os.environ.get("JAVA_HOME", "")
