"""What the assistant says and who it says it for: wordings and clinic details, their checks, and what is in force."""
