"""Answers, passages and reports as Components V2 layouts within Discord's limits."""
