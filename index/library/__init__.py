"""Documents made ready to be searched: built, saved, and searched as one collection."""
