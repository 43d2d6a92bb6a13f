### English stands in the tables of the program: settings, presets, families, stages.
