"""The schema's versions: Alembic's migrations of this package, run without an alembic.ini."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from bot.store.database.backend import Backend
from bot.store.errors import NewerSchemaError

__all__ = ["upgrade"]


def upgrade(backend: Backend, engine: Engine) -> None:
    """Bring the database to the newest schema, in one transaction; raises NewerSchemaError."""
    scripts = ScriptDirectory.from_config(_config())
    newest = set(scripts.get_heads())
    if _versions(engine) != newest:
        with backend.migration(engine) as connection:
            _refuse_newer(scripts, set(MigrationContext.configure(connection).get_current_heads()))
            command.upgrade(_config(connection), "head")
    backend.migrated(engine)


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "bot.store.database:migrations")
    return config


def _versions(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(MigrationContext.configure(connection).get_current_heads())


def _refuse_newer(scripts: ScriptDirectory, versions: set[str]) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    if not versions <= known:
        raise NewerSchemaError(
            f"the database was made by a newer Footnote (schema {', '.join(versions - known)}); "
            "it was left as it is. Install that version, or bring an older backup back: "
            "footnote restore FILE"
        )
