"""The words by which a visitor says for whom an appointment is: who that is to them, and that it is a request."""

from __future__ import annotations

import re

from clinic.topics import condition_names

MISSPELLED = "misspelled_"
SELF, OTHER, RELATIVE, CARED_FOR = "self", "other", "relative", "patient"

# English and Spanish words, and how people misspell them, under the one word that is kept.
_WORDS_OF_RELATION = {
    RELATIVE: r"(?:step[- ]?)?(?:mother|father|mom|dad|sister|brother|son|daughter)[- ]in[- ]law|family member"
    r"|relative"
    r"|family|cuñad[oa]|suegr[oa]",
    "grandson": r"(?:great[- ])?grand[- ]?sons?|nieto",
    "granddaughter": r"(?:great[- ])?grand[- ]?dau(?:gh|g|h)?t(?:h)?ers?|nieta",
    "grandchild": r"(?:great[- ])?grand[- ]?(?:child(?:ren)?|kids?|bab(?:y|ies))|niet[oa]s",
    "grandmother": r"(?:great[- ])?grand[- ]?(?:mother|ma|mom|mum)|granny|gran|nana|grammy|nonna|gma|abuel(?:it)?a",
    "grandfather": r"(?:great[- ])?grand[- ]?(?:father|pa|dad)|grandad|gramps|gpa|abuel(?:it)?o",
    "baby": r"baby[- ](?:girl|boy|son|daughter)|bab(?:y|ies)|newborns?|infants?"
    r"|(?:little|lil'?) (?:one|guy|man|dude)|beb[eé]s?|bebit[oa]",
    "son": r"(?:step[- ]?|god)?sons?|boys?|hij(?:it)?o|niño",
    "daughter": r"(?:step[- ]?|god)?(?:daughters?|daugthers?|dauthers?|daughers?|daugters?|doughters?|daughtor)"
    r"|girls?"
    r"|hij(?:it)?as?|niña",
    "child": r"(?:step[- ]?|god)?child(?:ren)?|chil|kids?|kiddo?s?|toddlers?|teens?|teenagers?|tweens?|twins"
    r"|preschooler|hijos|niños",
    "mother": r"(?:step[- ]?)?(?:mother|mom|mum|moms)|mommy|mama|mamma|mamá|mami|madre",
    "father": r"(?:step[- ]?)?(?:father|dad)|daddy|papa|papá|papi|padre|pops",
    "parent": r"parents?|folks|padres",
    "husband": r"(?:ex-?)?husb[ae]nd|huband|hubby|hubs|esposo|marido",
    "wife": r"(?:ex-?)?wife|wifey|esposa",
    "partner": r"partner|spouse|boy ?friend|girl ?friend|bf|gf|fianc[eé]e?|significant other|novi[oa]|pareja",
    "brother": r"(?:step[- ]?)?brothers?|bro|hermano",
    "sister": r"(?:step[- ]?)?sisters?|sis|hermana",
    "nephew": r"nephews?|sobrino",
    "niece": r"nieces?|sobrina",
    "uncle": r"uncle|t[ií]o",
    "aunt": r"aunt(?:ie|y)?|t[ií]a",
    "cousin": r"cousins?|prim[oa]",
    "friend": r"(?:best )?friends?|bestie|bff|room ?mate|co-?worker|colleague|amig[oa]",
    "neighbor": r"neighbou?rs?|vecin[oa]",
    CARED_FOR: r"patients?|pt|clients?|residents?|students?|pupils?|pacientes?",
}
_CHILDREN = frozenset({"baby", "son", "daughter", "child"})
_GRANDCHILDREN = frozenset({"grandson", "granddaughter", "grandchild"})
_PARENTS = frozenset({"mother", "father", "parent"})
YOUNG = _CHILDREN | _GRANDCHILDREN
# What somebody is to the one who names themselves by them: "I'm Max's mom" writes for a child.
_OTHER_WAY_ROUND = {
    **dict.fromkeys(_PARENTS, "child"),
    **dict.fromkeys(("grandmother", "grandfather"), "grandchild"),
    **dict.fromkeys(("son", "daughter", "child"), "parent"),
    **dict.fromkeys(("grandson", "granddaughter"), RELATIVE),
    **dict.fromkeys(("husband", "wife", "partner"), "partner"),
    "friend": "friend",
    "neighbor": "neighbor",
}
_CARER = (
    r"nurse|care ?giver|carer|home health aide|aide|social worker|guardian|teacher|assistant|case ?worker|doctor|np"
)

