"""Names of many kinds of people, and what people answer instead of a name."""

from __future__ import annotations

NAMES = (
    """
Dana Fox|Rosa Delgado|Max|Mia|Stan Nowak|Lena Brandt|Nora Quinn|Tyler Reyes|Gladys Moore|Hal Stone
Earl Whitfield|Dolores Ortiz|Bertha Kowalczyk|Agnieszka Wiśniewska|Zbigniew Wójcik|Małgorzata Dąbrowska
Krzysztof Zieliński|Ewa Mazur|Grzegorz Brzęczyszczykiewicz|Wojciech Szczepański|Jadwiga|Kasia Lis|Nguyễn Văn Anh
Trần Thị Hương|Phạm Minh Đức|Lê Quốc Bảo|Thuy Tran|Linh Pham|Duc Nguyen|Huong Vo|Bich Ngoc|Tuan Le|王伟|李娜
Zhang Wei|Li Xiu Ying|Chen Jing|Xiao Ming Zhou|Qing Zhao|Yuxuan Liu|Wang Fang|Hui Min Tan|Chukwuemeka Obi
Ngozi Adichie|Oluwaseun Adeyemi|Chidi Okafor|Funmilayo Kuti|Ifeoma Nwosu|Babatunde Olatunji|Yetunde Bakare
Amina Bello|Emeka|Mohammed Al-Farsi|Fatima bint Ali|Omar ibn Khalid|Yusuf El-Sayed|Layla Haddad|Abdul Rahman
Aisha Hussein|Khadija Mansour|Noor Al Amin|Zaynab Darwish|Hassan Abu Bakr|Ludwig van der Berg|Jan van den Heuvel
Anneke de Vries|Miguel de la Cruz|María del Carmen|Juan de los Santos|Ana da Silva|João dos Santos
Giulia di Marco|Pierre du Bois|Karl von Stein|Ursula von der Leyen|Sinéad O'Connor|O'Brien|Kevin O’Neil
Jean D'Angelo|d'angelo|Shaquille O'Neal|Siobhán Ní Bhriain|Mary-Ann Smith|Jean-Luc Picard|Anne-Marie Duval
Smith-Jones|Nowak-Wójcik|Lee-Ann Kim|J. Robert Smith|Mary K. Jones|T. S. Hall|A. J. Green|Anna K.|Dr. Ruiz
Mrs. Patel|Mr. Lee|Ms. Okafor|Señora Lopez|Sra. Vega|Prof. Klein|Dwayne Johnson Jr.|Henry Ford III|Martin Sr.
Robert Downey Jr|Grace|Will|Hope|April|May|June|Summer|Mark|Bill|Rich|Angel|Dawn|Joy|Faith|Autumn|Rose|Ivy|Chase
Hunter|Mason|Art|Frank|Grant|Pat|Sue|Rob|Drew|Gene|Ray|Jack|Dale|Dean|Lance|Wade|Heath|Brook|Skye|Sunny|Star
Harmony|Destiny|Melody|Miles|Ace|Grace Young|Will Long|Hope Price|April Early|June Summers|Summer Rain
Mark Bills|Bill Rich|Rich Young|Angel Cruz|Dawn Price|Joe Friday|Kate Early|Ann Long|Tom Young|Jim Price
Sally Day|Rick Winter|Rita March|Bob White|Jane Black|Tina Brown|Gary Gray|Rosa Blanco|Amy Green|Neil Armstrong
Pat Head|Cliff Hand|Tanya Hill|Sam Field|Beth Wood|Lily Brooks|Ron Rivers|Joan Lake|Dee Church|Peter Bishop
Al Pope|Ida King|Ed Prince|Kim Love|Sara Good|Nick Best|Lou Sharp|Jill Sweet|Ted Strong|Amber Wise|Carl Short
Nell Little|Mo Small|Jan Day|Greta Knight|Eve Night|Art Case|Bob Barker|Jo March|Dan Book|Kay Call|Ken Chance
Lee Money|Sol Cash|Tim Burns|Ray Burn|Meg Cook|Joe Baker|Di Butcher|Ali Carpenter|Lynn Taylor|Les Miller
Val Weaver|Ana Paz|Luz Reyes|Angeles Flores|Jesús Rojas|Concepción Ruiz|José Nuñez|Inés Muñoz|Ángel Ibáñez
Lucía Gómez|Guadalupe Hernández|Xochitl Ramirez|Itzel Cruz|Citlali Moreno|Fernando Peña|Björn Åkesson
Søren Kierkegaard|Øystein Dahl|Åsa Lindqvist|Zoë Kravitz|Chloë Sevigny|Renée Blanc|François Dupont|Élodie Roux
Jürgen Müller|Käthe Groß|Günther Weiß|Ivan Petrov|Олена Шевченко|Dmitri Volkov|Svetlana Orlova
Yiannis Papadopoulos|Eleni Georgiou|Ayşe Yılmaz|Mehmet Öztürk|Gülşen Çelik|Ioana Popescu|Ștefan Ionescu
Ľubica Nováková|Jiří Dvořák|Szabó Éva|Priya Raghunathan|Ravi Shankar|Venkatesh Iyer|Lakshmi Subramanian
Gurpreet Kaur|Harpreet Singh|Aarav Patel|Deepika|Kenji Tanaka|Yuki Sato|Haruto|Sakura Ito|Min-jun Kim
Seo-yeon Park|Ji Woo Choi|Jose Rizal|Maricel Santos|Bayani Reyes|Kalani Kealoha|Leilani Akana|Winona Begay
Dakota Yazzie|Tecumseh|DeShawn Jackson|LaKeisha Brown|Tyrone Biggs|D'Andre Swift|Precious Moyo|Blessing Dube
Thabo Mbeki|Nomvula Zulu|Wanjiku Kamau|Kwame Mensah|Abena Osei|Tesfaye Bekele|Selamawit|Yaa Asantewaa|Ximena
Zuri|Kai|Bo|Jo|Al|Li|Wu|Ng|Oz|Ana|Eva|Io Vey|Cy Young|An Nguyen|My Tran|Do Kim|So Young Kim|Olivia Bennett|liam
Noah Kim-Davis|emma r|Sophia L.|Isabella Marie Torres|mrs gonzalez|Ji-ho|Nkechi|Oluwatobiloba Adebayo|Thi Mai
Quang|Hua Li|Xi Chen|Sven|Håkon|Aoife|Niamh Byrne|Saoirse|Cillian|Tariq|Abdi Warsame|Hodan|Farhan Khan
Sanjay Gupta|Meera|Rohini Deshpande|Tomasz|Bożena Król|Jerzy Pająk|Ola|Günay|Ahmet Kaya|Deniz|Bjorn|Lars Olsen
Matteo Ricci|Chiara|Beatriz Souza|Thiago|Valentina Rojas|Mateo|doña Carmen|Esperanza Luna|Cielo|Paloma Fuentes
Blanca Nieves|Socorro Leon|Dolores Cabeza de Vaca|Jaylen Brooks|Shanice|Malik Washington|Aaliyah|Kehinde|Tunde
Akua|Kofi Annan|Wanda|Ethel Kaplan|Irving Goldberg|Shlomo Ben-David|Rivka|Moishe|Yael Bar-On|Hyun Bin
Eun-ji Song|Aiko|Hiroshi Yamamoto|Ngoc Anh|Bao|Phuong Dinh|Maile|Keanu|Sky Johnson|River Stone|Phoenix
Wren Taylor|Sage Miller|Rowan|Blue Ivy|Apple Martin|Rusty Nail|Buddy Holly|Sonny Bono|Princess Jackson
Sir Lancelot|Major Tom|King Charles|Duke Ellington|Mackenzie O'Dell|McKayla MacDonald|DeAndre|LeBron James
Van Morrison|Ross von Braun|E. B. White|C.J. Cregg|JR Smith|Mary Jo|Bobbi Jo Lee
""".replace("\n", "|")
    .strip("|")
    .split("|")
)

