"""Where points are lost: sums, reports and the picture of a trend."""
