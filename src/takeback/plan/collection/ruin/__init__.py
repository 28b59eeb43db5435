"""The annealed search of ruin and recreate, compiled, for problems with one window a task and no stops on the way."""
