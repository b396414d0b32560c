"""A question to an answer: understood, candidates, order, confidence."""
