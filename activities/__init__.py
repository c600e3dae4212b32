"""What teams do: the floor between boards and assessments. Duties say what is due from whom; records (台账) will follow."""
