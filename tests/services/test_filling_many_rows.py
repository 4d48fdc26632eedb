"""Many rows of a repeat given at once: each goes into a row of its own, and the form is not looked through for each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from desktop_app.forms.definition import FormDefinition
from desktop_app.forms.session import FormSession
from desktop_app.forms.xform import load_form
from desktop_app.paths import resource
from desktop_app.services.filling import fill

ROWS = 120


class Counting(FormSession):
    """Counts how often the whole form is looked through."""

    looked_through = 0

    def nodes(self) -> list[Any]:
        self.looked_through += 1
        return super().nodes()


def evidence() -> FormDefinition:
    return load_form(resource("forms", "evidence.xml"))


def weeks(session: FormSession) -> list[str]:
    rows = session.answers()["access_and_consequences"]["waits"]
    return [row.get("wait_weeks", "") for row in rows]


def given(numbers: list[int]) -> dict[str, Any]:
    return {
        "about": {"topics": "access_and_consequences"},
        "access_and_consequences": {"waits": [{"wait_weeks": str(number)} for number in numbers]},
    }


def test_each_given_row_is_one_row_and_the_form_is_looked_through_but_a_few_times() -> None:
    session = Counting(evidence(), now=datetime.now().astimezone())
    fill(session, given(list(range(ROWS))))
    assert weeks(session) == [str(number) for number in range(ROWS)]
    assert session.looked_through < 5


def test_more_rows_come_after_those_that_are_there_and_a_known_one_is_changed() -> None:
    session = FormSession(evidence(), now=datetime.now().astimezone())
    fill(session, given([1, 2]))
    second = session.answers()["access_and_consequences"]["waits"][1]["_id"]
    more = given([7])
    more["access_and_consequences"]["waits"] += [{"_id": second, "wait_weeks": "22"}, {"wait_weeks": "8"}]
    fill(session, more)
    assert weeks(session) == ["1", "22", "7", "8"]


def test_a_row_somebody_emptied_is_filled_before_another_is_added() -> None:
    session = FormSession(evidence(), now=datetime.now().astimezone())
    fill(session, given([1, 2]))
    path = "/data/access_and_consequences/waits[1]/wait_weeks"
    session.clear(path)
    fill(session, given([5]))
    assert sorted(weeks(session)) == ["2", "5"]
