"""Ideas (合理化建议、攻关): what can be done with one by whom, who sees it, lists and figures, the reward from above."""
