"""What is known, and how it gets in: curated files, their checks, and the load."""