_AGE = r"\d{1,3}(?:[ -]?(?:year|yr|month|mo|week|wk|day)s?[ -]?(?:olds?)?|[ -]?(?:y/?o|m/?o))\b"
_ADJECTIVE = (
    rf"(?:{_AGE}|little|small|young(?:er|est)?|old(?:er|est)?|elderly|teen(?:age|aged)?|two|2|three|3|four|4|both"
    rf"|other"
    r"|dear|sweet|adult|disabled|twin|foster|adopted|only|first|second|middle|own|poor|aging|big|lil|baby|newborn"
    r"|new|pequeñ[oa])"
)
_OWN = r"(?:my|our|mi|mis|nuestr[oa]s?|one of (?:my|our)|my own)"
_OF_MANY = "|".join(
    f"(?P<{relation}>{words})" for relation, words in _WORDS_OF_RELATION.items() if relation != CARED_FOR
)
# "My little girl", "our 4 year old son", "a resident of ours"; without "my" only what needs none ("it's for mom").
RELATION = re.compile(
    rf"\b(?:{_OWN} (?:{_ADJECTIVE}[ ,]{{1,2}}){{0,4}}(?:{_OF_MANY})"
    rf"|(?:{_OWN}|an?|the) (?:{_ADJECTIVE} ){{0,2}}(?P<{CARED_FOR}>{_WORDS_OF_RELATION[CARED_FOR]})"
    rf"(?: of (?:mine|ours)| here)?"
    r"|(?:an?|the) (?P<known>friend|neighbou?r|relative|family member|baby|kids?|child|children|toddler)(?: of mine)?"
    r"|(?P<mother_>mom|mum|mommy|mama|mamá)|(?P<father_>dad|daddy|papá)|(?P<grandmother_>grandma|granny)"
    r"|(?P<grandfather_>grandpa)|(?P<baby_>baby)|(?P<husband_>hubby)"
    r"|(?:(?<=for )|(?<= 4 )|(?<=for me and )|(?<=for me & )|(?<=para mi y ))"
    r"(?:(?P<husband__>husband|esposo)|(?P<wife__>wife|esposa)|(?P<son__>son)|(?P<daughter__>daughter))"
    rf"|\bre:? ?(?:the |our )?(?P<{CARED_FOR}_>{_WORDS_OF_RELATION[CARED_FOR]})"
    rf"|{_OWN} (?P<{MISSPELLED}son>sun|sone|sonn)"
    rf"|{_OWN} (?P<child_>\d{{1,2}}[ -]?(?:(?:years?|yrs?)[ -]?olds?|y/?o))"
    rf"|{_OWN} (?P<baby__>\d{{1,2}}[ -]?(?:months?"
    r"|mo|weeks?|wks?|days?)[ -]?olds?))(?!\w)(?!'s? (?:birthday|wedding|house|school|party|game|graduation|doctor"
    r"|job))"
)
_KNOWN = {"friend": "friend", "neighbor": "neighbor", "neighbour": "neighbor", "baby": "baby"}

PART_OF = re.compile(
    rf"'?s (?:(?:white |little |tiny |skin )?(?:{condition_names()}|skin"
    r"|face|bumps?|spots?|cysts?|eye\w*|under|nose|cheeks?"
    r"|forehead"
    r"|chin|lips?|removal|appointment|appt|visit|check|rash|condition|thing|problem))\b"
)
OF_SOMEBODY_OF_THEIRS = re.compile(r"'s\b")

