"""A digest of the documents of each revision."""

from __future__ import annotations

import hashlib
from itertools import groupby

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

REVISIONS = sa.table(
    "revisions",
    sa.column("owner", sa.BigInteger),
    sa.column("number", sa.Integer),
    sa.column("documents_digest", sa.String(64)),
)
DOCUMENTS = sa.table(
    "revision_documents",
    sa.column("owner", sa.BigInteger),
    sa.column("number", sa.Integer),
    sa.column("position", sa.Integer),
    sa.column("spec", sa.Text),
    sa.column("source", sa.String(64)),
)


def upgrade() -> None:
    """Add the column, fill it from what is stored, and let it be looked up."""
    nothing = hashlib.sha256().hexdigest()
    with op.batch_alter_table("revisions") as batch:
        batch.add_column(
            sa.Column("documents_digest", sa.String(64), nullable=False, server_default=nothing)
        )
    connection = op.get_bind()
    columns = DOCUMENTS.c
    query = sa.select(columns.owner, columns.number, columns.spec, columns.source).order_by(
        columns.owner, columns.number, columns.position
    )
    rows = []
    for (owner, number), documents in groupby(connection.execute(query), lambda row: row[:2]):
        digest = hashlib.sha256()
        for _, _, spec, source in documents:
            digest.update(hashlib.sha256(spec.encode()).digest() + source.encode())
        rows.append({"of_owner": owner, "of_number": number, "digest": digest.hexdigest()})
    if rows:
        of_revision = (REVISIONS.c.owner == sa.bindparam("of_owner")) & (
            REVISIONS.c.number == sa.bindparam("of_number")
        )
        change = sa.update(REVISIONS).where(of_revision)
        connection.execute(change.values(documents_digest=sa.bindparam("digest")), rows)
    with op.batch_alter_table("revisions") as batch:
        batch.alter_column("documents_digest", server_default=None)
        batch.create_index("ix_revisions_documents_digest", ["documents_digest"])
