"""Journeys through the pages in a real browser, as people of each role make them."""
