"""What tells that a name follows, or that what looks like a name is none."""

from __future__ import annotations

import re

from clinic.readings.finders.plain_text import COVER, word_set
from clinic.topics import condition_words
from conversations.redaction_spans import NAME_COVER

# "Her name is ...", "last name ...", "we named him", "change it to ...": any word that is no everyday one may follow.
SAID = re.compile(
    r"\b(?:(?:her|his|their|(?:the |my |our )?(?:baby|boy|girl|kid|child|patient|mom|dad|wife|husband|son|daughter"
    r"|mother"
    r"|father|sister|brother|friend|grandma|grandpa)(?:'?s)?) (?:full |first |last |real )?names?(?:'?s| is| are|:| =)?"
    r"|(?:last|sur|family|middle|maiden|real|legal|given|preferred|nick) ?name(?:'?s| is|:| =| should be)?"
    r"|apellidos?(?: es|:)?|(?:named|naming|name|call|calling|called) (?:her|him)"
    r"|(?:he|she|they|who|baby|kid)(?:'s| is| are)? (?:named|called)|se llama|nombre(?: completo)?(?: es|:)|name:"
    r"|change (?:my|the|her|his) name to|i go by|goes by|call me|calls me|name of)[ :,\"']{1,3}(?:is |actually "
    r"|really |just )?(?=[^\W\d_])"
)
# After these a word in capitals or a common given name is believed.
LIKELY = re.compile(
    r"(?:\b(?:patient|pt|client|resident|nurse|(?:mam[aá]|pap[aá]|madre|padre|abuel[ao]|t[ií][ao]|espos[ao]) de"
    r"|caregiver for|carer for|guardian of|parent of|mom of|mother of|dad of"
    r"|father of|appointment of|appt of|visit of|sent from|regards|gracias|thanks|sincerely|from:|to:|attn:?|^dear"
    r"|ask(?:ed)? for|sp(?:oke|eak) (?:to|with)|talk(?:ed)? (?:to|with)|boss|coworker|roommate|teacher|bestie|bff|gf|bf"
    r"|merci|saludos|atentamente|dziękuję|ring me|cc|don|do[ñn]a|(?:everyone|everybody"
    r"|people) says?)\b)[ :,.!-]{1,3}(?=[^\W\d_])"
)
_SAYS_WHO = re.compile(r"(?:\b(?:it'?s|i'?m|this is|soy|names?|yo soy)(?: me)?,? |\b(?:bestie|bff|gf|bf) )(?=[^\W\d_])")
_GOES_ON = re.compile(
    rf"[,.!:;-]? ?{COVER}|,? (?:and )?(?:my|n my|mi) (?:num|nbr|number|cell|phone|mom|email|cel|tel|correo)\b"
    rf"|,? (?:cell|phone|tel|ph|\#)[ :]{{1,3}}{COVER}|,? (?:n|and|&) (?:my|i|i'm|im)\b|,? (?:again|here"
    rf"|from (?:yesterday|before)|age \d)\b"
    r"| (?:told|said|says|recommended|sent|referred|thinks|swears|got (?:hers|his|theirs)|had (?:hers|his))\b"
)
_UNDER = re.compile(r"\b(?:(?:is|its|it's|booked|appointment|appt|reservation|me) under|xoxo),? (?=[^\W\d_])")
_ENDS = re.compile(r"[.!,]? {0,2}(?:$|\n)")
_OPENING = re.compile(r"^\W{0,2}(?:(?:hi|hey|hello|hola)[ ,]{1,2})?(?=[^\W\d_])")
_CONTACT = re.compile(rf"[,.!:;-]? ?{COVER}")
# "Its brayden, can my mom come", "appt is under castellano", "jaylen, 312 555 0162": what stands before a word in lower
# case that is none of English, and what after it.
BARELY = ((_SAYS_WHO, _GOES_ON), (_UNDER, _ENDS), (_OPENING, _CONTACT))
TITLED = re.compile(
    r"(?<![\w'])(?:dr|doctor|doc|prof|professor|mrs|ms|mr|miss|mx|sra|sr|srta|señora|señor"
    r"|nurse)\b\.? {1,2}(?=[^\W\d_])"
)
# A clause of capitals before a phone number or e-mail address, or right after it.
BEFORE_CONTACT = re.compile(
    r"(?P<name>[^\W\d_][^\W\d_'.-]{0,20}(?:[' -][^\W\d_][^\W\d_']{0,20}){0,3})\.?"
    rf"(?:[ ,.:;/|\n-]{{1,4}}(?:txt|text|cell|phone|ph|tel|call|number|mobile|email|e-mail|mail|contact|no|at|is|my"
    rf"|cel)\b)"
    rf"{{0,3}}[ ,.:;/|\n#-]{{1,4}}{COVER}",
    re.IGNORECASE,
)
AFTER_CONTACT = re.compile(
    rf"{COVER}[ ,;/|-]{{1,3}}(?P<name>[^\W\d_][^\W\d_'-]{{1,20}}(?: [^\W\d_][^\W\d_'-]{{1,20}}){{0,2}})(?= ?(?:$"
    rf"|[,.\n;]))"
)
# "Thaddeus Crane, and the telephone is": two or three capitals that are a clause, beside a contact somewhere.
CLAUSE = re.compile(
    r"(?:^|[\n,;!?:]|(?<![A-Z])\."
    r"| -)[ \n]{0,2}(?P<name>[^\W\d_][^\W\d_'-]{1,20}(?: [^\W\d_]\.?)?(?: [^\W\d_][^\W\d_'-]{1,20}){1,2})"
    r"(?= ?(?:$|[,.;\n(]| - ))"
)
SPELLED = re.compile(r"(?<![\w'.-])[^\W\d_](?:(?:-| ?- | )[^\W\d_]){3,20}(?![\w'-])")
ASAP = re.compile(r"a\W{0,3}s\W{0,3}a\W{0,3}p")
# "Godfrey, aged 77", "Zoe, 19, student"
AGED = re.compile(
    r"(?<![\w'-])(?P<name>[^\W\d_][^\W\d_'-]{1,20}(?: [^\W\d_][^\W\d_'-]{1,20}){0,2})(?:, | )"
    r"(?:aged? \d{1,3}|\(\d{1,3}\)|\d{1,3} ?(?:y/?o|yrs?|years?|,|m\b|f\b))"
)
# "Love, Peg", "Regards" and a name on the next line, "-Kristoff"
SIGNED = re.compile(
    r"(?:(?:^|[\n ,.!])(?:love|hugs|cheers|regards|yours|xo+|best|sincerely|blessings|respectfully|truly|wishes|thx"
    r"|thanks"
    r"|gracias|saludos|atentamente|merci|pozdrawiam)[,!.]{0,2}[ \n]{0,2}|(?:^"
    r"|[\n ])[-~–] ?)(?P<name>[^\W\d_][^\W\d_'-]{0,20}\.?"
    r"(?: [^\W\d_][^\W\d_'-]{0,20}){0,2})\W*$",
    re.IGNORECASE,
)
PARTICLED = re.compile(
    r"(?<![\w'-])(?:[Vv]an(?: de[rn]?)?|[Vv]on(?: der)?|[Dd]e (?:la|los)|[Bb]in|[Ii]bn) (?=[A-Z][^\W\d_])"
)
_CAPITAL = r"[A-Z\u00c0-\u00de](?:'[A-Z])?[^\W\d_A-Z][^\W\d_]*(?:['-][^\W\d_]+)*"
WITHIN_SENTENCE = re.compile(rf"(?:(?<=[^\s.!?:;\"'(\[*~>¿¡\n-] )|(?<![\w.-])[A-Z]\. )(?P<word>{_CAPITAL})(?![\w@/&'])")
WHOLE_MESSAGE = re.compile(
    rf"\W*(?P<name>{_CAPITAL}(?: [A-Z]\.)?(?: {_CAPITAL}){{1,2}}(?: (?:Jr|Sr|II|III|IV)\.?)?)\W*"
)
PLACED = re.compile(
    r"\b(?:in|near|at|the|visiting|en|à|do|nach|an?|use|used|using|on|of|like|tried|try|take|taking|or|vs) $"
)
SPELLED_WITH = re.compile(
    r"(?<![\w'-])(?P<word>[^\W\d_]{3,20}),? (?:w/?|with) (?:an? |one |two |three |[123] )[A-Za-z](?:'?s)?(?=$|[,.;!?\n]"
    r"| (?:not|and|my|at|phone|cell|\d))"
)
PRODUCTS = re.compile(
    r"(?<!\w)(?:peter thomas roth|mario badescu|paula'?s choice|la roche[- ]posay|(?:dr\.? )?dennis gross|mary kay"
    r"|kate somerville"
    r"|tata harper|charlotte tilbury|bobbi brown|elizabeth arden|calvin klein|laura mercier|sunday riley|drunk elephant"
    r"|trader joe'?s|burt'?s bees|jan marini|thomas roth|est[ée]e lauder|rodan (?:and|&|\+) fields|mary ruth'?s"
    r"|tom ford|yves"
    r" (?:saint )?(?:laurent|rocher)|merle norman|jo malone|marc jacobs|st\.? ives|tom'?s of maine"
    r"|dr\.? (?:barbara )?sturm"
    r"|victoria'?s? secret|tiffany blue|sol de janeiro|rare beauty|huda beauty|barbara sturm|augustinus bader"
    r"|sarah chapman)"
    r"(?!\w)"
)
FIRST_NAME_LAST = re.compile(rf"^\W*{NAME_COVER}+, (?P<name>[^\W\d_][^\W\d_'-]{{1,20}}(?: [^\W\d_]\.?)?)\W*$")
# "lee, sandra"
LAST_NAME_FIRST_IN_LOWER_CASE = re.compile(r"^\W{0,2}(?P<last>[a-z][a-z'-]{1,20}), $")
LAST_NAME_FIRST = re.compile(r"(?:^|\n|: )(?P<last>[^\W\d_][^\W\d_'-]{1,20}(?:[ -][^\W\d_]{2,20}){0,2}), $")

