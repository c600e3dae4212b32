"""Checks to come: lists and draws by lot."""