_REQUEST = (
    r"(?:book\w*|bok(?:ing)?|appoint\w*|apoint\w*|appt\w*|apts?|cita|turno|schedul\w*|reserv\w*|slots?|openings?"
    r"|spots?"
    r"|visit|consult\w*|request\w*|come in|be seen|to be seen|get in|see (?:you|someone|a doctor|the doctor)"
    r"|an? (?:time|check ?up)|check ?up|asking|calling|writing|texting|messaging|removal|need one|want one|get one"
    r"|this is|it'?s|its|it is|it'd be|it would be|it will be|that'?s|es|sería|made|making this|doing this|filling"
    r"|one(?= $))"
)
REQUEST_BEFORE = re.compile(rf"\b{_REQUEST}\b")
NOTHING_BEFORE = re.compile(
    r"\W*(?:(?:no|nope|nah|yes|yeah|yep|yup|ok|okay|sure|hi|hello|hey|so|actually|sorry|well|oh|and|but|wait|please"
    r"|not (?:for )?(?:me|myself)|just|only|also|hola|sí|si|pero|solo|good (?:morning|afternoon|evening))\W+)*"
)
NOT_A_REQUEST = re.compile(
    r"\b(?:safe|normal|common|harmful|dangerous|creams?|lotions?|products?|sunscreen|retinol|recommend|thanks?"
    r"|waiting"
    r"|sorry|buy|bought|gift|present|use|used|cost)\b"
)
FOR = re.compile(
    r"\b(?:for ?:|for|fr|4|on behalf of|in behalf of|para|de parte de|is with|appointment with)"
    r"(?: both(?: of(?: us)?)?,?| all(?: of)?)?(?P<too> (?:me|myself|mi|mí) (?:and|&|y))? $"
)
AND = re.compile(r"(?:\band|&|,|\by)(?: also| for)? $")
NEGATED = re.compile(r"\b(?:not|isn'?t|no es|instead of|rather than|never)(?: even)?(?: for| para| about)? ?$")
NEEDS = re.compile(
    r"(?P<too> and (?:i|me|myself))?(?:,| who| that)?(?: (?:really|also|just|badly|both|still|urgently|finally"
    r"|probably|here))* ?"
    r"(?:needs?|wants?|wanted|would (?:like|love)|'d (?:like|love)|wud like|wuld like|has to|have to|should|must"
    r"|ought to"
    r"|is looking|are looking|is hoping|are hoping|is trying|is due|gotta|could use|necesita|quiere"
    r"|asked me to)\b(?! (?:me|us|to know|to ask)\b)"
    r"[^.?!\n]{0,40}?\b(?:appointments?|appts?|apts?|apointment|cita|come|coming|be seen|get seen|seen|see|book"
    r"|schedul\w+"
    r"|visit|consult\w*|checked|check ?up|looked at|removed|removal|taken (?:off|out)|get (?:it|them|these|this"
    r"|his|her"
    rf"|rid|{condition_names()})|one|it|venir)\b(?! (?:with me|along|if|how|what))(?! me\b)"
)
TAKES_BEFORE = re.compile(
    r"\b(?:book(?:ing)?(?: in)?|schedul(?:e|ing)|sign up|signing up|(?:can|could|will|would) (?:you|u|ya|he|she"
    r"|dr\.? [a-z]{1,20}|the doctor|someone|somebody) (?:please |guys |also |ever )?(?:see|look at|take a look at"
    r"|fit in"
    r"|squeeze in|treat|check|check out)) $"
)
BRINGS_BEFORE = re.compile(r"\b(?:bring|bringing|get|getting|have|having|take|taking)(?: in)? $")
BROUGHT = re.compile(r" (?:in\b|over\b|seen\b|looked at|checked|an? (?:appointment|appt|apt)|to (?:see|be) |booked)")
MAY_BEFORE = re.compile(r"\b(?:can|could|may|will|would|puede) $")
COMES = re.compile(r" (?:come|be seen|get|see|have|visit|venir|make|book)\b(?! (?:with me|along|pick))")
WITH_ME = re.compile(r"\b(?:with me|along|pick(?:ing)? me|drive|driving|waiting room)\b")
WANTED_BEFORE = re.compile(r"\b(?:want|wanting|like|love|need|would like|'d like|have|get) $")
WANTED = re.compile(r" to (?:be seen|be looked|be checked|get|see|come in|come by|have (?:it|them|his|her)|visit)\b")
WHO_HAS_IT = re.compile(r",? (?:who|that|with)\b")
ME_AND = re.compile(r"\W*(?:\w{1,8}\W+)?(?:me|myself) (?:and|&) ")
IS_THE_PATIENT = re.compile(r" (?:is|will be|would be)(?: going to be)? the (?:patient|one)\b")
THE_PATIENT_IS = re.compile(r"\bpatient(?:'s name)?(?: is| would be| will be| ?[:=-]) $")
HAS = re.compile(
    r",?(?: who)? (?:is \d{1,2}(?: years? old)?,? and has|has|have|got|gets|keeps|is getting|was born|'s got|tiene"
    r"|also has)\b(?![^.?!]{0,40}\btoo\b)"
)
BOOK_FOR_THEM = re.compile(
    r"\b(?:book\w*|appointment|appt|schedul\w+|doing it|making it|asking)[^.?!\n]{0,20} for (?:him|her|them)\b"
    r"|\b(?:can|could|may) (?:he|she|they) (?:please )?(?:be seen|come in|come by|get (?:in|an|seen))\b"
)
BOOK_THEM = re.compile(
    r"\b(?:book|bring|get|see|schedule|fit|squeeze|take|appointment for|appt for|have|check|seen? by|look at)"
    r" (?:in )?(?:him|her|them|hm)\b|\b(?:he|she|they) (?:can|could|needs?|should|wants?|would like|has to|be seen"
    r"|come in"
    r"|to (?:come|be seen))\b"
)
ASKS_TO_COME = re.compile(
    r"\b(?:book|appointment|appt|apointment|schedule|come in|be seen|cita|see (?:you|a doctor))\b"
)
IN_PERSON = re.compile(r"\b(?:for me|for myself|i (?:have|got|want mine))\b")

