"""Word lists of the personal-data check, in small letters."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that do not make a school a named one.
GENERIC_SCHOOL = _words(
    """
    a academy all alternative an and any at boarding c catholic ce church college community department e each
    england every faith first for form free from grammar her high his in independent infant infants junior local
    lower mainstream maintained middle multi multi-academy my national no nursery of one our primary private
    provision rc roman royal school schools secondary sixth some special state state-funded that the their this
    training trust upper your
    """
)

# Before a name.
TITLES = _words(
    """
    cllr councillor dame doctor dr imam lady lord miss mr mrs ms mx prof professor rev revd reverend sir
    """
)

# Small words inside a surname.
PARTICLES = _words(
    """
    ab al ap bin bint da de den der di dos du el ferch ibn la le mac mc van von
    """
)

# What stands before a person's name.
PERSON_BEFORE = _words(
    """
    boy brother called child colleague dad daughter father girl granddaughter grandson husband learner mam
    mother mum named nephew niece partner pupil sister son student toddler twins wife
    """
)

# What a person does.
PERSON_AFTER = _words(
    """
    added asked attends cried described describes explained feels felt has phoned rang replied reported said
    says screamed thinks told was who whose wrote
    """
)

# What only a person has: “Kayden's mum”.
OWNED = _words(
    """
    1:1 adhd annual anxiety attendance autism behaviour brother carer carers case class dad diagnosis ehc ehcp
    epilepsy family father file gran grandmother home key keyworker mam meltdown meltdowns mother mum nan needs
    parent parents placement plan review school sister speech statement taxi teacher transport tribunal
    """
)

# After a name that is not a person's: “Grace House”.
ORGANISATION = _words(
    """
    academy act association avenue award bank bill borough bridge building center centre charity church city
    clinic close college commission committee council county court day days drive estate foundation fund gardens
    grove hall hill hospital house infant infants institute junior lane model nursery paper park primary report
    review road room scale scheme school society square street test town trust unit university village ward way
    week
    """
)

# Words that are often written with a capital and are nobody's name.
ORDINARY = _words(
    """
    a about academies academy act action actions adhd after agenda all also alternative although an and annex
    another answer any anyone appendix april are around art as assistant assistants at august authorities
    authority autism autistic autumn bad banding bank base bbc be because been before best better bible big bill
    block board borough both branch brexit briefing britain british budget but by cabinet camhs can care
    catholic central chair chapter child children christian christmas church city code college committee commons
    community conservative could council councils county court covid cqc crown dad dear december dedicated
    deficit delivering democrat department despite dfe did director diwali do does during duty dyslexia each
    early east easter education educational ehc ehcp eid eight email england english european even every
    everyone everything evidence excel families family father february few figure first five for forum
    foundation four free french friday from funding geography german god good google government governor
    governors grant great green guardian had hanukkah has have he head headteacher health hello help her here hi
    high hindu his history hospital house how however hub hubs i if in inclusion inclusive independent instead
    ireland irish is it item its january jewish july june just key kind king labour language large last law
    leader leaders learning legal lent let liberal line little local london long lords madam mail mainstream
    makaton manager many march maths matrix may meanwhile meeting member members michaelmas microsoft might
    minister ministers minutes monday more most mother mp mps much mum music muslim must my national nearly
    needs new news next nhs nine no nobody none north not note notes nothing november nursery occupational
    october of office officer officers ofsted old ombudsman on one only open or other others our over page
    pandemic panel paper parent parents parliament part party pe plan plans please polish post practice prince
    private programme programmes provision psychologist psychologists public pupil pupils queen question
    questions quran ramadan re reception reform reforms regards region regional report resource review royal
    safety same saturday school schools science scotland scottish second secretary section sen senco send sendco
    senior september service services seven shall she short should sikh since sincerely sir six small so social
    some somebody something south spanish special speech spring staff stage state statutory still such summer
    sunday support survey table teacher teachers team teams ten term thank thanks that the their then therapist
    therapists therapy there these they third this those three thursday times to today tomorrow treasury
    tribunal trust trusts tuesday two uk under union unions unit units until value valve wales was we wednesday
    welsh were west what when where which while white who whom whose why will winter with without word would
    year years yes yesterday you your yours zoom
    """
)

# Two letters that are no initials.
ABBREVIATIONS = _words(
    """
    am as cp cs ea ep eu fs ft hi hr ht id ii it iv ix ks la mp ok ot pa pe pm pt re sa sl sv ta uk vi xi
    """
)

# After “Lord” or “Sir” without being a name.
NOT_TITLED = _words(
    """
    and chancellor i justice madam mayor mayoress of or speaker the
    """
)
