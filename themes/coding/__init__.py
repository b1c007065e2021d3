"""What reviewers do with text: passages, the framework matrix, counts in words. Pure: imports no Django."""
