"""A loopback stand-in of Discord, and the tests that talk to it over real sockets."""
