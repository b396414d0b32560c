"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make all tables, and the one row of `stamp`."""
    stamp = op.create_table(
        "stamp",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("value", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_stamp"),
    )
    op.bulk_insert(stamp, [{"id": 1, "value": 0}])
    _create_libraries()
    _create_servers()


def _create_libraries() -> None:
    op.create_table(
        "libraries",
        sa.Column("owner", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("current", sa.Integer, nullable=False),
        sa.Column("stamp", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_libraries"),
    )
    op.create_index("ix_libraries_stamp", "libraries", ["stamp"])
    op.create_table(
        "revisions",
        sa.Column("owner", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("by_id", sa.BigInteger),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("added", sa.Integer, nullable=False),
        sa.Column("removed", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("seconds", sa.Double, nullable=False),
        sa.PrimaryKeyConstraint("owner", "number", name="pk_revisions"),
        sa.ForeignKeyConstraint(["owner"], ["libraries.owner"], name="fk_revisions_owner"),
    )
    op.create_index("ix_revisions_by_id", "revisions", ["by_id"])
    op.create_table(
        "sources",
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_sources"),
    )
    op.create_table(
        "revision_documents",
        sa.Column("owner", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("spec", sa.Text, nullable=False),
        sa.Column("file_name", sa.Text, nullable=False),
        sa.Column("source", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("owner", "number", "document", name="pk_revision_documents"),
        sa.ForeignKeyConstraint(
            ["owner", "number"],
            ["revisions.owner", "revisions.number"],
            name="fk_revision_documents_owner_number",
        ),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.sha256"], name="fk_revision_documents_source"
        ),
    )
    op.create_index("ix_revision_documents_source", "revision_documents", ["source"])


def _create_servers() -> None:
    op.create_table(
        "server_settings",
        sa.Column("guild_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_server_settings"),
    )
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("by_id", sa.BigInteger),
        sa.Column("by_name", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_by_id", "audit", ["by_id"])
    op.create_index("ix_audit_guild_id_at", "audit", ["guild_id", "at"])
    op.create_table(
        "gaps",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("guild_id", sa.BigInteger, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person", sa.String(128)),
        sa.Column("answer", sa.String(128)),
        sa.PrimaryKeyConstraint("id", name="pk_gaps"),
    )
    op.create_index("ix_gaps_at", "gaps", ["at"])
    op.create_index("ix_gaps_person", "gaps", ["person"])
    op.create_index("ix_gaps_answer", "gaps", ["answer"])
    op.create_index("ix_gaps_guild_id_at", "gaps", ["guild_id", "at"])
    op.create_table(
        "votes",
        sa.Column("answer", sa.String(128), nullable=False),
        sa.Column("person", sa.String(128), nullable=False),
        sa.Column("guild_id", sa.BigInteger),
        sa.Column("value", sa.Integer, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("answer", "person", name="pk_votes"),
    )
    op.create_index("ix_votes_person", "votes", ["person"])
    op.create_index("ix_votes_guild_id", "votes", ["guild_id"])
    op.create_table(
        "departures",
        sa.Column("guild_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("guild_id", name="pk_departures"),
    )
    op.create_index("ix_departures_left_at", "departures", ["left_at"])
