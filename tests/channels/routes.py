"""`python -m tests.channels.routes MODEL` prints the bot's routes as JSON: pairs of method and path."""

import json
import sys
from pathlib import Path

from channels.assembly import assemble
from channels.http_app import make_app
from channels.serve import CREDENTIALS_FILE, create_http_input_channels
from clinic.settings import load_settings


def main(model: Path) -> None:
    app = make_app(assemble(load_settings(), model), create_http_input_channels(None, str(CREDENTIALS_FILE)))
    app.router.finalize()
    print(json.dumps([(method, f"/{route.path}") for route in app.router.routes for method in route.methods]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
