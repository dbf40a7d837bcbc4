"""Text messages through Twilio: signed requests in, TwiML or queued texts out. See docs/sms.md."""
