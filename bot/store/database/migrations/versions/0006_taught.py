"""What moderators teach the bot: words, passages of questions, and messages taken over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

IDS_ONCE = {"sqlite_autoincrement": True}


def upgrade() -> None:
    """Make the tables; of gaps no id is given twice any more, nothing else changes."""
    if op.get_bind().dialect.name == "sqlite":  # other databases never did
        with op.batch_alter_table("gaps", recreate="always", table_kwargs=IDS_ONCE):
            pass
    op.create_table(
        "words",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("forms", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_words"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_words_guild_id", "words", ["guild_id"])
    op.create_table(
        "pointed_questions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("person", sa.String(128), nullable=True),
        sa.Column("owner", sa.BigInteger, nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("passage", sa.Integer, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pointed_questions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_pointed_questions_guild_id", "pointed_questions", ["guild_id"])
    op.create_index("ix_pointed_questions_person", "pointed_questions", ["person"])
    op.create_table(
        "kept_messages",
        sa.Column("message_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("channel_id", sa.BigInteger, nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("person", sa.String(128), nullable=False),
        sa.PrimaryKeyConstraint("message_id", name="pk_kept_messages"),
    )
    for column in ("guild_id", "channel_id", "person"):
        op.create_index(f"ix_kept_messages_{column}", "kept_messages", [column])
