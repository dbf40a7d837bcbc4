"""How conversations are kept: the events Rasa replays, web sessions, turns and their answers, and erasure."""
