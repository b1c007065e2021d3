"""The demonstration review: 12 invented cases that reproduce the published figures of the review of 2022."""
