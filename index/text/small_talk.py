"""What people say around a question, and what is no question at all. English only, so far."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["is_about_the_bot", "is_small_talk", "without_filler"]

_OPENING = re.compile(
    r"""
    (?: (?:hey|hi|hello|yo|hiya|greetings)(?:\s+(?:there|all|everyone|guys|folks|bot|footnote))?\b
      | (?:good\s+(?:morning|afternoon|evening))\b
      | (?:ok|okay|um+|uh+|hmm+|btw|please|pls|plz|sorry)\b
      | (?:so|well|right|also|quick\s+question|question|just\s+wondering)(?=\s*[,:\-])
      | so\b(?=\s+(?:who|what|when|where|which|why|how|did|does|do|is|are|was|were|can))
      | (?:does|do|did)\s+(?:anyone|anybody|someone|somebody|you|u|y'?all)\s+(?:here\s+)?
        (?:know|remember|happen\s+to\s+know)\b
      | any(?:one|body)\s+(?:here\s+)?(?:know|remember)\b
      | (?:can|could|would|will)\s+(?:you|u|someone|anyone|somebody|anybody)\s+(?:please\s+|pls\s+)?
        (?:tell|explain|show|remind|give|help)\b(?:\s+(?:me|us)\b)?
      | (?:please\s+)?(?:tell|show|remind|give)\s+(?:me|us)\b
      | i\s*+(?:'d|would)?\s*+(?:just\s+)?(?:want|wanna|wanted|like|need)\s+to\s+
        (?:know|ask|find\s+out)\b
      | i\s*(?:'m|am|was)\s+(?:just\s+)?
        (?:wondering|curious|looking\s+for|trying\s+to\s+find\s+out)\b
      | (?:any\s+idea|do\s+we\s+know|i\s+wonder|remind\s+me)\b
    )
    [\s,.!:;\-]* (?:(?:about|if|on)\b\s*)?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CLOSING = re.compile(
    # Possessive, and begun only where a run begins: no run of signs is looked through twice.
    r"(?<![\s,.!;?\-])[\s,.!;?\-]++(?:please|pls|plz|thanks(?:\s+(?:a\s+lot|in\s+advance|so\s+much))?|thank\s+you"
    r"|thx|ty|lol|btw|anyone|anybody|guys|again|exactly|by\s+the\s+way|right)?[\s.!?]*+$",
    re.IGNORECASE,
)
_SMALL_TALK = frozenset(
    """
    hello hi hey hiya howdy yo sup greetings welcome morning afternoon evening night day good
    bye goodbye cya later thanks thank thx ty cheers appreciated lol lmao rofl haha hahaha hehe
    ok okay k cool nice great awesome amazing perfect wow yes yeah yep yup no nope nah sure
    please pls plz sorry oops hmm hm um uh ah oh bot footnote test testing ping pong anyone
    anybody somebody someone everyone everybody guys folks friend friends buddy mate dude bro
    lot much whats up gm gn brb afk
    """.split()
)


def without_filler(question: str) -> str:
    """`question` less what people say around it; unchanged where nothing would be left."""
    question_left = question
    while (match := _OPENING.match(question_left)) and match.end():
        question_left = question_left[match.end() :].lstrip()
    question_left = _CLOSING.sub("", question_left)
    return question_left if question_left.strip() else question


_ABOUT_THE_BOT = re.compile(
    r"""
    \s* (?: what(?:'s|\s+is)\s+(?:new|up|going\s+on)
          | (?:what|how)\s+(?:can|do|are)\s+you(?:\s+(?:do|work|doing|able\s+to\s+do))?
          | who\s+(?:are|made)\s+you | are\s+you\s+(?:a\s+)?(?:bot|human|real|there|ok|okay)
          | help(?:\s+me)? ) [\s?!.]*
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_about_the_bot(question: str) -> bool:
    """Whether a message asks how the bot is and what it can: "what can you do?"."""
    return bool(_ABOUT_THE_BOT.fullmatch(question))


def is_small_talk(words: Sequence[str]) -> bool:
    """Whether the content words of a message are greetings, thanks and the like, and no more."""
    return bool(words) and all(word in _SMALL_TALK for word in words)
