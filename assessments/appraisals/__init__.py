"""Leader appraisals: access, lists, presets, arithmetic and news."""
