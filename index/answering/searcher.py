"""A question to an Answer: the one road through analysis, engine, confidence and highlight."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from index.answering.answer import MAX_HITS, Answer, Hit
from index.answering.candidates import Where
from index.answering.confidence import BALANCED, Reason, Thresholds, spread
from index.answering.conversation import REMEMBERED, Turn, follow_up, taken_over
from index.answering.leaning import asked_anew, is_part, leans
from index.answering.lookups import (
    PointedQuestion,
    PointedQuestions,
    numbers_asked,
    numbers_named,
    phrase_asked,
    plain_text,
)
from index.answering.meaning import Meaning
from index.answering.question import understand
from index.answering.ranking import Ranking
from index.answering.rerank import WEIGHTS
from index.documents.document import Document
from index.documents.passages import Passage
from index.documents.reading.markers import normalise_citation
from index.errors import UnknownCitationError
from index.library.collection import Collection, Position
from index.library.library import IndexedLibrary, nearest
from index.meaning.model import knows
from index.text.aliases import Rows
from index.text.analysis import analyser_for
from index.text.languages import is_other, language_of

__all__ = ["MAX_QUESTION_CHARS", "Searcher"]

PHRASE_CANDIDATES = 200
"""How many passages are looked through for a phrase in quotation marks."""
MAX_QUESTION_CHARS = 1000
CERTAIN = 0.99
"""From this confidence on, by words alone, what passages mean is not asked."""


class Searcher:
    """Answers questions over the libraries of one collection, at fixed revisions."""

    def __init__(
        self,
        libraries: Sequence[IndexedLibrary],
        thresholds: Thresholds = BALANCED,
        weights: Mapping[str, float] = WEIGHTS,
        meaning: Meaning | None = None,
        *,
        always: bool = False,
        words: Rows = (),
        pointed: Sequence[PointedQuestion] = (),
    ) -> None:
        """`meaning` is asked where words leave a question open, or `always`.

        The forms of each row of `words` mean the same here; whoever asks a `pointed` question is
        answered with its passage.
        """
        self.collection = Collection(libraries, words)
        self._pointed = PointedQuestions(pointed, self.collection)
        self._thresholds = thresholds
        self._weights = weights
        self._by_words = Ranking(self.collection, weights)
        self._always = always
        # A model knows one language, and scores of two kinds cannot be compared.
        is_known = meaning is not None and knows(self.collection.languages)
        self._by_meaning = Ranking(self.collection, weights, meaning) if is_known else None

    def answer(self, question: str, limit: int = MAX_HITS, previous: Sequence[str] = ()) -> Answer:
        """Answer `question` with at most `limit` hits, best first. Never raises for its text.

        `previous` are the earlier questions of the same conversation, the oldest first.
        """
        answer = self.answer_by_words(question, limit, previous)
        return self.answer_by_meaning(question, limit, previous) if self.is_open(answer) else answer

    def answer_by_words(
        self, question: str, limit: int = MAX_HITS, previous: Sequence[str] = ()
    ) -> Answer:
        """As `answer`, without asking what passages mean."""
        return self._answer(self._by_words, question, limit, previous)

    def answer_by_meaning(
        self, question: str, limit: int = MAX_HITS, previous: Sequence[str] = ()
    ) -> Answer:
        """As `answer`, asking what passages mean whatever their words tell, where that is known."""
        return self._answer(self._by_meaning or self._by_words, question, limit, previous)

    def with_words(self, words: Rows) -> Searcher:
        """Another that knows these rows of words too, and asks nothing of meaning."""
        libraries, rows = self.collection.libraries, (*self.collection.words, *words)
        return Searcher(libraries, self._thresholds, self._weights, words=rows)

    def is_open(self, answer: Answer) -> bool:
        """Whether what passages mean may change an answer that was given by words."""
        if self._by_meaning is None or answer.is_lookup:
            return False
        is_judged = answer.reason in {None, Reason.LOW_CONFIDENCE, Reason.NO_MATCH}
        return is_judged and (self._always or answer.confidence < CERTAIN)

    def _answer(
        self, ranking: Ranking, question: str, limit: int, previous: Sequence[str]
    ) -> Answer:
        question = _with_single_spaces(question)
        text, anew = asked_anew(question)
        if anew and not text:
            return Answer(question, reason=Reason.NEW_QUESTION)
        answer, _ = self._turn(ranking, text, None if anew else self._recall(ranking, previous))
        limit = max(1, min(limit, MAX_HITS))
        return replace(answer, count=min(limit, answer.count))

    def cite(self, number: str, document_id: str | None = None) -> list[Hit]:
        """All passages that carry a citation number, of one document or of all.

        `number` may be several, or a range: "28", "18-21", "3, 5 and 9".
        Raises UnknownDocumentError, and UnknownCitationError with the nearest known numbers.
        """
        positions = self.collection.find(numbers_named(number), document_id)
        if not positions:
            key = normalise_citation(number)
            known = self.collection.known_citations(document_id)
            raise UnknownCitationError(key or number, nearest(key, known))
        return [self._looked_up(position) for position in positions]

    def whereabouts(self, answer: Answer) -> dict[str, Where]:
        """Where the words of a question are found for the first candidate of its answer."""
        if answer.is_lookup or not answer.ranked or answer.ranked[0].position is None:
            return {}
        question = understand(answer.question, self.collection)
        return self._by_words.whereabouts(question, answer.ranked[0].position)

    def mark(self, question: str, cited: Iterable[tuple[Passage, Document]]) -> list[Hit]:
        """Known passages as hits of `question`, with its words marked, in the order given."""
        text = _with_single_spaces(question)[:MAX_QUESTION_CHARS]
        terms = understand(text, self.collection).terms
        return [Hit(passage, document, terms=terms) for passage, document in cited]

    def _recall(self, ranking: Ranking, previous: Sequence[str]) -> Turn | None:
        """What earlier questions leave to the next, each answered with those before it."""
        before: Turn | None = None
        for earlier in previous[-REMEMBERED:]:
            text, anew = asked_anew(_with_single_spaces(earlier))
            before = None if anew else before
            answer, turn = self._turn(self._by_words, text, before)
            is_last = earlier == previous[-1]  # to read all of them would take long
            if is_last and ranking is not self._by_words and self.is_open(answer):
                _, turn = self._turn(ranking, text, before)
            before = turn or before
        return before

    def _turn(self, ranking: Ranking, text: str, before: Turn | None) -> tuple[Answer, Turn | None]:
        """The answer to a question, and what it leaves to the next; nothing if a look-up."""
        if reason := self._unfit(text):
            return Answer(text, reason=reason), None
        if found := self._look_up(text):
            return found, None
        question = understand(text, self.collection)
        if position := self._pointed.find(text):
            hits = [replace(self._looked_up(position), terms=question.terms)]
            return _of_lookup(text, tuple(hits), Reason.NO_MATCH), Turn(question, tuple(hits))
        if question.small_talk and (before is None or question.asks is None):
            return Answer(text, reason=Reason.SMALL_TALK), None
        hits = ranking.rank(question)
        count = self._count(hits)
        if before is not None and leans(question, sure=count > 0):
            joined = follow_up(question, before, (hit.passage for hit in hits))
            joined_hits = ranking.rank(joined, before)
            joined_count = self._count(joined_hits)
            if not count or is_part(question) or joined_count:
                question, hits, count = joined, joined_hits, joined_count
        turn = Turn(question, tuple(hits[:count]))
        if not count and (language := self._other_language(text)):
            return Answer(
                text,
                tuple(hits),
                reason=Reason.OTHER_LANGUAGE,
                asked_in=language,
                answered_in=self.collection.languages,
            ), turn
        if not hits:
            reason = Reason.NO_MATCH if question.words else Reason.NO_CONTENT_WORDS
            return Answer(text, reason=reason), turn
        best = hits[0]
        is_close = not count and best.confidence >= self._thresholds.closest
        has_words = is_close or any(hit.signals["share"] > 0 for hit in hits)
        silence = Reason.LOW_CONFIDENCE if has_words else Reason.NO_MATCH
        corrected = None
        if question.was_mended:
            analyser = analyser_for(best.document.spec.language)
            corrected = question.corrected(analyser.terms(best.passage.text))
        return Answer(
            text,
            tuple(hits),
            count,
            best.confidence,
            None if count else silence,
            corrected,
            taken_over(question, best.passage, best.document) if before is not None else (),
            is_close=is_close,
            spellings=() if count else question.spellings,
        ), turn

    def _other_language(self, text: str) -> str | None:
        """The language of a question where no document is in it."""
        language = language_of(text)
        is_other_one = language is not None and is_other(language, self.collection.languages)
        return language if is_other_one else None

    def _count(self, hits: Sequence[Hit]) -> int:
        """How many of the candidates are an answer's hits."""
        scores, confidences = [hit.score for hit in hits], [hit.confidence for hit in hits]
        return spread(scores, confidences, MAX_HITS, self._thresholds.sure)

    def _unfit(self, text: str) -> Reason | None:
        if not self.collection.passages:
            return Reason.EMPTY_LIBRARY
        if not text:
            return Reason.EMPTY_QUESTION
        return Reason.TOO_LONG if len(text) > MAX_QUESTION_CHARS else None

    def _look_up(self, text: str) -> Answer | None:
        """The answer to a question that names a number, or a phrase; None to any other."""
        if numbers := numbers_asked(text):
            return self._look_up_numbers(text, numbers)
        phrase = phrase_asked(text)
        return self._look_up_phrase(text, phrase) if phrase else None

    def _look_up_numbers(self, text: str, numbers: Sequence[str]) -> Answer:
        """The passages that carry any of the citation numbers, a number's after the other's."""
        hits = tuple(self._looked_up(position) for position in self.collection.find(numbers))
        return _of_lookup(text, hits, Reason.UNKNOWN_CITATION)

    def _looked_up(self, position: Position) -> Hit:
        library = self.collection.libraries[position.library]
        document = self.collection.document_at(position)
        return Hit(library.passages[position.passage], document, 1.0, 1.0, position)

    def _look_up_phrase(self, text: str, phrase: str) -> Answer:
        """The passages that hold a phrase word for word, best first."""
        wanted, _ = plain_text(phrase)
        question = understand(phrase, self.collection)
        hits = []
        for hit in self._by_words.rank_by_words(question, PHRASE_CANDIDATES):
            plain, offsets = plain_text(hit.passage.text)
            start = plain.find(wanted)
            if start >= 0:
                span = (offsets[start], offsets[start + len(wanted) - 1] + 1)
                hits.append(replace(hit, confidence=1.0, spans=(span,)))
        return _of_lookup(text, tuple(hits), Reason.PHRASE_NOT_FOUND)


def _of_lookup(text: str, hits: tuple[Hit, ...], missing: Reason) -> Answer:
    """What a look-up found, all of which counts, or the reason that it found nothing."""
    if not hits:
        return Answer(text, reason=missing, is_lookup=True)
    return Answer(text, hits, len(hits), 1.0, is_lookup=True)


def _with_single_spaces(question: str) -> str:
    """`question` with single spaces: patterns try every way to share out a run of them.

    One that is too long stays so, and is not looked at.
    """
    return " ".join(question.split())
