"""So what: outcomes by name, spread and its sources, paired comparison of scenarios."""
