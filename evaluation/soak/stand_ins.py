"""Who the instance talks to besides visitors, on loopback: a carrier for text messages, and a receiver of notices.

The carrier reports what became of a text, once and to nobody who does not answer, as Twilio does.
"""

import asyncio
import json
import secrets
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator
from yarl import URL

from evaluation.dialogues.sms_visitor import ACCOUNT, AUTH_TOKEN
from evaluation.instance_processes import HOST

STATUSES = ("sent", "delivered")
SECONDS_BETWEEN_REPORTS = 0.7
SECONDS_FOR_A_REPORT = 15.0
TAKEN, ACCEPTED = 201, 204


@dataclass
class Taken:
    """A text that the carrier took. Moments are of `time.monotonic`; `reported_at` is when a report was accepted."""

    carrier_id: str
    taken_at: float
    reported_at: float | None = None


@dataclass
class StandIns:
    """What came in. Use as an async context; `url` is known inside of it."""

    url: str = ""
    texts: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By number, the texts that the carrier took, in order."""
    text_ids: set[str] = field(default_factory=set)
    """The ids that the carrier gave."""
    taken: dict[str, list[Taken]] = field(default_factory=lambda: defaultdict(list))
    """By our number of a text, how the carrier took it; more than once is a text that the visitor got twice."""
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
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=SECONDS_FOR_A_REPORT),
        )
        self._reporting: set[asyncio.Task[None]] = set()
        _, port = self._runner.addresses[0]
        self.url = f"http://{HOST}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._reporting:
            task.cancel()
        await asyncio.gather(*self._reporting, return_exceptions=True)
        await self._http.close()
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
        number, reports = str(form["To"]), URL(str(form["StatusCallback"]))
        self.texts[number].append(str(form["Body"]))
        text = Taken(identifier, time.monotonic())
        self.taken[reports.query["text"]].append(text)
        task = asyncio.create_task(self._report(text, number, str(reports)))
        self._reporting.add(task)
        task.add_done_callback(self._reporting.discard)
        return web.json_response({"sid": identifier, "status": "queued"}, status=TAKEN)

    async def _report(self, text: Taken, number: str, address: str) -> None:
        for status in STATUSES:
            await asyncio.sleep(SECONDS_BETWEEN_REPORTS)
            form = {"AccountSid": ACCOUNT, "MessageSid": text.carrier_id, "MessageStatus": status, "To": number}
            signature = RequestValidator(AUTH_TOKEN).compute_signature(address, form)
            try:
                async with self._http.post(address, data=form, headers={"X-Twilio-Signature": signature}) as response:
                    if response.status == ACCEPTED and text.reported_at is None:
                        text.reported_at = time.monotonic()
            except (aiohttp.ClientError, asyncio.TimeoutError):
                continue  # nobody was there to hear it, and it is not said again

    async def _take_notice(self, request: web.Request) -> web.Response:
        self.notices[str(request.headers.get("webhook-id", ""))] += 1
        json.loads(await request.text())
        return web.Response()
