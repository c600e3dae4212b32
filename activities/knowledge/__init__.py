"""Knowledge: words to search by, who sees which version, the library, what waits for whom, versions side by side."""
