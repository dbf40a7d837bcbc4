"""Turning what a visitor typed into a value the clinic can use: names, phones, e-mail addresses, preferred times."""
