"""Understanding: the components that turn a visitor's text into a label, details and safety signals."""
