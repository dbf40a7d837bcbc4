"""Who the instance talks to besides visitors, on loopback: a carrier for text messages, and a receiver of notices."""

import asyncio
import json
import secrets
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from aiohttp import web

from evaluation.instance import HOST

ACCOUNT = "AC" + "0" * 32


@dataclass
class StandIns:
    """What came in. Use as an async context; `url` is known inside of it."""

    url: str = ""
    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By number, the texts that the carrier took, in order."""
    text_ids: set[str] = field(default_factory=set)
    """The ids that the carrier gave."""
    notices: Counter[str] = field(default_factory=Counter)
    """By the notice's id, how often it came."""

    async def __aenter__(self) -> "StandIns":
        app = web.Application()
        app.router.add_post(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json", self._take_text)
        app.router.add_post("/notices", self._take_notice)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, 0)
        await site.start()
        _, port = self._runner.addresses[0]
        self.url = f"http://{HOST}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()

    async def next_text(self, number: str, known: int, seconds: float) -> str | None:
        """The text to a number after so many; None when there is none within the time."""
        deadline = asyncio.get_running_loop().time() + seconds
        while asyncio.get_running_loop().time() < deadline:
            if len(self.texts[number]) > known:
                return self.texts[number][known]
            await asyncio.sleep(0.1)
        return None

    async def _take_text(self, request: web.Request) -> web.Response:
        form = await request.post()
        identifier = f"SM{secrets.token_hex(16)}"
        self.text_ids.add(identifier)
        self.texts[str(form["To"])].append(str(form["Body"]))
        return web.json_response({"sid": identifier, "status": "queued"}, status=201)

    async def _take_notice(self, request: web.Request) -> web.Response:
        self.notices[str(request.headers.get("webhook-id", ""))] += 1
        json.loads(await request.text())
        return web.Response()
