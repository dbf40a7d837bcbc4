"""`python -m tests.channels.serve_with_echo --model MODEL`: the bot with one more channel in its credentials."""

import os
import sys
from pathlib import Path

from channels import serve

if __name__ == "__main__":
    serve.CREDENTIALS_FILE = Path(os.environ["CREDENTIALS_WITH_ECHO"])
    sys.exit(serve.main())
