"""The web pages: rendered on the server, in Vietnamese, with a little script of our own."""
