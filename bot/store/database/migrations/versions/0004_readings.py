"""What importers made of the sources of documents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column; what is stored was read without an importer."""
    with op.batch_alter_table("revision_documents") as batch:
        batch.add_column(sa.Column("reading", sa.String(64), nullable=True))
        batch.create_foreign_key(
            "fk_revision_documents_reading", "sources", ["reading"], ["sha256"]
        )
        batch.create_index("ix_revision_documents_reading", ["reading"])
