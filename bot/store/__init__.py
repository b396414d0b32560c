"""What the bot keeps: libraries and their revisions, server settings, audit, gaps, feedback."""

from bot.store.audit import FORGOTTEN, AuditEntry
from bot.store.database.restoring import restore
from bot.store.database.state_folder import lock_state_folder
from bot.store.followed import FollowedAddress
from bot.store.gaps import Gap, GapKind
from bot.store.libraries import KEPT_REVISIONS, Purged
from bot.store.records import (
    SHARED,
    Action,
    Changes,
    Counts,
    DocumentChange,
    Person,
    StoredRevision,
)
from bot.store.server_settings import ServerSettings, Sureness
from bot.store.store import Store
from bot.store.taught.hints import Hints, Target
from bot.store.taught.messages import KeptMessage
from bot.store.votes import Vote

__all__ = [
    "FORGOTTEN",
    "KEPT_REVISIONS",
    "SHARED",
    "Action",
    "AuditEntry",
    "Changes",
    "Counts",
    "DocumentChange",
    "FollowedAddress",
    "Gap",
    "GapKind",
    "Hints",
    "KeptMessage",
    "Person",
    "Purged",
    "ServerSettings",
    "Store",
    "StoredRevision",
    "Sureness",
    "Target",
    "Vote",
    "lock_state_folder",
    "restore",
]
