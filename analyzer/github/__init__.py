"""GitHub's API: what is asked, what the answers mean (no input or output in either), and the client that asks.

``queries`` has the questions, ``records`` what comes back, ``client.Client`` asks them. The host, the token and the
store of kept answers are given from outside.
"""