NO_TITLED = word_set(
    "google jart oz pimple popper pepper scholl scholl's scholls bronner bronner's teal's teals dennis barbara brandt"
    " phil mr mrs ms right wrong clean robot bot skin office hauschka sebagh dray loretto perricone rogers idea visit g"
    " care martens lee's eve abt said told line practitioner case manager station practice"
)
# Given names that are places, firms or helpers too, and words of other languages: standing alone they are no person.
AMBIGUOUS = word_set(
    "paris austin madison jackson lincoln charlotte victoria georgia virginia carolina chelsea sydney florence brooklyn"
    " orlando houston dallas denver phoenix asia india china kenya israel jordan chad milan london santa jesus"
    " christian"
    " angel alexa siri preston aurora elgin adrian clinton franklin jefferson monroe irving addison clark belmont"
    " roscoe"
    " wells harrison morgan halsted ashland grant logan warren wayne marion marshall nova stella nelson roger nick clay"
    " said min jin lan van hung chi hong ring ama paz socorro roman reina nieves refugio luz cruz perla milagros"
    " consuelo"
    " pilar salma sol flor concepcion soledad trinidad imani dev raja rani asha mira mina neem bao tam tan tien thi"
    " hana"
    " sita rin kai suki yuan jia hua art king penny guy johnny hai ling dong mel mack mila don wen dan seo ella ana"
    " cara"
    " amal imran malik noor nour aya iman hala reem sahar moses eve rich gail ray rocky candy brandy mercedes gala"
    " helena"
    " miles melody carol celeste mason sterling sage jasmine rosemary basil violeta azucena lance troy bill drew blanca"
    " blanco clara claro rosa dulce linda bella estrella gracia leon vera maite vale mariano lola mary joe xin rana"
    " cherry"
)
# In lower case, and with a capital where a sentence begins.
NO_NAMES_IN_LOWER_CASE = word_set(
    "mila millia milla said def doc gene god sahib ana retinal sandy hun jr son mom dad guys yall esta ava may wen"
)
NO_NAMES = condition_words() | word_set(
    "mi mis su tu el la los las lo le les un una unos unas que qué con por para pero muy más mas este esta esto ese esa"
    " fecha cara niña niño nena nene bebé bebe hijo hija mamá mama papá papa esposo esposa abuela abuelo dan van ella"
    " él"
    " yo soy es tengo tiene cita citas hora horas gracias favor hola buenas buenos días tardes señor señora cel celular"
    " teléfono telefono correo número numero nac nacimiento dios reina mijo mija amor puntitos déjà là quán xin"
    " mai"
    " mr mrs ms miss dr doctor prof sr sra abt don't wen roger siri alexa google whatsapp voicemail insta instagram"
    " facebook wana hav gonna"
    " merci bonjour salut ciao saludos atentamente hallo dzień"
    " fitzpatrick god lord sirs lordy gosh goodness allah jehovah francés thee"
    " completo landline xoxo asap pls plz thx lol omg idk btw tbh ngl fyi rn ppl bc cuz"
)
NO_PERSON_AFTER = re.compile(
    r"(?:'?s)?(?: (?:syndrome|disease|spots?|pearls?|nodules?|sign|type|scale|test|lamp|surgery|street|st|ave|avenue|rd"
    r"|road|park|blvd|square|hospital|clinic|university|college|cream|lotion|serum|cleanser|balm|moisturi[sz]er|perfume"
    r"|lipstick"
    r"|brand|county|beach|airport|river|lake|station|stop|exit|choice|secret|texas|illinois|skincare|beauty|tower"
    r"|mask|palette|foundation|mascara|concealer|sunscreen|spf|mist|scrub|wash|soap|oil|peel"
    r"|bonds|swift|pin|ryan)\b|-[a-z]{2,})"
)
NO_PERSON_BEFORE = re.compile(
    r"\b(?:saint|san|santa|st|port|mount|fort|lake|new|north|south|east|west|uptown|near)\.? $"
)
POSSESSIVE = re.compile(r"'s$|'$")
