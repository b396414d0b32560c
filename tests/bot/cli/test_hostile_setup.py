"""What an operator's machine may do to the bot: tokens stay secret, pipes are not waited for."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import discord
import pytest
import yaml

from bot.gateway.invitation import PERMISSIONS, REASONS, invitation
from bot.settings.settings import load_settings
from index.errors import SetupError
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[3]
TOKEN = "MTk4NjIyNDgzNDcx.Cl2FMQ.a-secret-that-nobody-sees"


def footnote(*arguments: str | Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command; more than all patience is a hang."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(os.fsencode, map(str, arguments))],
        cwd=ROOT, capture_output=True, timeout=PATIENCE_S, check=False, stdin=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **variables},
    )  # fmt: skip


class TestToken:
    def test_it_is_in_no_text_of_the_settings(self) -> None:
        settings = load_settings({"DISCORD_TOKEN": TOKEN, "DATABASE_URL": f"sqlite:///{TOKEN}"})
        assert settings.discord_token() == TOKEN
        for text in (
            repr(settings),
            str(settings),
            settings.model_dump_json(),
            f"{settings.token}",
        ):
            assert TOKEN not in text

    @pytest.mark.parametrize(
        "variables",
        [
            {"FOOTNOTE_LOG_LEVEL": TOKEN},
            {"DISCORD_API_BASE": f"http://{TOKEN}.example/"},
            {"DISCORD_GATEWAY_URL": f"ftp://{TOKEN}/"},
            {"FOOTNOTE_MAX_FILE_BYTES": TOKEN},
            {"FOOTNOTE_TOKEN": TOKEN},
            {"FOOTNOTE_REFRESH_SERVERS": TOKEN},
        ],
    )
    def test_put_into_a_wrong_variable_it_is_not_repeated(self, variables: dict[str, str]) -> None:
        with pytest.raises(SetupError) as caught:
            load_settings({"DISCORD_TOKEN": TOKEN, **variables})
        assert TOKEN not in str(caught.value)

    @pytest.mark.parametrize(
        "content", [f"token: {TOKEN}", f"discord_token: {TOKEN}", f"- {TOKEN}", f"data: [{TOKEN}"]
    )
    def test_put_into_the_yaml_file_it_is_not_repeated(self, tmp_path: Path, content: str) -> None:
        (tmp_path / "s.yaml").write_text(content)
        with pytest.raises(SetupError) as caught:
            load_settings({"FOOTNOTE_SETTINGS": str(tmp_path / "s.yaml")})
        assert TOKEN not in str(caught.value)

    @pytest.mark.parametrize("inner", ["\n", "\r\nX-Header: 1", " ", "\x00", "é", "\udcff", "\x1b"])
    def test_a_sign_that_no_token_has_is_refused_before_it_is_sent(self, inner: str) -> None:
        with pytest.raises(SetupError, match="DISCORD_TOKEN holds a space") as caught:
            load_settings({"DISCORD_TOKEN": f"{TOKEN}{inner}x"}).discord_token()
        assert TOKEN not in str(caught.value)

    def test_a_file_may_have_a_mark_and_a_line_end(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
        settings = load_settings({"DISCORD_TOKEN_FILE": str(tmp_path / "token")})
        assert settings.discord_token() == TOKEN

    def test_two_lines_in_the_file_are_refused_unseen(self, tmp_path: Path) -> None:
        (tmp_path / "token").write_text(f"{TOKEN}\n{TOKEN}\n")
        settings = load_settings({"DISCORD_TOKEN_FILE": str(tmp_path / "token")})
        with pytest.raises(SetupError, match="DISCORD_TOKEN_FILE holds a space") as caught:
            settings.discord_token()
        assert TOKEN not in str(caught.value)

    @pytest.mark.parametrize("kind", ["pipe", "device", "folder", "large", "binary"])
    def test_a_file_that_holds_no_token_is_refused_without_waiting(
        self, tmp_path: Path, kind: str
    ) -> None:
        path = tmp_path / kind
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "device":
            path.symlink_to("/dev/zero")
        elif kind == "folder":
            path.mkdir()
        else:
            path.write_bytes(b"x" * 5000 if kind == "large" else b"\xff\xfe")
        settings = load_settings({"DISCORD_TOKEN_FILE": str(path)})
        with pytest.raises(SetupError, match=r"DISCORD_TOKEN_FILE: .* cannot be read"):
            settings.discord_token()

    def test_no_command_takes_it_as_an_argument_and_no_output_has_it(self, tmp_path: Path) -> None:
        shown = footnote("run", "--help").stdout + footnote("sync", "--help").stdout
        assert b"--token" not in shown
        ended = footnote(
            "sync",
            DISCORD_TOKEN=TOKEN,
            DISCORD_API_BASE="http://127.0.0.1:9/api",
            FOOTNOTE_STATE=str(tmp_path),
            FOOTNOTE_LOG_LEVEL="DEBUG",
        )
        assert ended.returncode != 0
        assert TOKEN.encode() not in ended.stdout + ended.stderr
        assert b"Traceback" not in ended.stderr


class TestCommandLine:
    @pytest.mark.parametrize(
        "arguments",
        [
            ["ask", "when \udcff"],
            ["ask", "--json", "when \udcff"],
            ["ask", "--after", "\udcff", "when?"],
            ["cite", "\udcff"],
            ["cite", "28", "--document", "\udcff"],
            ["check", "/none/\udcff"],
            ["check", "/dev/zero"],
            ["eval", "/dev/zero"],
            ["library", "add", "/dev/zero", "--server", "5", "--yes"],
            ["library", "remove", "\udcff", "--server", "5", "--yes"],
            ["ask", "a\u202eb \u200b\u2066"],
        ],
    )
    def test_signs_that_are_no_text_end_in_words(
        self, tmp_path: Path, arguments: list[str]
    ) -> None:
        ended = footnote(*arguments, FOOTNOTE_STATE=str(tmp_path / "state"))
        assert b"Traceback" not in ended.stderr
        assert ended.stdout + ended.stderr

    @pytest.mark.parametrize(
        "arguments",
        [
            ["library", "add", "PIPE", "--server", "5", "--yes"],
            ["eval", "PIPE"],
            ["check", "PIPE"],
            ["restore", "PIPE", "--yes"],
        ],
    )
    def test_a_pipe_is_refused_without_waiting(self, tmp_path: Path, arguments: list[str]) -> None:
        pipe = tmp_path / "pipe.yaml"
        os.mkfifo(pipe)
        given = [str(pipe) if one == "PIPE" else one for one in arguments]
        ended = footnote(*given, FOOTNOTE_STATE=str(tmp_path / "state"))
        assert ended.returncode == 1
        assert b"regular file" in ended.stderr
        assert b"Traceback" not in ended.stderr

    def test_a_pipe_as_settings_is_refused_without_waiting(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "s.yaml")
        ended = footnote("ask", "when?", FOOTNOTE_SETTINGS=str(tmp_path / "s.yaml"))
        assert ended.returncode == 78
        assert b"not a regular file" in ended.stderr


class TestInvitation:
    def test_it_asks_for_what_has_a_reason_alone(self) -> None:
        granted = [name for name, granted in PERMISSIONS if granted]
        assert len(granted) == len(REASONS) == 4
        assert all(getattr(PERMISSIONS, name) for name in REASONS)
        assert not PERMISSIONS.is_superset(discord.Permissions(manage_messages=True))

    def test_readme_invites_with_the_same_rights(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        found = re.search(r"permissions=(\d+)", readme)
        assert found is not None
        assert int(found[1]) == PERMISSIONS.value
        assert f"permissions={PERMISSIONS.value}" in invitation(1)


class TestDeployment:
    def test_the_container_may_do_nothing_but_write_its_state(self) -> None:
        service = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["footnote"]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "cap_add" not in service
        assert "privileged" not in service
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert service["user"] == "10001:10001"
        assert service["restart"].startswith("on-failure")
        assert "DISCORD_TOKEN" not in service["environment"]

    def test_the_user_of_the_container_is_that_of_the_image(self) -> None:
        dockerfile = (ROOT / "Dockerfile").read_text()
        assert "USER 10001" in dockerfile

    def test_systemd_does_not_restart_after_a_wrong_setting(self) -> None:
        unit = (ROOT / "deploy" / "footnote.service").read_text().splitlines()
        for line in (
            "RestartPreventExitStatus=78",
            "DynamicUser=yes",
            "ProtectSystem=strict",
            "CapabilityBoundingSet=",
            "NoNewPrivileges=yes",
            "LoadCredential=token:/etc/footnote/token",
            "Environment=DISCORD_TOKEN_FILE=%d/token",
        ):
            assert line in unit

    @pytest.mark.parametrize("lock", ["run", "preview", "dev", "audit"])
    def test_every_pinned_package_has_a_hash(self, lock: str) -> None:
        text = (ROOT / "requirements" / f"{lock}.txt").read_text().replace("\\\n", " ")
        pinned = [line for line in text.splitlines() if re.match(r"[a-zA-Z]", line)]
        assert pinned
        for line in pinned:
            assert re.match(r"\S+==\S+ .*--hash=sha256:[0-9a-f]{64}", line), line
