"""Pages of the activity floor, one file each noun."""