PATIENT_LABEL = re.compile(
    r"(?:\b(?:the |new |my )?(?:patient|pt|client|child|kid|baby)(?:'?s)?(?:'s)? ?(?:full |first )?(?:name)"
    r"(?: is|'s| ?[:=-]|,)? {1,2}|(?:^|[\n.,;!?(] {0,2}|\bnew )(?:the )?(?:patient|pt|client) ?(?:is|will be"
    r"|[:=-]) {0,2}"
    r"|\bthe patient (?:is|will be|would be) (?:called )?|\bname of (?:the |my )?(?:patient|child|kid|baby|son"
    r"|daughter)"
    r"(?: is|'s| ?[:=-])? {1,2}|\b(?:his|her|their|hes|kids|babys|child|kid) (?:full |first )?name(?: is|'s|s"
    r"| ?[:=-])? {1,2}"
    r"|\b(?:he|she|they|he's|she's|hes|shes)(?: is| are)? (?:called|named) |\bse llama "
    r"|\b[oi]n behalf of )(?:is )?(?=[^\W\d_])"
)
NAMED_AFTER = re.compile(
    r"(?:,|:| -| \(|')? ?(?:s name(?: is|'s|:)?|'s name(?: is|'s|:)?|(?:whose |his |her |their )?name(?: is|'s|s|:)?"
    r"|(?:is |are |who is |who's )?(?:named|called)|(?:he|she|they)(?:'s| is) (?:called|named)|se llama|llamad[oa])"
    r"[ :,\"']{1,3}(?:is )?"
)
PLAINLY_AFTER = re.compile(r"(?:,? \(?(?:aged? )?\d{1,2}(?: ?(?:y/?o|yrs?|years?)(?: old)?)?\)?)?(?: ?[,:(-] ?| )\"?")
IS_AFTER = re.compile(r"(?: is|'s|:) ")
ANSWERS_WHO = re.compile(
    r"\W*(?:(?:no|nope|not (?:for )?me|it'?s|it is|its|that'?s|yes|yeah|actually|wait|sorry|oh|it would be|es|hi"
    r"|hello)\W+)*"
)
FOR_NAME = re.compile(r"\b(?:for|para|patient|child) (?=[^\W\d_])")
AND_ANOTHER = re.compile(
    r"(?: ?\(\d{1,2}\)|,? (?:age |aged )?\d{1,2}(?! ?(?:am|pm|:|/)))?(?:,? (?:and|&|n|y) |, (?:and )?)"
)
OF_AGE = re.compile(
    r"[ ,(.]{1,3}(?:i'm|im|i am|as) (?:his|her|their)\b|[ ,(]{1,3}(?:he|she|he's|she's|hes|shes|who|aged?|my|our|mi)\b"
    r"|[ ,(]{1,3}\d{1,2} ?(?:yo|y/o|year|yr|month|mo\b)"
)
IS_MY = re.compile(r"(?:,? (?:she|he)(?:'?s| is)|,| is| es)?[ ,(]{1,3}$")

