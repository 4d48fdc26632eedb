"""What a concern says, as a statement: "the plan does not say what staff told it", not "question 1.2d: no".

By reference of the question (``be:ref``); a question that is not listed is named by its own words.
"""

from __future__ import annotations

from desktop_app.forms.definition import Question

STATEMENTS = {
    "1.1a": "The plan does not allow for the pressure that supporting SEND puts on schools",
    "1.1b": "The plan does not allow for the pressure that supporting SEND puts on settings",
    "1.1c": "The plan does not allow for the pressure that supporting SEND puts on services",
    "1.2a": "Staff in schools and settings were not asked for their views",
    "1.2b": "Staff in schools and settings were not asked what they need",
    "1.2c": "What staff said changed no decision",
    "1.2d": "What staff said cannot be seen in the plan",
    "1.3a": "The plan sets a target to cut access",
    "1.3b": "The plan sets a target to ration access",
    "1.4a": "The plan neither builds up mainstream schools and settings nor supports them to cater for more learners",
    "1.4b": "The steps for mainstream schools and settings are not realistic",
    "1.5a": "Budgets for types of provision are set, at least in part, to limit spending",
    "1.5b": "Budgets for levels of support are set, at least in part, to limit spending",
    "1.6a": "Staff, schools or services are affected by budgets that are not realistic",
    "1.7a": "Outside monitoring affects decisions about provision or support",
    "1.7.2a": "The authority is being made to set stricter targets",
    "1.7.2b": "Stricter targets would rationalise or cut provision or support",
    "2.1": "The authority sets out to limit or control access",
    "2.1.1a": "First requests for an assessment are turned down as a matter of course",
    "2.1.1b": "First requests for support are turned down as a matter of course",
    "2.1.2a": "Schools must do something extra before a child can be assessed",
    "2.1.2b": "Schools must do something extra before a child can have support",
    "2.1.2c": "Extra information was asked for that was not needed",
    "2.1.3a": "Hours of specialist support are capped, however many children need it and however much",
    "2.1.4": "Support or provision takes a long time to reach the child even after it was agreed",
    "2.1.5a": "Places in resource centres are reduced or limited although the need is known",
    "2.1.5b": "Places in other specialist provision are reduced or limited although the need is known",
    "2.2a": "Learners who go without support lose schooling, or their needs grow",
    "WAIT7": "People are still waiting",
    "H3a": "Staff are under pressure because provision or support is missing or late",
    "3.1a": "Schools and settings cannot cope when a learner goes without support",
    "4.1a": "Schools or settings have cut staff posts",
    "4.1b": "Posts that gave specialist support were lost",
    "4.2a": "Staff have gone to other jobs because the pay is better",
    "STAFF2": "Posts or hours were cut, left, or left unfilled",
    "5.1a": "The health service and the authority do not commission specialist health provision together",
    "5.1b": "The health service does not help to fund that specialist health provision",
    "H5a": "The health service does not give children with SEND the support they need from it",
    "H5b": "Social care does not give children with SEND the support they need from it",
    "ACT4a": "Health does not pay in full for the health provision agreed in EHC plans",
    "ACT4b": "Social care does not pay in full for the care provision agreed in EHC plans",
    "ACT4f": "Health does not pay in full for the health provision agreed in EHC plans",
    "ACT4g": "Social care does not pay in full for the care provision agreed in EHC plans",
    "FUND5": "Payments towards EHC plans are late or refused",
}


def statement(question: Question) -> str:
    """The concern in words."""
    return STATEMENTS.get(str(question.be.get("ref", "")), question.label)
