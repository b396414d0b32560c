"""The key of the hashes that stand for people in votes and gaps."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table and its one row, a key of 256 random bits."""
    table = op.create_table(
        "pseudonym_key",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_pseudonym_key"),
    )
    op.bulk_insert(table, [{"id": 1, "key": secrets.token_bytes(32)}])
