"""The writes of the incentive floor: one function a business verb, one file a noun."""
