"""What is posted: frozen boards, audience and masking, verification. Knows nothing of scores or money."""
