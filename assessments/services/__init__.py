"""The writes of assessment: one function a business verb, one file a noun."""
