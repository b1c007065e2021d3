"""What is held about whom, how long, and how it goes: each app says so of its own tables."""
