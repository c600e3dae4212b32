"""The writes of activities: one function a business verb, one file a noun."""
