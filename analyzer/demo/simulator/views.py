"""The world as GraphQL's objects. A view has the names of the schema; what costs work is a function."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from analyzer.demo.simulator import deployments
from analyzer.demo.simulator.connections import Asked, View, connection
from analyzer.demo.simulator.contributions import Window, years
from analyzer.demo.simulator.cost import Refusal
from analyzer.demo.simulator.world import (
    Account,
    Comment,
    Commit,
    Deployment,
    Issue,
    Kind,
    PullRequest,
    Release,
    Repository,
    Status,
    Tag,
    World,
)


class Views:
    """Views on one world at one time (seconds since 1970)."""

    def __init__(self, world: World, now: float) -> None:
        self._world = world
        self._now = datetime.fromtimestamp(now, UTC)

    def root(self, rate_limit: View) -> View:
        """What can be asked for at the top."""
        return {"user": self._user, "repository": self._named, "nodes": self._nodes, "rateLimit": rate_limit}

    def _user(self, asked: Asked) -> View:
        account = self._world.by_login.get(asked["login"].lower())
        if account is None or account.kind is not Kind.USER:
            raise Refusal("NOT_FOUND", f"Could not resolve to a User with the login of '{asked['login']}'.")
        return self._account(account)

    def _named(self, asked: Asked) -> View:
        full_name = f"{asked['owner']}/{asked['name']}"
        found = self._world.found(full_name, by_former=asked["followRenames"])
        if found is None:
            raise Refusal("NOT_FOUND", f"Could not resolve to a Repository with the name '{full_name}'.")
        return self._repository(found)

    def _nodes(self, asked: Asked) -> list[View | Refusal]:
        return [self._node(node_id) for node_id in asked["ids"]]

    def _node(self, node_id: str) -> View | Refusal:
        match self._world.by_node_id.get(node_id):
            case Repository() as repository:
                return self._repository(repository)
            case Account() as account:
                return self._account(account)
            case _:
                return Refusal("NOT_FOUND", f"Could not resolve to a node with the global id of '{node_id}'")

    # --- people ------------------------------------------------------------

    def _account(self, account: Account) -> View:
        return {
            "__typename": account.kind.value,
            "id": account.node_id,
            "databaseId": account.number,
            "login": account.login,
            "createdAt": _stamp(account.created_at),
            "contributionsCollection": lambda asked: self._contributions(account, asked),
            "repositories": lambda asked: connection(
                self._world.owned_by(account.login),
                self._repository,
                asked,
                lambda one: (one.pushed_at or one.created_at, one.number),
            ),
            "pullRequests": lambda asked: connection(
                [pair for pair in self._world.pull_requests_of(account) if _is_wanted(pair[1], asked)],
                lambda pair: self._pull_request(*pair),
                asked,
                lambda pair: (pair[1].opened_at, pair[0].number, pair[1].number),
            ),
        }

    def _actor(self, login: str) -> View | None:
        """Whoever did something; None for an account that is gone. Outsiders need no account of their own here."""
        if not login:
            return None
        kind = Kind.BOT if login.endswith("[bot]") else Kind.USER
        found = self._world.by_login.get(login.lower())
        return self._account(found) if found else {"__typename": kind.value, "id": f"{kind}_{login}", "login": login}

    def _contributions(self, account: Account, asked: Asked) -> View:
        end = _time(asked.get("to")) or self._now
        begin = _time(asked.get("from")) or end - timedelta(days=365)
        window = Window(self._world, account, begin, end)
        commits, n_restricted = window.commits(), window.n_restricted()
        return {
            "contributionYears": lambda _: years(self._world, account),
            "startedAt": _stamp(begin),
            "endedAt": _stamp(end),
            "hasAnyRestrictedContributions": n_restricted > 0,
            "restrictedContributionsCount": n_restricted,
            "totalCommitContributions": sum(n for _, n in commits),
            "totalRepositoriesWithContributedCommits": len(commits),
            "commitContributionsByRepository": lambda asked: [
                {"repository": self._repository(repository), "contributions": {"totalCount": n}}
                for repository, n in commits[: asked["maxRepositories"]]
            ],
        }

    # --- repositories ------------------------------------------------------

    def _repository(self, one: Repository) -> View:
        return {
            "__typename": "Repository",
            "id": one.node_id,
            "databaseId": one.number,
            "nameWithOwner": one.full_name,
            "url": f"{self._world.web}/{one.full_name}",
            "createdAt": _stamp(one.created_at),
            "pushedAt": _stamp(one.pushed_at),
            "diskUsage": one.disk_kb,
            "stargazerCount": one.n_stars,
            "owner": self._actor(one.owner),
            "isPrivate": one.is_private,
            "isFork": one.is_fork,
            "isTemplate": one.is_template,
            "isArchived": one.is_archived,
            "isEmpty": not one.commits,
            "isDisabled": one.is_disabled,
            "isLocked": one.is_locked,
            "isMirror": one.is_mirror,
            "parent": lambda _: self._origin(one.parent),
            "templateRepository": lambda _: self._origin(one.template),
            "defaultBranchRef": lambda _: self._branch(one),
            "primaryLanguage": {"name": max(one.languages, key=_second)[0]} if one.languages else None,
            "languages": lambda asked: _languages(one.languages, asked),
            **self._signs_of_operation(one),
            **self._conversations(one),
        }

    def _origin(self, full_name: str) -> View | None:
        found = self._world.found(full_name)
        return self._repository(found) if found else None

    def _signs_of_operation(self, one: Repository) -> View:
        return {
            "refs": lambda asked: connection(
                one.tags if asked["refPrefix"] == "refs/tags/" else (), _tag, asked, lambda tag: tag.at
            ),
            "releases": lambda asked: connection(
                one.releases, lambda release: self._release(one, release), asked, lambda release: release.created_at
            ),
            "deployments": lambda asked: connection(
                one.deployments, lambda each: self._deployment(one, each), asked, lambda each: each.at
            ),
            "environments": lambda asked: connection(
                list(deployments.environments(one).items()),
                lambda pair: {
                    "name": pair[0],
                    "latestCompletedDeployment": self._deployment(one, pair[1]) if pair[1] else None,
                },
                asked,
            ),
        }

    def _conversations(self, one: Repository) -> View:
        return {
            "issues": lambda asked: connection(
                [issue for issue in one.issues if _is_wanted(issue, asked)],
                lambda issue: self._issue(one, issue),
                asked,
                lambda issue: (issue.opened_at, issue.number),
            ),
            "pullRequests": lambda asked: connection(
                [request for request in one.pull_requests if _is_wanted(request, asked)],
                lambda request: self._pull_request(one, request),
                asked,
                lambda request: (request.opened_at, request.number),
            ),
        }

    # --- commits -----------------------------------------------------------

    def _branch(self, one: Repository) -> View | None:
        if not one.commits:
            return None
        return {"name": one.branch, "target": self._commit(one, one.commits[-1])}

    def _commit(self, one: Repository, commit: Commit) -> View:
        return {
            "__typename": "Commit",
            "oid": commit.sha,
            "committedDate": _stamp(commit.at),
            "author": lambda _: {"email": commit.email, "user": self._mapped(commit.email)},
            "history": lambda asked: connection(
                self._history(one, asked), lambda commit: self._commit(one, commit), asked
            ),
        }

    def _history(self, one: Repository, asked: Asked) -> Sequence[Commit]:
        """Commits from the newest on, of one account if it is asked for. Only heads are ever asked."""
        if not asked.get("author"):
            return one.commits[::-1]
        account = self._world.by_node_id.get(asked["author"].get("id"))
        return self._world.commits_of(account, one)[::-1] if isinstance(account, Account) else ()

    def _mapped(self, email: str) -> View | None:
        account = self._world.by_email.get(email.lower())
        return self._account(account) if account else None

    # --- what happened -----------------------------------------------------

    def _release(self, one: Repository, release: Release) -> View:
        commits = {tag.name: tag.commit for tag in one.tags}
        author = self._world.by_login.get(release.by.lower())
        return {
            "databaseId": release.number,
            "tagName": release.tag,
            "isDraft": release.published_at is None,
            "isPrerelease": release.is_prerelease,
            "createdAt": _stamp(release.created_at),
            "publishedAt": _stamp(release.published_at),
            "url": f"{self._world.web}/{one.full_name}/releases/tag/{release.tag}",
            "author": self._account(author) if author and author.kind is Kind.USER else None,
            "tagCommit": {"__typename": "Commit", "oid": commits[release.tag]} if release.tag in commits else None,
        }

    def _deployment(self, one: Repository, each: Deployment) -> View:
        return {
            "databaseId": each.number,
            "environment": each.environment,
            "latestEnvironment": each.environment,
            "task": "deploy",
            "state": deployments.state(each, one.deployments),
            "createdAt": _stamp(each.at),
            "commitOid": each.sha,
            "creator": self._actor(each.by),
            "latestStatus": _status(each.statuses[-1]) if each.statuses else None,
        }

    def _pull_request(self, one: Repository, request: PullRequest) -> View:
        return {
            "id": f"PR_{one.number}_{request.number}",
            "number": request.number,
            "title": request.title,
            "url": f"{self._world.web}/{one.full_name}/pull/{request.number}",
            "createdAt": _stamp(request.opened_at),
            "mergedAt": _stamp(request.merged_at),
            "additions": request.added,
            "deletions": request.deleted,
            "changedFiles": request.n_files,
            "authorAssociation": self._association(one, request.by),
            "mergeCommit": {"__typename": "Commit", "oid": request.merge_sha} if request.merge_sha else None,
            "mergedBy": self._actor(request.merged_by),
            "repository": lambda _: self._repository(one),
            "comments": {"totalCount": request.n_comments},
            "reviews": {"totalCount": request.n_reviews},
        }

    def _issue(self, one: Repository, issue: Issue) -> View:
        def comment(said: Comment) -> View:
            return {
                "createdAt": _stamp(said.at),
                "authorAssociation": self._association(one, said.by),
                "author": self._actor(said.by),
            }

        return {
            "number": issue.number,
            "url": f"{self._world.web}/{one.full_name}/issues/{issue.number}",
            "createdAt": _stamp(issue.opened_at),
            "closedAt": _stamp(issue.closed_at),
            "author": self._actor(issue.by),
            "comments": lambda asked: connection(issue.comments, comment, asked),
        }

    def _association(self, one: Repository, login: str) -> str:
        """What GitHub calls somebody in a repository: its owner, one who has committed to it, or nothing."""
        account = self._world.by_login.get(login.lower())
        if account is None:
            return "NONE"
        if account.login.lower() == one.owner.lower():
            return "OWNER"
        return "CONTRIBUTOR" if self._world.commits_of(account, one) else "NONE"


def _tag(tag: Tag) -> View:
    return {"name": tag.name, "target": {"__typename": "Tag" if tag.is_annotated else "Commit", "oid": tag.target}}


def _status(status: Status) -> View:
    return {"state": status.state, "createdAt": _stamp(status.at), "environmentUrl": status.url or None}


def _languages(languages: Sequence[tuple[str, int]], asked: Asked) -> View:
    view = connection(languages, lambda pair: {"size": pair[1], "node": {"name": pair[0]}}, asked, _second)
    return {**view, "edges": view["nodes"], "totalSize": sum(size for _, size in languages)}


def _second(pair: tuple[str, int]) -> int:
    return pair[1]


def _is_wanted(one: Issue | PullRequest, asked: Asked) -> bool:
    """Whether an issue or a pull request has one of the states and is as new as the arguments want."""
    filtered: Asked = asked.get("filterBy") or {}
    since = _time(filtered.get("since"))
    is_new = since is None or (isinstance(one, Issue) and one.updated_at >= since)
    return is_new and (not asked.get("states") or one.state in asked["states"])


def _stamp(time: datetime | None) -> str | None:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else None


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
