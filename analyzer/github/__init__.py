"""GitHub's API: what is asked (without any input or output) and the client that asks."""