NO_NAMES = (
    """
idk|i dont know|why do you need that|why do you need my name|hello?|hello|hi|hey there|good morning|my name|name
not telling|no|nope|nah|skip|lol|brb|none of your business|who wants to know|same as before|you already have it
u already have it|i already told you|i told you already|already gave it|same as last time|the same|same name
as above|see above|you know it|you should have it|its on file|i'd rather not say|rather not|prefer not to say
not comfortable|no thanks|no thank you|pass|do i have to|is that necessary|is it required|do you need it
what for|for what|why|what|who|who are you|who is this|huh|are you a bot|are you real|is this a bot
can i talk to a person|real person please|agent|human|operator|representative|stop|cancel|quit|exit|nevermind
never mind|nvm|forget it|wait|hold on|one sec|one moment|just a minute|give me a minute|later|not now
maybe later|ok|okay|k|yes|yeah|yep|sure|of course|fine|thanks|thank you|ty|thx|cool|great|perfect|awesome|got it
haha|hahaha|lmao|omg|wtf|ugh|hmm|um|uh|meh|whatever|idc|dunno|no idea|no clue|anonymous|private|secret
confidential|nobody|no one|someone|anyone|me|myself|it's me|just me|my self|you|guess|guess who|take a guess
test|testing|asdf|qwerty|xyz|abc|12345|60614|312-555-0100|dana@example.com|tuesday|tomorrow|friday at 3
next week|morning|asap|whenever|anytime|3pm|i have milia|milia|white bumps|my eyelid|bumps on my face|removal
does it hurt|how much is it|how much does it cost|do you take insurance|where are you located
what are your hours|are you open saturday|can i come in today|i want an appointment|book me|appointment
i need help|help|it hurts|im scared|im nervous|is it cancer|my son|my daughter|my mom|for my son
its for my husband|no name|n/a|none|na|nothing|not important|not your business|mind your own business
leave me alone|this is stupid|you're annoying|shut up|fuck off|bye|goodbye|see you|ttyl|gtg|can you repeat that
what did you say|i dont understand|no entiendo|no hablo ingles|habla español|por que|para que|no quiero decir
spanish please|in spanish|is that safe|who sees this|is this private|what will you do with it|do you share it
can i give a nickname|does it matter|first or last|first and last|full name|just first|just first name ok
my real name|my legal name|whose name|mine or my son's|patient's name or mine|which name|whos name
my name or hers|it's complicated|long story|hard to spell|hard to pronounce|i'll tell you later
i will give it at the clinic|in person|call me|text me|just call me|call me back|email me|please no
thats private|is a nickname ok|do u really need that|im not giving u that|why should i|i changed my mind
just curious|just looking|just a question|only asking|not sure yet|you first|your name first|what's yours
what is yours|how come|seriously|really|come on|enough|stop asking|too many questions|this takes forever
are you human|hablas espanol|gracias|hola|buenos dias|ok wait|hang on|be right back|phone died|wrong button|oops
sorry|my bad|typo|i clicked wrong|go back|restart|start over|menu|back|next|continue|done|finish|submit|send
yes i am|yes it is|that's me|thats right|correct|wrong|incorrect|not me|new patient|existing patient
i'm a patient|i'm new|i was there last year|dr smith saw me|google sent me|a friend told me|insurance|blue cross
medicaid|price list|parking|under my eyes|on my cheek|left eyelid|it itches|red and swollen|baby acne
two weeks ago|since march|for a year|my wife|my kid|the baby|mom|dad|male|female|he|she|32|five|100 dollars|tmrw
mañana|morning please|after work|weekend|first available|surprise me|dont care|doesnt matter|anything|everything
all of it|both|neither|either|maybe|probably|i guess|i think so|good|not good|bad|so so|happy|tired|hungry|cold
hot|boring|funny|sad|mad|angry|scared|ouch|wow|nice|sweet|yay|boo|meow|?|!!|...|👍|ok 👍|hmm ok|k thx|np|yw|imo
tysm|pls help|urgent|emergency|asap please|lol no|good question|not yet|ask later|my phone is dead|the usual
ty anna|ty so much|ty doc|ty nima
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
