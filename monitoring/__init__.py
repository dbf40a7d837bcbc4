"""What operators see of the running processes: metrics and log lines, and nothing of what visitors write."""
