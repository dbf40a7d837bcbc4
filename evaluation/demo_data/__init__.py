"""A month of made-up conversations, played through the real channels, so that the staff console can be seen alive."""
