"""Settings from the environment and, for all but the token, from a YAML file; strict in both."""

from __future__ import annotations

import ipaddress
import os
import re
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

from platformdirs import user_state_path
from pydantic import (
    Field,
    IPvAnyAddress,
    PositiveFloat,
    SecretStr,
    ValidationError,
    create_model,
    field_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from bot.settings.limits import Limits
from index.errors import CorpusError, SetupError
from index.files.lined_yaml import MAX_YAML_BYTES, parse_yaml, validation_problems
from index.files.regular import cause_of, read_regular_file

__all__ = ["FETCHED_FOLDER", "LogFormat", "Settings", "load_settings"]

SETTINGS_FILE_VARIABLE = "FOOTNOTE_SETTINGS"
MAX_TOKEN_BYTES = 4096
FETCHED_FOLDER = "fetched"
"""Of the state folder: what was fetched for corpus.yaml."""

LogFormat = Literal["text", "json"]

_CONTACT = re.compile(r"[!-'*-~]{3,200}")


class Settings(Limits):
    """All settings. A field `data` is set by FOOTNOTE_DATA or by `data:` in the YAML file."""

    data: Path | None = Field(default=None, description="folder of corpus.yaml; default: shipped")
    state: Path = Field(
        default_factory=partial(user_state_path, "footnote", appauthor=False),
        description="folder of what the bot keeps",
    )
    meaning: Literal["open", "all", "off"] = Field(
        default="open", description="what passages mean is asked for open questions, all or none"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    reconnect_max_seconds: PositiveFloat = Field(
        default=60, description="longest pause between attempts to reach Discord"
    )
    gateway_timeout_seconds: PositiveFloat = Field(
        default=60, description="how long the gateway may be silent; Discord's is, for 45 s"
    )
    log_format: LogFormat = "text"
    metrics_port: int | None = Field(
        default=None, ge=1, le=65535, description="of Prometheus metrics; default: none"
    )
    metrics_address: IPvAnyAddress = Field(
        default=ipaddress.IPv4Address("127.0.0.1"), description="where metrics_port listens"
    )
    fetch_contact: str | None = Field(
        default=None, description="address for those whose pages are fetched; it is told them"
    )
    token: SecretStr | None = Field(default=None, alias="DISCORD_TOKEN")
    token_file: Path | None = Field(default=None, alias="DISCORD_TOKEN_FILE")
    api_base: str | None = Field(default=None, alias="DISCORD_API_BASE")
    gateway_url: str | None = Field(default=None, alias="DISCORD_GATEWAY_URL")
    database_url: SecretStr | None = Field(default=None, alias="DATABASE_URL")

    @field_validator("api_base")
    @classmethod
    def _check_api_base(cls, address: str | None) -> str | None:
        return _check_server(address, secure="https", plain="http")

    @field_validator("gateway_url")
    @classmethod
    def _check_gateway_url(cls, address: str | None) -> str | None:
        return _check_server(address, secure="wss", plain="ws")

    @field_validator("fetch_contact")
    @classmethod
    def _check_contact(cls, contact: str | None) -> str | None:
        if contact is None or _CONTACT.fullmatch(contact):
            return contact
        raise ValueError(
            "must be an address of a page or of e-mail, without spaces and brackets, since it "
            "stands in the User-Agent"
        )

    @property
    def fetched(self) -> Path:
        """The folder of what was fetched for corpus.yaml."""
        return self.state / FETCHED_FOLDER

    def database(self) -> str | None:
        """The database's URL, which may hold a password, or None for a file in the state folder."""
        return self.database_url.get_secret_value() if self.database_url else None

    def secrets(self) -> list[str]:
        """What must never be written down: the token and the database's password, where given.

        Raises SetupError where the token is in a file that cannot be read.
        """
        has_token = self.token is not None or self.token_file is not None
        secrets = [self.discord_token()] if has_token else []
        if self.database_url is not None:
            parts = urlsplit(self.database_url.get_secret_value())
            # In the address it is quoted; a driver's message may hold it as it is.
            secrets += {parts.password, unquote(parts.password)} if parts.password else ()
        return secrets

    def discord_token(self) -> str:
        """The token, from DISCORD_TOKEN or the file DISCORD_TOKEN_FILE. Raises SetupError."""
        if self.token is not None and self.token.get_secret_value().strip():
            return _checked_token(self.token.get_secret_value(), "DISCORD_TOKEN")
        if self.token_file is not None:
            try:
                token = read_regular_file(self.token_file, MAX_TOKEN_BYTES).decode("utf-8-sig")
            except (OSError, ValueError) as error:
                cause = (
                    "it is no text" if isinstance(error, UnicodeDecodeError) else cause_of(error)
                )
                reason = f"DISCORD_TOKEN_FILE: {self.token_file} cannot be read ({cause})"
                raise SetupError(f"{reason}; check the path") from None
            if token.strip():
                return _checked_token(token, "DISCORD_TOKEN_FILE")
            raise SetupError(f"DISCORD_TOKEN_FILE: {self.token_file} is empty; put the token in it")
        raise SetupError(
            "no Discord token: set DISCORD_TOKEN or DISCORD_TOKEN_FILE (README says how to get "
            "one), or try the bot without a token: footnote preview"
        )


def load_settings(environ: os._Environ[str] | dict[str, str] | None = None) -> Settings:
    """Read the settings; the environment goes before the YAML file that FOOTNOTE_SETTINGS names.

    Raises SetupError that names every variable or key that is wrong.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    names = {_variable(name, field): name for name, field in Settings.model_fields.items()}
    unknown_names = [
        name
        for name in environ
        if name.startswith("FOOTNOTE_") and name not in names and name != SETTINGS_FILE_VARIABLE
    ]
    if unknown_names:
        known_names = [*sorted(name for name in names if name.startswith("FOOTNOTE_"))]
        known_names.append(SETTINGS_FILE_VARIABLE)
        wrong = ", ".join(_with_nearest(name, known_names) for name in sorted(unknown_names))
        raise SetupError(f"unknown setting {wrong}; known are {', '.join(known_names)}")
    if path := environ.get(SETTINGS_FILE_VARIABLE):
        values.update(_from_yaml(Path(path)))
    for variable, name in names.items():
        if environ.get(variable):
            values[Settings.model_fields[name].alias or name] = environ[variable]
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise SetupError("\n".join(_problem_line(detail) for detail in error.errors())) from None


def _checked_token(token: str, variable: str) -> str:
    """The token without what surrounds it. Raises SetupError, which never shows it."""
    token = token.strip()
    if not (token.isascii() and token.isprintable()) or " " in token:
        raise SetupError(
            f"{variable} holds a space, a line break or a sign that no token has; copy the token "
            "again from the developer portal (Bot, Reset Token), and nothing else"
        )
    return token


def _with_nearest(name: str, known_names: list[str]) -> str:
    nearest = get_close_matches(name, known_names, n=1)
    return f"{name} (did you mean {nearest[0]}?)" if nearest else name


def _variable(name: str, field: FieldInfo) -> str:
    return field.alias or f"FOOTNOTE_{name.upper()}"


def _problem_line(detail: ErrorDetails) -> str:
    field = str(detail["loc"][0])
    variable = field if field.isupper() else f"FOOTNOTE_{field.upper()}"
    return f"{variable}: {detail['msg'].removeprefix('Value error, ')}"


_YamlSettings: type[Limits] = create_model(  # type: ignore[call-overload]  # typed by name alone
    "_YamlSettings",
    __base__=Limits,
    **{
        name: (Annotated[field.annotation, Field(), *field.metadata] | None, None)
        for name, field in Settings.model_fields.items()
        if field.alias is None and name not in Limits.model_fields
    },
)
"""What the YAML file may hold: everything but the token and the server it goes to."""


def _from_yaml(path: Path) -> dict[str, Any]:
    try:
        content = read_regular_file(path, MAX_YAML_BYTES)
    except (OSError, ValueError) as error:
        reason = f"{SETTINGS_FILE_VARIABLE}: {path} cannot be read ({cause_of(error)})"
        raise SetupError(reason) from None
    try:
        source = parse_yaml(content, path.name)
    except CorpusError as error:
        raise SetupError(str(error)) from None
    try:
        model = _YamlSettings.model_validate(source.value or {})
    except ValidationError as error:
        problems = validation_problems(error, source, secret=True)
        raise SetupError("\n".join(map(str, problems))) from None
    return model.model_dump(exclude_unset=True, exclude_none=True)


def _check_server(address: str | None, *, secure: str, plain: str) -> str | None:
    """Refuse to send the token unencrypted to anything but this machine."""
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.scheme == secure and parts.hostname:
        return address
    if parts.scheme == plain and parts.hostname and _is_loopback(parts.hostname):
        return address
    raise ValueError(
        f"must start with {secure}:// ({plain}:// only for this machine's own addresses), since "
        "the token is sent there"
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
