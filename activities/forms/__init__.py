"""What people type on the activity floor, cleaned before any service sees it."""
