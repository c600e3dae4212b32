"""What teams do: the floor between boards and assessments. Its records (台帐) and duties are not built yet."""
