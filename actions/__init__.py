"""What the assistant does in a conversation: one module per capability, on top of `clinic`."""
