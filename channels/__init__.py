"""Talking with the world: the channels, the turn they share, the wording of replies, and the bot's process."""
