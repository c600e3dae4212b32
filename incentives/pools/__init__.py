"""Pools of bonus: how a unit's becomes its teams', their rows and workbooks."""
