"""The addresses that documents are fetched from again, and how that went."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the table; no document was fetched before."""
    op.create_table(
        "followed_addresses",
        sa.Column("owner", sa.BigInteger, nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("fetched_from", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=True),
        sa.Column("last_modified", sa.Text, nullable=True),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("every_hours", sa.Integer, nullable=False),
        sa.Column("next_check", MOMENT, nullable=False),
        sa.Column("checked_at", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("failing_since", MOMENT, nullable=True),
        sa.Column("failure", sa.String(20), nullable=True),
        sa.Column("held_since", MOMENT, nullable=True),
        sa.Column("held", sa.String(20), nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("owner", "document", name="pk_followed_addresses"),
    )
    op.create_index("ix_followed_addresses_next_check", "followed_addresses", ["next_check"])
