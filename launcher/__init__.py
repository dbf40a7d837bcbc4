"""Set-up and supervision: starts the assistant's processes in order, keeps them alive, and ends every one of them."""
