"""Party building and the reserve of leaders: who reads and keeps what, lists, figures."""
