"""A member of the staff at work in the console, as a browser without scripts would be."""

import asyncio
import contextlib
import random
import re

import aiohttp

from evaluation.soak.web_talk import NOT_THERE

NAME, PASSWORD = "maria", "correct horse battery staple"
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')
VERSION = re.compile(r'name="version" value="(\d+)"')
ROWS = re.compile(r'href="(/(?:requests|messages)/[0-9a-f-]{36})"')
STATUSES = ("contacted", "closed")
LISTS = ("/", "/requests", "/messages", "/conversations", "/insights")
SECONDS_BETWEEN_TRIES = 0.5
FOUND, OK = 303, 200
SECONDS_FOR_A_PAGE = 20.0


class Staff:
    """Use as an async context, once the console answers."""

    def __init__(self, address: str, chance: random.Random) -> None:
        """Prepare; `address` is the console's, without a closing slash."""
        self.pages = 0
        self.saved = 0
        self.problems: list[str] = []
        self.address = address
        self._chance = chance

    async def __aenter__(self) -> "Staff":
        self._http = aiohttp.ClientSession(
            # A cookie of 127.0.0.1, which aiohttp takes from names only unless told so.
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=SECONDS_FOR_A_PAGE),
            headers={"Origin": self.address},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    async def begin(self, link: str) -> None:
        """Make the first account by its link, and log in."""
        token = link.strip().rpartition("token=")[2] or link.strip().rpartition("/")[2]
        page = await self.page(link.strip())
        found = re.search(r'name="token" value="([^"]+)"', page)
        fields = {"token": found[1] if found else token, "name": NAME, "display_name": "Maria"}
        await self.send("/welcome", {**fields, "password": PASSWORD, "again": PASSWORD})
        await self.send("/login", {"name": NAME, "password": PASSWORD, "code": "", "next": "/"})

    async def work(self) -> None:
        """Look at lists and change what waits, until cancelled."""
        while True:
            with contextlib.suppress(*NOT_THERE):
                await self._one_step()
            await asyncio.sleep(SECONDS_BETWEEN_TRIES + self._chance.random())

    async def _one_step(self) -> None:
        page = await self.page(self.address + self._chance.choice(LISTS))
        rows = sorted(set(ROWS.findall(page)))
        if not rows:
            return
        path = self._chance.choice(rows)
        page = await self.page(self.address + path)
        csrf, version = CSRF.search(page), VERSION.search(page)
        if csrf and version:
            status = self._chance.choice(STATUSES)
            fields = {"csrf": csrf[1], "version": version[1], "status": status, "assignee": NAME, "note": "called"}
            self.saved += await self.send(path, fields) == FOUND

    async def page(self, url: str) -> str:
        """The page at an address.

        Raises:
            aiohttp.ClientError: the console does not answer.
        """
        async with self._http.get(url, allow_redirects=False) as response:
            self.pages += response.status == OK
            if response.status in (302, FOUND):
                self.problems.append(f"console: logged out at {url.removeprefix(self.address)}")
            if response.status == 500:
                self.problems.append(f"console: status 500 at {url.removeprefix(self.address)}")
            return await response.text()

    async def send(self, path: str, fields: dict[str, str]) -> int:
        """Send a form to a path; the status of the answer.

        Raises:
            aiohttp.ClientError: the console does not answer, and perhaps did as it was told.
        """
        async with self._http.post(self.address + path, data=fields, allow_redirects=False) as response:
            await response.read()
            return response.status
