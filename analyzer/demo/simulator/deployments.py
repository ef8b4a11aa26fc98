"""What deployments and environments look like, derived from the statuses that were reported."""

from __future__ import annotations

from collections.abc import Sequence

from analyzer.demo.simulator.world import Deployment, Repository

_COMPLETED = frozenset({"SUCCESS", "FAILURE", "ERROR", "INACTIVE"})


def last_state(deployment: Deployment) -> str:
    """The state that was reported last."""
    return deployment.statuses[-1].state if deployment.statuses else "PENDING"


def state(deployment: Deployment, others: Sequence[Deployment]) -> str:
    """The state of the deployment itself: the newest success in its environment is active, older ones no more."""
    reported = last_state(deployment)
    if reported != "SUCCESS":
        return reported
    newest = [one for one in others if one.environment == deployment.environment and last_state(one) == "SUCCESS"][-1]
    return "ACTIVE" if newest.number == deployment.number else "INACTIVE"


def environments(repository: Repository) -> dict[str, Deployment | None]:
    """Environments by name, with the last deployment to each that came to an end."""
    found: dict[str, Deployment | None] = {}
    for deployment in repository.deployments:
        before = found.get(deployment.environment)
        found[deployment.environment] = deployment if last_state(deployment) in _COMPLETED else before
    return dict(sorted(found.items()))
