"""Documents that follow an address: when it is looked at, and what becomes of what is found."""
