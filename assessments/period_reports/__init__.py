"""The report of a stage: figures, tables and document."""
