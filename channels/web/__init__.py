"""The chat on the clinic's website: JSON over HTTPS, with sessions that only the server can make."""
