"""Honours: programmes as data, applications, reviews, naming, and what becomes of titles and studios."""
