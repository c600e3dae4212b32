"""Pages of the boards, one file for each noun."""
