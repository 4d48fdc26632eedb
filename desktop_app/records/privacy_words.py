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
    auntie aunt baroness brother canon cllr councillor dame dc doctor dr fr grandma grandad imam judge lady lord miss
    mr mrs ms mx nan nana nanny pastor pc prof professor rabbi rev revd reverend sgt sir sister uncle
    """
)

# Those that stand before a name even where nobody typed a capital.
SURE_TITLES = _words("cllr dr mr mrs ms mx prof")

# Small words inside a surname.
PARTICLES = _words(
    """
    ab al ap bin bint da de den der di dos du el ferch ibn la le mac mc van von
    """
)

# What stands before a person's name.
PERSON_BEFORE = _words(
    """
    aunt baby boy brother called carer caretaker caseworker chair child clerk colleague councillor counsellor cousin
    dad daughter deputy driver ep escort father friend gan girl governor gran grandad granddaughter grandfather
    grandma grandmother grandparent grandson guardian headteacher husband interpreter keyworker learner mam manager
    midwife mother mum named nan nephew niece nurse officer parent partner psych psychologist pupil rep secretary
    senco sendco sister social-worker solicitor son stepdaughter stepfather stepmother stepson student ta teacher
    therapist toddler tutor twin twins uncle wife
    """
)

# Verbs whose object is a person: “we asked Hope”.
SPOKEN_TO = _words(
    """
    ask asked call contact contacted e-mail e-mailed email emailed met phone phoned rang remind reminded ring tell
    texted thank thanked told warned
    """
)

# Words before a name that a small word joins to it: “spoke to”, “thanks to”, “copied to”, “letter from”.
SPOKEN_WITH = _words(
    """
    according appealed apologised applied ask asked behalf belongs call called care chaired chat copied e-mail e-mailed
    e-mails email emailed emails gave given handed heard letter listened met message notes passed phoned rang report
    reported ring said sat sent signed speak speaking spoke spoken talked talking thanks told written wrote
    """
)
JOINING = _words("by for from of to with")

# What a person says, feels and does: a name before it is a person's, even where it is also a word.
PERSON_AFTER = _words(
    """
    added admitted apologised argued asked attends begged believes bit bites chaired chairs complained confirmed cried
    cries declined described describes emailed explained feels felt giggled has insisted interpreted knows laughed
    loves phoned promised rang reckoned reckons refused refuses remembered remembers replied reported resigned retires
    said says screamed screams shouted signed spoke struggles thinks thought told volunteered walked wants was weeps
    wept who whose wished wishes wondered worries wrote
    """
)

# What a person does and a thing may do as well: enough beside a capital word that is in no dictionary.
MAYBE_AFTER = _words(
    """
    also always arrived ate bangs began bolts breaks brings broke called came can can't cannot chose climbs comes
    could couldn't covers cries did didn't does doesn't drives drove eats fell fights fought gave gets goes got grew
    had hadn't hasn't hated hates heard hears helps hid hides hit hits hurts is isn't joined keeps kept kicked kicks
    learns left likes lives lost loved made makes met missed misses moved must needed needs never only opened plays
    pulled raised ran reads runs sat saw screams sends sent shared shares should shouldn't shows signed signs sings
    sits sleeps slept spat spends spent spits started stayed stays still stopped stops struggled struggles swears
    swore takes talks taught teaches threw throws took tried tries turned understands used uses visited visits
    waited waits walks wasn't wears went will won't works would wouldn't writes
    """
)

# What is done to a child or to somebody at work: “Summer was excluded”.
DONE_TO = _words(
    """
    absent admitted allowed angry assessed asked assaulted back bitten born bullied covering crying diagnosed discharged
    distressed doing educated excluded exhausted expelled forgotten frightened getting given giving going hit home hurt
    ignored ill injured isolated kept leaving lonely made missing moved nonverbal non-verbal off-rolled only out placed
    promised punished referred refused rejected removed restrained secluded sent signed sitting suspended taught told
    upset waiting
    """
)

# What only a person has: “Kayden's mum”.
OWNED = _words(
    """
    1:1 adhd annual anxiety attendance aunt autism baby behaviour birthday brother carer carers case class dad daughter
    diagnosis ehc ehcp epilepsy family father file first gran grandad grandma grandmother home husband key keyworker
    mam meltdown meltdowns mother mum nan needs parent parents partner passport placement plan review school second
    sister social son speech statement taxi teacher third transport tribunal uncle wheelchair wife
    """
)

# Names that begin a sentence as a word more often than as a person: “Hope is fading”, “Summer was long”.
SELDOM_A_PERSON = _words(
    """
    amber april art august autumn blessing chance charity christmas clay comfort coral dawn early easter faith ford
    ginger glory grace grant harmony honey honor hope innocent joy june justice lucky major march max may mercy parker
    patience paris park peace pepper precious prince rich sage sky spring star storm story summer sunny unity winter
    """
)

# After a name that is not a person's: “Grace House”.
ORGANISATION = _words(
    """
    academy act association avenue award bank bill borough bridge building center centre charity church city clinic
    close college commission committee consultancy consultants consulting council county court day days drive estate
    foundation fund gardens group grove hall hill hospital house infant infants institute junior lane limited llp
    ltd model nursery paper park partnership plc primary report review road room scale scheme school society square
    street test town trust unit university village ward way week
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
    am as cp cs dob ea ehc ep eu fe fs ft he hi hr ht id ii it iv ix ks la lsa mat mp nhs ni nino of ok or ot pa pe pm
    pt re sa sen sl so sv ta tel uk up upn vi we xi
    """
)

MONTHS = _words("jan feb mar apr may jun june jul july aug sep sept oct nov dec")

# Before a place: “in Chelsea”, “the Kelham site”.
PLACE_BEFORE = _words("a an around at in inside near outside the this within")

# Between a verb and what is done: “was not even sent home”.
BETWEEN = _words("also always been being even just never not now often so still too")

# Names that, in small letters, are something else more often.
NOT_SMALL = _words("ali ana ann ava ema eva fin jan kai kim lea leo mae max may mia nia sen sia sol")

# After “Lord” or “Sir” without being a name.
NOT_TITLED = _words(
    """
    and chancellor i justice madam mayor mayoress of or speaker the
    """
)
