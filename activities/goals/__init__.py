"""Goals (目标): who sees and keeps one, where its figures come from, whether it is on track, trees, charts, the task board."""
