"""How good: standards, checks, findings and the monthly close."""