SELF_WHOLE = re.compile(
    r"\W*(?:(?:no+|nope|nah|yes|yeah|yep|oh|actually|sorry|ok|okay|well|wait|lol|haha|um+|uh|hi|sí|si|no no"
    r"|please)\W+){0,3}"
    r"(?:(?:it'?s|it is|its|this is|that'?s|is|will be|it'?ll be|es|i want it|i need it|booking|book it"
    r"|the appointment is"
    r"|the appointment's|appointment|appt|the appt is|this appointment is)\W+)?(?:just |only |all |actually |solo )?"
    r"(?:for |para )?(?:me|myself|my ?self|mi self|me myself|mi|mí|mí mism[oa]|mi mism[oa]|self)"
    r"(?:,? (?:only|alone|please|pls|thanks|thank you|lol|actually|not (?:for )?(?:my |a |the "
    r"|anyone)?[\w ]{1,25}))?\W*"
)
SELF_SAID = re.compile(
    r"\b(?:it'?s|it is|this is|that'?s|appointment is|appt is|es|book(?:ing)?(?: it| this| one)?|appointment|appt) "
    r"(?:just |only |actually |all |solo )?(?:for|para) (?:me|myself|my self|mí|mí mism[oa]|mi mism[oa])"
    r"(?=\W*$| ?[,.!;(]| (?:not|and|only|please|pls|thanks|actually|i )\b)"
    r"|\bi(?:'m| am|m) the (?:patient(?!'|s\b)|one (?:who|with|that|coming))\b|\bi(?:'ll| will) be the patient\b"
    r"|\bfor myself\b|\bpara mí\b|\bno one else\b|\bthe patient is (?:me|myself)\b"
)
OTHER_SAID = re.compile(
    r"\b(?:for|para) (?:someone|somebody|some one|another person|other person|a loved one|otra persona|alguien)\b"
    r"|\b(?:it'?s|it is|this is|no es|es) not (?:actually )?for (?:me|myself)\b|\bnot for me\b|\bno es para mí?\b"
    r"|^\W*(?:(?:no|it'?s|yes)\W+)*for (?:him|her|them)\W*$"
    r"|\b(?:not|isn'?t|wasn'?t) (?:actually )?(?:for )?(?:me|myself),? (?:it'?s )?(?:for )?(?:someone|somebody"
    r"|another)\b"
)
_TO_WHOM = rf"{_CARER}|" + "|".join(
    words for relation, words in _WORDS_OF_RELATION.items() if relation in _OTHER_WAY_ROUND
)
_NAME = r"[^\W\d_][^\W\d_-]{1,30}(?: [^\W\d_][^\W\d_-]{1,30})?"
ONES_PARENT = re.compile(
    rf"(?:\b(?:i'm|im|i am|this is|soy) |, |\()(?:(?:his|her|their|the patient's"
    rf"|(?P<name>{_NAME})'?s) (?P<what>{_TO_WHOM})"
    r"(?=\W*$|[.,;!)]| here\b| and\b| book\w*| want\w*| calling| writing)|(?:(?<=i'm )|(?<=im )|(?<=i am )"
    r"|(?<=this is ))(?P<kin>(?:his|her) (?:mom|mum|dad|mother|father|grandma|wife|husband)\b))"
    rf"|(?:\b(?:i'm|im|i am|this is) |^|, |\()(?:the |a )?(?P<what_of>{_TO_WHOM}) (?:of|for|to) (?=[^\W\d_])"
)
_RELATION_OF_WORD = [(relation, re.compile(words)) for relation, words in _WORDS_OF_RELATION.items()]


def relation_of(match: re.Match[str]) -> str:
    """The one word for the relation that a match of `RELATION` names."""
    group = match.lastgroup or ""
    if group != "known":
        return group.removeprefix(MISSPELLED).rstrip("_")
    word = match["known"].split()[0]
    return _KNOWN.get(word, RELATIVE if word in ("relative", "family") else "child")


def is_misspelled(match: re.Match[str]) -> bool:
    """Whether a match of `RELATION` is another word, meant only where a name follows ("my sun Max")."""
    return (match.lastgroup or "").startswith(MISSPELLED)


def relation_to(word: str) -> str:
    """What somebody is to the one who calls themselves their `word`: a mother's is a child, a nurse's a patient."""
    for relation, words in _RELATION_OF_WORD:
        if relation in _OTHER_WAY_ROUND and words.fullmatch(word):
            return _OTHER_WAY_ROUND[relation]
    return CARED_FOR


def relation_named(text: str) -> str | None:
    """The relation that a bare word answers ("daughter", "hijo"); None for an interjection ("bro")."""
    word = text.strip(" .,!").lower()
    if word in {"bro", "sis", "girl", "girls", "boys", "pops", "family", "twins"}:
        return None
    named = (relation for relation, words in _RELATION_OF_WORD if words.fullmatch(word) and relation != CARED_FOR)
    return next(named, None)


def shared_relation(relations: list[str]) -> str:
    """One word for several: a son and a daughter are each a child; of unlike ones the first counts."""
    if len(set(relations)) == 1:
        return relations[0]
    for group, word in ((_CHILDREN, "child"), (_GRANDCHILDREN, "grandchild"), (_PARENTS, "parent")):
        if group.issuperset(relations):
            return word
    return relations[0]
