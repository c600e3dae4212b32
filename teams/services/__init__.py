"""The writes of the ground floor: one function a business verb, one file a noun."""
