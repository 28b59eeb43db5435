"""Acts: commands that change the world, and the queries that show it."""
