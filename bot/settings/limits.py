"""What the operator allows the servers, each a setting of its own."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PositiveInt,
)

from bot.settings.hosts import checked_pattern

__all__ = ["Limits"]


def _as_list(value: Any) -> Any:
    """`1, 2` of a variable is the list of a YAML file."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


class Limits(BaseModel):
    """Limits on what moderators add and publish; refusals name the one that was reached."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    max_file_bytes: PositiveInt = Field(default=2_000_000, description="of an uploaded file")
    max_document_passages: PositiveInt = Field(default=10_000, description="of one document")
    max_server_passages: PositiveInt = Field(default=20_000, description="of one server")
    max_server_documents: PositiveInt = Field(default=50, description="of one server")
    max_publications_an_hour: PositiveInt = Field(default=30, description="of one library")
    kept_megabytes: PositiveInt = Field(
        default=256, description="of memory for libraries of servers that are kept ready"
    )
    log_questions: bool = Field(default=False, description="write questions into the log")
    cooldown_questions: PositiveInt = Field(default=5, description="of one person within …")
    cooldown_seconds: PositiveInt = Field(default=20, description="… so many seconds")
    cooldown_uploads: PositiveInt = Field(default=10, description="files of one server within …")
    cooldown_uploads_seconds: PositiveInt = Field(default=60, description="… so many seconds")
    refresh_servers: Annotated[tuple[PositiveInt, ...], BeforeValidator(_as_list)] | None = Field(
        default=None, description="ids of the servers that may refresh; default: all"
    )
    fetch_hosts: Annotated[
        tuple[Annotated[str, AfterValidator(checked_pattern)], ...], BeforeValidator(_as_list)
    ] = Field(default=(), description="hosts that pages may be fetched from; default: none")
    hold_gone_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        default=20, description="a fetched change is held where more of the passages are gone"
    )
    hold_found_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        default=50, description="… or where less of their number is found"
    )
