"""A GitHub on this machine: made-up people, real git, the API's limits and faults.

``with Simulator(world) as sim`` listens on ``sim.url``; ``sim.handle(request)`` answers without a socket.
"""

from analyzer.demo.simulator.api import Grant
from analyzer.demo.simulator.counts import Counts
from analyzer.demo.simulator.exchange import Request, Response
from analyzer.demo.simulator.simulator import Simulator
from analyzer.demo.simulator.world import World

__all__ = ["Counts", "Grant", "Request", "Response", "Simulator", "World"]
