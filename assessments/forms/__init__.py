"""What people type on the assessment floor, cleaned before any service sees it."""
