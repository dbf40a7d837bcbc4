"""httpx for servers of the tests' own, which speak plain HTTP.

As it comes, each of its clients and calls reads all authorities of TLS, which takes longer than the request does.
"""

import ssl
from functools import partial

import httpx

_NO_AUTHORITIES = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

Client = partial(httpx.Client, verify=_NO_AUTHORITIES)
request = partial(httpx.request, verify=_NO_AUTHORITIES)
get = partial(httpx.get, verify=_NO_AUTHORITIES)
post = partial(httpx.post, verify=_NO_AUTHORITIES)
delete = partial(httpx.delete, verify=_NO_AUTHORITIES)
options = partial(httpx.options, verify=_NO_AUTHORITIES)
