"""Settings: strict, and never giving the token away."""

from pathlib import Path

import pytest

from bot.settings.settings import load_settings
from index.errors import SetupError


def test_without_variables_the_shipped_defaults_hold() -> None:
    settings = load_settings({})
    assert settings.data is None
    assert settings.state.name == "footnote"


def test_a_misspelt_variable_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        SetupError, match=r"unknown setting FOOTNOTE_DATTA \(did you mean FOOTNOTE_DATA\?\); known"
    ):
        load_settings({"FOOTNOTE_DATTA": "x"})


def test_the_yaml_file_sets_what_the_environment_does_not(tmp_path: Path) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text("data: from-yaml\nlog_level: WARNING\n")
    settings = load_settings({"FOOTNOTE_SETTINGS": str(file), "FOOTNOTE_DATA": "from-env"})
    assert (settings.data, settings.log_level) == (Path("from-env"), "WARNING")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("token: abc", "settings.yaml:1: unknown key 'token'"),
        ("data: a\nstat: b", "settings.yaml:2: unknown key 'stat'"),
        ("data: [", "settings.yaml:1: not valid YAML"),
        ("log_level: LOUD", "settings.yaml:1: log_level must be 'DEBUG'"),
    ],
)
def test_a_wrong_yaml_file_is_told_by_line(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "settings.yaml"
    file.write_text(content)
    with pytest.raises(SetupError, match=said):
        load_settings({"FOOTNOTE_SETTINGS": str(file)})


def test_a_missing_yaml_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"FOOTNOTE_SETTINGS: .* cannot be read"):
        load_settings({"FOOTNOTE_SETTINGS": str(tmp_path / "none.yaml")})


@pytest.mark.parametrize(
    "variables",
    [
        {"DISCORD_API_BASE": "https://example.org/api"},
        {"DISCORD_API_BASE": "http://127.0.0.1:8080/api"},
        {"DISCORD_API_BASE": "http://[::1]:8080/api"},
        {"DISCORD_API_BASE": "http://localhost/api"},
        {"DISCORD_GATEWAY_URL": "wss://example.org"},
        {"DISCORD_GATEWAY_URL": "ws://127.0.0.1:1"},
    ],
)
def test_the_token_may_go_encrypted_or_to_this_machine(variables: dict[str, str]) -> None:
    assert load_settings(variables)


@pytest.mark.parametrize(
    "variables",
    [
        {"DISCORD_API_BASE": "http://example.org/api"},
        {"DISCORD_API_BASE": "http://127.0.0.1.example.org/api"},
        {"DISCORD_API_BASE": "http://10.0.0.1/api"},
        {"DISCORD_API_BASE": "ftp://localhost"},
        {"DISCORD_API_BASE": "https://"},
        {"DISCORD_GATEWAY_URL": "ws://example.org"},
        {"DISCORD_GATEWAY_URL": "http://localhost"},
    ],
)
def test_the_token_may_go_nowhere_else(variables: dict[str, str]) -> None:
    with pytest.raises(SetupError, match="since the token is sent there"):
        load_settings(variables)


class TestToken:
    def test_comes_from_the_environment(self) -> None:
        assert load_settings({"DISCORD_TOKEN": " abc\n"}).discord_token() == "abc"

    def test_comes_from_a_file(self, tmp_path: Path) -> None:
        file = tmp_path / "token"
        file.write_text("abc\n")
        assert load_settings({"DISCORD_TOKEN_FILE": str(file)}).discord_token() == "abc"

    @pytest.mark.parametrize("content", [None, "", b"\xff"])
    def test_a_file_that_holds_none_is_told(
        self, tmp_path: Path, content: str | bytes | None
    ) -> None:
        file = tmp_path / "token"
        if content is not None:
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(SetupError, match="DISCORD_TOKEN_FILE"):
            load_settings({"DISCORD_TOKEN_FILE": str(file)}).discord_token()

    def test_without_one_preview_is_pointed_at(self) -> None:
        with pytest.raises(SetupError, match="footnote preview"):
            load_settings({}).discord_token()

    def test_is_never_shown(self) -> None:
        settings = load_settings({"DISCORD_TOKEN": "abc.def"})
        assert "abc.def" not in repr(settings) + str(settings)
