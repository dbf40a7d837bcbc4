"""What the wordings of one response are held to: what its shipped wordings have in common, and its facts."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from clinic.answers.forbidden_wording import denies_something
from clinic.answers.plain_text import placeholders, words_of
from clinic.answers.response_topics import ResponseTopic
from clinic.answers.rule_files import rules_of
from clinic.answers.wordings import CHANNELS, Wordings, texts_of
from clinic.contact import CLINIC_VARIABLES

# "removal" and "removed", "whitehead" and "whiteheads": the beginning of a word stands for all its forms.
STEM = 5
SHORTEST_WORD = 4


@dataclass(frozen=True)
class Standard:
    """What a response's wordings are compared with.

    `shipped` are those of the file. `facts` are the texts of all facts by id. `own_hosts` are the clinic's own sites.
    """

    response: str
    topic: ResponseTopic
    shipped: Wordings
    facts: Mapping[str, str]
    own_hosts: Collection[str] = field(default_factory=frozenset)

    @property
    def is_danger(self) -> bool:
        """Whether it is said when something may be urgent."""
        return self.response in rules_of("essential_words")["danger"]

    @property
    def allowed(self) -> set[str]:
        """The placeholders that are filled in for it."""
        return set(CLINIC_VARIABLES).union(*(placeholders(each.text) for each in self.shipped))

    def needed(self, channel: str) -> set[str]:
        """The placeholders that every shipped wording of a channel has."""
        return in_common(texts_of(self.shipped, channel), placeholders)

    def kept_words(self, channel: str) -> set[str]:
        """The words for carriers and people in need that every shipped wording of a channel has."""
        return in_common(texts_of(self.shipped, channel), lambda text: rules_of_kept() & set(words_of(text)))

    @property
    def danger_says(self) -> list[str]:
        """What every wording of it says when something may be urgent, such as `to call 911`."""
        return [str(rule["says"]) for rule in rules_of("essential_words")["danger"].get(self.response, ())]

    def is_denied(self, channel: str) -> bool:
        """Whether every shipped wording of a channel says of something that it is not so."""
        texts = texts_of(self.shipped, channel)
        return bool(texts) and all(denies_something(text) for text in texts)

    @property
    def named_facts(self) -> tuple[str, ...]:
        """The facts that its shipped wordings name, each once, the first one first."""
        return tuple(dict.fromkeys(fact for each in self.shipped for fact in each.facts or ()))

    @property
    def fact_words(self) -> set[str]:
        """The beginnings of words of its facts that every shipped wording has, without those that say nothing."""
        of_facts = stems(" ".join(self.facts.get(fact, "") for fact in self.named_facts))
        in_all = in_common([each.text for each in self.shipped], stems)
        return in_all & of_facts - stems(" ".join(rules_of("essential_words")["fillers"]))

    @property
    def known_words(self) -> set[str]:
        """Every word of its facts and of its shipped wordings, in small letters."""
        return {word.casefold() for word in words_of(self.known_text)}

    @property
    def known_text(self) -> str:
        """Its facts and its shipped wordings, each in its line, in small letters."""
        texts = [self.facts.get(fact, "") for fact in self.named_facts] + [each.text for each in self.shipped]
        return "\n".join(texts).casefold()

    @property
    def names_facts(self) -> bool:
        """Whether its wordings name the facts that they rest on, and be it none."""
        return any(each.facts is not None for each in self.shipped)


def in_common(texts: Iterable[str], part: Callable[[str], set[str]]) -> set[str]:
    """What `part` finds in each of the texts; nothing without texts."""
    found = [part(text) for text in texts]
    return set.intersection(*found) if found else set()


def stems(text: str) -> set[str]:
    """The beginnings of the words of a text, short ones left out."""
    return {word.casefold()[:STEM] for word in words_of(text) if len(word) >= SHORTEST_WORD}


def rules_of_kept() -> set[str]:
    """The words that nobody may lose, such as 911."""
    return {str(word) for word in rules_of("essential_words")["kept"]}


def channels_of(wordings: Wordings) -> list[str]:
    """The channels for which there are wordings."""
    return [channel for channel in CHANNELS if texts_of(wordings, channel)]
