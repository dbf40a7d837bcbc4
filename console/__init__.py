"""The staff's web application: the queue, requests and messages, conversations, teaching, insights, accounts, audit."""
