"""A page that shows every field in every state, and every part of a screen; served to tests alone."""
