"""The clinic's business, free of Rasa: settings, database, requests, messages for the staff, and the approved facts."""
