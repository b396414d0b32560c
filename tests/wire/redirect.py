"""Run a module with discord.py pointed at a stand-in: API_BASE GATEWAY_URL MODULE [ARGUMENTS]."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import discord.gateway
import discord.http
import yarl


def redirect(api_base: str, gateway_url: str) -> None:
    """Point discord.py at other addresses; clients that start afterwards connect there."""
    discord.http.Route.BASE = api_base
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)


def main() -> None:
    """Do as `python -m MODULE ARGUMENTS` does, but redirected."""
    _, api_base, gateway_url, module, *arguments = sys.argv
    redirect(api_base, gateway_url)
    sys.path[0] = str(Path.cwd())
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
