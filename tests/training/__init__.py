"""How the model of index/meaning was made: `python -m tests.training` tells its commands."""
