"""What texts mean, told by a small model; the extra `meaning` has what runs it.

    >>> reader = Reader(Model())
    >>> Searcher([library], meaning=reader)

The model and its card, MODEL.md, lie beside this file. It knows English alone.
"""

from index.meaning.model import MeaningNotInstalledError, MeaningUnavailableError, Model
from index.meaning.reader import Reader, Remembering

__all__ = ["MeaningNotInstalledError", "MeaningUnavailableError", "Model", "Reader", "Remembering"]
