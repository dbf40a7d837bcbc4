"""How long everything is kept: the rules, the purge, and its receipts. `python -m conversations.retention` runs it."""
