"""What people type on the incentive floor, cleaned before any service sees it."""
