"""The world as REST's objects, with every field that GitHub's description of a current answer demands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from analyzer.demo.simulator.world import Account, Kind, Repository, World

Json = Mapping[str, Any]

_OF_USER = """
    followers following gists{/gist_id} starred{/owner}{/repo} subscriptions orgs repos events{/privacy} received_events
""".split()  # noqa: SIM905  # one line, not nine

_OF_REPOSITORY = """
    {archive_format}{/ref} assignees{/user} git/blobs{/sha} branches{/branch} collaborators{/collaborator}
    comments{/number} commits{/sha} compare/{base}...{head} contents/{+path} contributors deployments downloads events
    forks git/commits{/sha} git/refs{/sha} git/tags{/sha} hooks issues/comments{/number} issues/events{/number}
    issues{/number} keys{/key_id} labels{/name} languages merges milestones{/number}
    notifications{?since,all,participating} pulls{/number} releases{/id} stargazers statuses/{sha} subscribers
    subscription tags teams git/trees{/sha}
""".split()  # noqa: SIM905

_OF_REPOSITORY_NAMES = """
    archive assignees blobs branches collaborators comments commits compare contents contributors deployments downloads
    events forks git_commits git_refs git_tags hooks issue_comment issue_events issues keys labels languages merges
    milestones notifications pulls releases stargazers statuses subscribers subscription tags teams trees
""".split()  # noqa: SIM905


def simple_user(account: Account, base: str, web: str) -> Json:
    """Whoever owns something."""
    url = f"{base}/users/{account.login}"
    links = {f"{part.partition('{')[0].replace('orgs', 'organizations')}_url": f"{url}/{part}" for part in _OF_USER}
    return {
        "login": account.login,
        "id": account.number,
        "node_id": account.node_id,
        "avatar_url": f"{web}/{account.login}.png",
        "gravatar_id": "",
        "url": url,
        "html_url": f"{web}/{account.login}",
        **links,
        "type": account.kind.value,
        "user_view_type": "public",
        "site_admin": False,
    }


def user(account: Account, world: World, base: str) -> Json:
    """An account by itself. What Shiptrace never reads is there and empty."""
    at = _stamp(account.created_at)
    return {
        **simple_user(account, base, world.web),
        **dict.fromkeys(("bio", "blog", "company", "email", "hireable", "location", "name")),
        "followers": 0,
        "following": 0,
        "public_gists": 0,
        "public_repos": len(world.owned_by(account.login)),
        "created_at": at,
        "updated_at": at,
    }


def repository(one: Repository, world: World, base: str) -> Json:
    """A repository as lists have it."""
    url = f"{base}/repos/{one.full_name}"
    names = zip(_OF_REPOSITORY_NAMES, _OF_REPOSITORY, strict=True)
    git = f"{base}/{one.full_name}.git"
    return {
        "id": one.number,
        "node_id": one.node_id,
        "name": one.name,
        "full_name": one.full_name,
        "owner": simple_user(owner(one, world), base, world.web),
        "private": one.is_private,
        "html_url": f"{world.web}/{one.full_name}",
        "description": None,
        "fork": one.is_fork,
        "url": url,
        **{f"{name}_url": f"{url}/{path}" for name, path in names},
        **{f"{name}_url": git for name in ("clone", "git", "ssh", "svn")},
        "mirror_url": f"{world.web}/mirrored/{one.name}" if one.is_mirror else None,
        "homepage": None,
        "language": max(one.languages, key=lambda pair: pair[1])[0] if one.languages else None,
        "license": None,
        "size": one.disk_kb,
        "default_branch": one.branch,
        "archived": one.is_archived,
        "disabled": one.is_disabled,
        "is_template": one.is_template,
        "visibility": "public",
        "created_at": _stamp(one.created_at),
        "updated_at": _stamp(one.pushed_at or one.created_at),
        "pushed_at": _stamp(one.pushed_at or one.created_at),
        "has_issues": True,
        **dict.fromkeys(("has_projects", "has_wiki", "has_pages", "has_downloads", "has_discussions"), False),
        **dict.fromkeys(("forks", "forks_count", "open_issues", "open_issues_count"), 0),
        **dict.fromkeys(("stargazers_count", "watchers", "watchers_count"), one.n_stars),
        "topics": [],
    }


def full_repository(one: Repository, world: World, base: str) -> Json:
    """A repository by itself: also where it comes from."""
    named = {"parent": one.parent, "source": one.parent, "template_repository": one.template}
    origins = {name: world.found(full_name) for name, full_name in named.items() if full_name}
    return {
        **repository(one, world, base),
        **{name: repository(found, world, base) for name, found in origins.items() if found},
        "network_count": 0,
        "subscribers_count": 0,
    }


def owner(one: Repository, world: World) -> Account:
    """The account that a repository belongs to; one made up where the world has none."""
    return world.by_login.get(one.owner.lower()) or Account(1, one.owner, one.created_at, (), Kind.ORGANIZATION)


def _stamp(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
