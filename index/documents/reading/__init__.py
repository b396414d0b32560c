"""Texts to passages: their sentences, and the markers printed in them."""
